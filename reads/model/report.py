"""The original report: immutable versions, their authors, sections and numbered statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reads.model.study import PatientIdentity


class ReportStatus(StrEnum):
    """Result status (HL7 table 0123, OBR-25) as far as a second read needs it."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"

    @property
    def can_be_judged(self) -> bool:
        """Whether a second read may be bound to a version in this status."""
        return self in (ReportStatus.FINAL, ReportStatus.CORRECTED)


class AuthorRole(StrEnum):
    """In which part somebody stands behind a report (OBR-32 to OBR-35)."""

    PRINCIPAL = "principal"
    ASSISTANT = "assistant"
    TECHNICIAN = "technician"
    TRANSCRIPTIONIST = "transcriptionist"


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody behind the original report. ``identifier`` is the hospital's id of the person."""

    identifier: str
    name: str
    role: AuthorRole


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of a report. ``code`` is its LOINC code (CID 7001), empty when the sender named none."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A numbered unit of the original report that the second reader agrees or disagrees with.

    ``start`` and ``end`` are character offsets into the text of section number ``section`` (0-based).
    """

    number: int
    section: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """A report as one message brought it, before it is a version.

    Parameters
    ----------
    facility
        Sending facility (MSH-4).
    message_id
        Message control id (MSH-10); a repeat of it makes no second version.
    patient
        PID-3 with its assigning authority.
    study_uid
        Study Instance UID if the message names one (ZDS-1, IPC-3 or OBX 113014 DCM), else empty.
    accession
        Accession number (OBR-18, OBR-3 or OBR-19, by site setting).
    filler_order
        Filler order number (OBR-3).
    sections
        As sent; one section without a code when the sender named none.
    pdf
        An embedded PDF (OBX-2 ED), stored and shown, not parsed.
    """

    facility: str
    message_id: str
    patient: PatientIdentity
    study_uid: str
    accession: str
    filler_order: str
    status: ReportStatus
    authors: tuple[Author, ...]
    sections: tuple[ReportSection, ...]
    procedure: str = ""
    reported_at: datetime | None = None
    pdf: bytes | None = None


@dataclass(frozen=True, slots=True)
class OriginalReport:
    """One immutable version of the original report, keyed (facility, accession, filler order) and version.

    ``study_uid`` is empty while the report waits for its study.
    """

    report_id: str
    version: int
    facility: str
    accession: str
    filler_order: str
    patient: PatientIdentity
    study_uid: str
    status: ReportStatus
    authors: tuple[Author, ...]
    sections: tuple[ReportSection, ...]
    statements: tuple[Statement, ...]
    received_at: datetime
    reported_at: datetime | None = None
    procedure: str = ""

    def is_by(self, identifier: str) -> bool:
        """Whether the person with this hospital id stands behind the report in any role."""
        return bool(identifier) and any(a.identifier == identifier for a in self.authors)

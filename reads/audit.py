"""The audit trail: append-only entries, each chained to the one before by its digest (event names after PS3.15 A.5).

An entry's digest is the SHA-256 of its canonical JSON with the digest of the entry before it. A changed, removed, added
or moved entry breaks the chain; entries cut off at the end disagree with the kept head. Whoever keeps a head elsewhere
(it is one line) can also tell when the whole chain was written anew. Entries name objects by id, never a patient.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from reads.model.digest import canonical

FIRST = "0" * 64
"""What the first entry is chained to."""


class AuditEvent(StrEnum):
    """What happened. The part before the colon is the PS3.15 A.5.3 message, the rest says which step."""

    REPORT_RECEIVED = "Data Import: original report"
    STUDY_CHANGED = "Data Import: study"
    PATIENT_DIFFERS = "Security Alert: patient identity of a study differs"
    CASE_OPENED = "Order Record: case opened"
    CASE_CANCELLED = "Order Record: case cancelled"
    CASE_CLAIMED = "Order Record: case claimed"
    CASE_RELEASED = "Order Record: case given back"
    CASE_VIEWED = "Patient Record: case viewed"
    READ_COMMITTED = "Patient Record: independent read signed"
    REPORT_REVEALED = "Patient Record: original report revealed"
    SCORE_SIGNED = "Patient Record: comparison and score signed"
    CASE_TRIAGED = "Order Record: feedback sent"
    CASE_RETURNED = "Order Record: case returned to its reader"
    ACKNOWLEDGED = "Patient Record: acknowledged as original reader"
    LOGIN = "User Authentication: login"
    LOGOUT = "User Authentication: logout"
    PASSWORD_CHANGED = "Security Alert: password changed"  # noqa: S105 (an event, no password)
    PERSON_ADDED = "Security Alert: account added"
    PERSON_CHANGED = "Security Alert: account changed"
    EXPORTED = "Export: quality records"
    DOCUMENTS_WRITTEN = "Patient Record: documents of a comparison written"
    DOCUMENTS_FAILED = "Patient Record: documents of a comparison cannot be written"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry: who did what to which object, when, and how it ended."""

    number: int
    at: datetime
    event: str
    actor_id: int | None
    actor_name: str
    object_kind: str
    object_id: str
    outcome: str
    detail: dict[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What checking the chain found. ``broken_at`` is the number of the first entry that does not fit."""

    entries: int
    head: str
    broken_at: int | None

    @property
    def intact(self) -> bool:
        """Whether no edit was found."""
        return self.broken_at is None


def digest_of(entry: AuditEntry) -> str:
    """The digest that an entry must have."""
    content = {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "event": entry.event,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "outcome": entry.outcome,
        "detail": entry.detail,
        "previous": entry.previous,
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def verify(entries: Iterable[AuditEntry], head: tuple[int, str]) -> AuditCheck:
    """Check a chain, entries in order of their numbers, against its head (number, digest of the last entry)."""
    expected, number = FIRST, 0
    for entry in entries:
        number += 1
        if entry.number != number or entry.previous != expected or entry.digest != digest_of(entry):
            return AuditCheck(number, expected, number)
        expected = entry.digest
    broken = None if (number, expected) == head else number + 1
    return AuditCheck(number, expected, broken)

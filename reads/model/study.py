"""A study as the archive holds it: whose, of what, and how much of it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """Who the images are of: identifier and the authority that issued it (PID-3; (0010,0020) and (0010,0021)).

    People are matched on identifier and issuer alone, never on a name.
    """

    identifier: str
    issuer: str = ""
    name: str = ""
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a study; ``instances`` counts those in the archive now."""

    series_uid: str
    modality: str
    description: str = ""
    number: int | None = None
    body_part: str = ""
    instances: int = 0


@dataclass(frozen=True, slots=True)
class Study:
    """One study, as far as it has arrived.

    Parameters
    ----------
    study_uid
        Study Instance UID (0020,000D).
    patient
        Whose images these are.
    accession
        Accession Number (0008,0050), empty if the sender gave none.
    studied_on
        Study Date (0008,0020).
    description
        Study Description (0008,1030).
    series
        The series in the archive, in Series Number order.
    stable
        True once no instance has come for the archive's stable age.
    first_seen, last_seen
        When the first and the latest instance was archived (UTC).
    sender
        Calling AE title of the latest instance, if known.
    """

    study_uid: str
    patient: PatientIdentity
    accession: str = ""
    studied_on: date | None = None
    description: str = ""
    series: tuple[Series, ...] = ()
    stable: bool = False
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    sender: str = ""
    modalities: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "modalities", tuple(dict.fromkeys(s.modality for s in self.series if s.modality)))

    @property
    def instances(self) -> int:
        """How many instances of the study the archive holds."""
        return sum(s.instances for s in self.series)

    @property
    def body_part(self) -> str:
        """The first Body Part Examined (0018,0015) that a series names."""
        return next((s.body_part for s in self.series if s.body_part), "")

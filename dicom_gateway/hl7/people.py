"""Patient and authors of a report, as HL7 v2 writes people (CX, XPN, XCN, NDL)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from dicom_gateway.hl7.segments import Segment
from reads.model.errors import Invalid
from reads.model.report import Author, AuthorRole
from reads.model.study import PatientIdentity

_SEXES = frozenset({"M", "F", "O"})
_ROLES = {
    32: AuthorRole.PRINCIPAL,
    33: AuthorRole.ASSISTANT,
    34: AuthorRole.TECHNICIAN,
    35: AuthorRole.TRANSCRIPTIONIST,
}
_PREFERRED_TYPES = ("MR", "PI", "PT", "MRN", "")
"""Identifier types (PID-3.5, table 0203) by which an archive's Patient ID is usually known."""


def patient_of(pid: Segment) -> PatientIdentity:
    """Whom a report is about. Raises :class:`Invalid` if PID-3 names nobody."""
    identifiers = [r for r in pid.repetitions(3) if pid.part_of(r, 1)]
    if not identifiers:
        raise Invalid("PID-3 holds no patient identifier.", "PID-3")
    order = {kind: place for place, kind in enumerate(_PREFERRED_TYPES)}
    chosen = min(identifiers, key=lambda r: order.get(pid.part_of(r, 5).upper(), len(order)))
    sex = pid.component(8, 1).upper()[:1]
    return PatientIdentity(
        identifier=pid.part_of(chosen, 1),
        issuer=_authority(pid, chosen),
        name=_person_name(pid),
        birth_date=_day(pid.component(7, 1)),
        sex=sex if sex in _SEXES else "",
    )


def authors_of(obr: Segment, results: list[Segment]) -> tuple[Author, ...]:
    """Everybody behind a report: OBR-32 to OBR-35, and the responsible observers (OBX-16).

    An observer counts as the principal author where OBR-32 is empty, else as an assistant: nobody who stands
    behind a report may be given it to judge.
    """
    authors = [
        author
        for number, role in _ROLES.items()
        for repetition in obr.repetitions(number)
        if (author := _author(obr, repetition, role)) is not None
    ]
    has_principal = any(a.role is AuthorRole.PRINCIPAL for a in authors)
    role = AuthorRole.ASSISTANT if has_principal else AuthorRole.PRINCIPAL
    for obx in results:
        observers = (_author(obx, r, role) for r in obx.repetitions(16))
        known = {a.identifier for a in authors}
        authors += [o for o in observers if o is not None and o.identifier not in known]
    return tuple(dict.fromkeys(authors))


def moment(segment: Segment, number: int) -> datetime | None:
    """A time stamp (TS, DTM) in UTC; one without a zone is in this machine's. None if there is none or it is wrong."""
    value = segment.component(number, 1)
    zone: timezone | None = None
    for sign in "+-":
        if sign in value:
            value, _, offset = value.partition(sign)
            if len(offset) == len("HHMM") and offset.isdigit():
                minutes = int(offset[:2]) * 60 + int(offset[2:])
                zone = timezone(timedelta(minutes=minutes if sign == "+" else -minutes))
    digits = value.partition(".")[0]
    if len(digits) < len("YYYYMMDD"):
        return None
    try:
        parsed = datetime.strptime(digits.ljust(14, "0")[:14], "%Y%m%d%H%M%S")  # noqa: DTZ007  the zone comes next
        return (parsed.replace(tzinfo=zone) if zone else parsed.astimezone()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _authority(pid: Segment, identifier: str) -> str:
    """Assigning authority (CX.4, an HD): its namespace, as (0010,0021) has it, else its universal id."""
    parts = [pid.unescape(p).strip() for p in pid.subcomponents(identifier, 4)]
    return next((p for p in parts if p), "")


def _person_name(pid: Segment) -> str:
    """PID-5 (XPN: family, given, middle, suffix, prefix) in the order of DICOM's PN (PS3.5 6.2.1)."""
    family, given, middle, suffix, prefix = (pid.component(5, part) for part in range(1, 6))
    return f"{family}^{given}^{middle}^{prefix}^{suffix}".rstrip("^")


def _author(segment: Segment, repetition: str, role: AuthorRole) -> Author | None:
    """An author, written as NDL (``id&family&given^start…``) or, as many systems do, as XCN (``id^family^given``)."""
    person = segment.subcomponents(repetition, 1)
    if len(person) > 1:
        identifier, family, given = ([segment.unescape(p).strip() for p in person] + ["", ""])[:3]
    else:
        identifier, family, given = (segment.part_of(repetition, part) for part in (1, 2, 3))
        if family.isdigit():
            family = given = ""  # NDL with an id alone: what follows is a time
    name = f"{given} {family}".strip()
    return Author(identifier, name, role) if identifier or name else None


def _day(value: str) -> date | None:
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        return None

"""How numbers, dates and states are said on the pages: ISO dates, counts with words, rates with their intervals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from flask import Flask

from dicom_gateway.frames.presentable import OPINION_MODALITIES
from reads.model.case import CaseState, Source
from reads.model.codes import Side
from reads.model.discrepancy import AGREE
from reads.model.finding import Finding
from reads.model.people import Role
from viewer.web.services import now

NOTHING = "–"
SEX = {"M": "♂", "F": "♀", "O": "⚧"}
SEX_WORD = {"M": "male", "F": "female", "O": "other"}
STATES = {
    CaseState.RECEIVED: "arriving",
    CaseState.READY: "ready to read",
    CaseState.ASSIGNED: "claimed",
    CaseState.READING: "being read",
    CaseState.BLIND_COMMITTED: "read, to compare",
    CaseState.COMPARED: "read, to compare",
    CaseState.SCORED: "scored",
    CaseState.TRIAGE: "waits for the quality lead",
    CaseState.ARBITRATION: "in arbitration",
    CaseState.CONSENSUS: "consensus reached",
    CaseState.FEEDBACK: "with the original reader",
    CaseState.DISPUTED: "disputed",
    CaseState.FINALISED: "final",
    CaseState.LEARNING: "chosen for learning",
    CaseState.CLOSED_CONCORDANT: "closed, concordant",
    CaseState.CLOSED_FINAL: "closed",
    CaseState.ON_HOLD: "on hold",
    CaseState.CANCELLED: "cancelled",
}
ROLES = {
    Role.PACS_ADMIN: "PACS administrator",
    Role.SECOND_READER: "second reader",
    Role.ORIGINAL_READER: "original reader",
    Role.ARBITER: "arbiter",
    Role.QUALITY_LEAD: "quality lead",
    Role.REQUESTER: "requester",
    Role.ADMIN: "administrator",
}
SOURCES = {Source.REQUESTED: "Requested", Source.RANDOM: "Random draw", Source.TARGETED: "Targeted"}
UNITS = {"mm2": "mm²", "cm2": "cm²", "[hnsf'U]": "HU", "{pixels}": "pixels", "{pixels}2": "pixels²", "deg": "°"}


def day(value: date | datetime | None) -> str:
    """A date as ``2026-11-02``."""
    if value is None:
        return NOTHING
    return value.strftime("%Y-%m-%d")


def minute(value: datetime | None) -> str:
    """A time as ``2026-11-02 16:40`` in UTC."""
    return NOTHING if value is None else value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def due(value: datetime | None) -> str:
    """How long there is: ``in 2 d``, ``in 5 h``, ``overdue 1 d``."""
    if value is None:
        return NOTHING
    left = value - now()
    late = left < timedelta(0)
    hours = abs(left) / timedelta(hours=1)
    span = f"{round(hours / 24)} d" if hours >= 36 else f"{int(hours)} h" if hours >= 1 else "< 1 h"
    return f"overdue {span}" if late else f"in {span}"


def is_late(value: datetime | None) -> bool:
    """Whether a due date has passed."""
    return value is not None and value < now()


def patient(sex: str, age_years: int | None) -> str:
    """``♀ 61 y``: what a blind reader is told of the patient in a list."""
    age = f"{age_years} y" if age_years is not None else "age not given"
    return f"{SEX[sex]} {age}" if sex in SEX else age


def patient_words(sex: str, age_years: int | None) -> str:
    """The same for a screen reader: ``female, 61 years``."""
    age = f"{age_years} years" if age_years is not None else "age not given"
    return f"{SEX_WORD[sex]}, {age}" if sex in SEX_WORD else age


def count(number: int, one: str, many: str = "") -> str:
    """``1 case``, ``3 cases``, ``1,210 images``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(rate: float) -> str:
    """``3.1 %``."""
    return f"{rate * 100:.1f} %"


def interval(low: float, high: float) -> str:
    """``2.6 – 3.7``, in percent."""
    return f"{low * 100:.1f} – {high * 100:.1f}"


def measurement(value: float, unit: str) -> str:
    """``46 mm``, ``3.2 cm²``, ``-45 HU``."""
    text = f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"
    return f"{text} {UNITS.get(unit, unit)}"


def finding_size(finding: Finding | None) -> str:
    """All measurements of a finding with their units."""
    return ", ".join(measurement(m.value, m.unit) for m in finding.measurements) if finding else ""


def finding_place(finding: Finding | None) -> str:
    """``left lower lobe of lung``: side and site."""
    if finding is None:
        return ""
    side = "" if finding.side is Side.NONE else str(finding.side)
    where = in_sentence(finding.where.meaning) if finding.where else ""
    return where if side and side in where.lower().split() else f"{side} {where}".strip()


def in_sentence(term: str) -> str:
    """A term within a sentence: ``Mass`` as ``mass``, but ``T12 vertebra`` and ``ILD`` as they are."""
    return term[:1].lower() + term[1:] if term[1:2].islower() else term


def finding_image(finding: Finding | None) -> str:
    """``image marked`` or ``no image marked``."""
    if finding is None:
        return ""
    return "marked in the image" if finding.anchor else "no place marked in the image"


class Described(Protocol):
    """Something with a study's modalities and description: a line of any list."""

    @property
    def modalities(self) -> tuple[str, ...]:
        """As in (0008,0061)."""
        ...

    @property
    def description(self) -> str:
        """As in (0008,1030)."""
        ...


def study(value: Described) -> str:
    """``CT Chest``: modality and description, the modality not twice; a report beside the images is no modality."""
    images = [m for m in value.modalities if m not in OPINION_MODALITIES]
    modality = "/".join(images or value.modalities)
    if modality.upper() in value.description.upper().replace("-", " ").split():
        return value.description
    return f"{modality} {value.description}".strip() or "Study"


def state(value: CaseState) -> str:
    """A case state in the words of the department."""
    return STATES[value]


def score_tone(value: str, discrepancy: bool, significant: bool | None) -> str:
    """The chip of a score: calm, amber, or red when it counts as significant."""
    if not discrepancy:
        return "agree"
    return "danger" if significant else "differ"


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        day=day,
        minute=minute,
        due=due,
        late=is_late,
        percent=percent,
        size=finding_size,
        place=finding_place,
        marked=finding_image,
        state=state,
        study=study,
        role=ROLES.__getitem__,
        source=SOURCES.__getitem__,
    )
    app.jinja_env.globals.update(
        AGREE=AGREE,
        count=count,
        interval=interval,
        measurement=measurement,
        patient=patient,
        patient_words=patient_words,
        score_tone=score_tone,
    )

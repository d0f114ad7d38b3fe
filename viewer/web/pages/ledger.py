"""A discrepancy in words: what differs, what the report says, what the second read saw, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reads.model.discrepancy import Discrepancy
from reads.model.finding import Finding
from viewer.web import words
from viewer.web.pages.terms import type_label


@dataclass(frozen=True, slots=True)
class Line:
    """One discrepancy as pages show it."""

    discrepancy_id: int
    type: str
    title: str
    statement: str
    finding: Finding | None
    place: str
    size: str
    note: str
    has_picture: bool
    picture_words: str


def line(discrepancy: Discrepancy, finding: Finding | None) -> Line:
    """Put one discrepancy into words."""
    place, size = words.finding_place(finding), words.finding_size(finding)
    marked = finding is not None and finding.anchor is not None
    return Line(
        discrepancy_id=discrepancy.discrepancy_id,
        type=type_label(discrepancy.type.value),
        title=_title(discrepancy, finding, place),
        statement=discrepancy.statement_text,
        finding=finding,
        place=place,
        size=size,
        note=discrepancy.row.note,
        has_picture=marked,
        picture_words=_picture_words(finding, place, size),
    )


def lines(discrepancies: Iterable[Discrepancy], findings: Iterable[Finding]) -> tuple[Line, ...]:
    """All discrepancies of a case in words."""
    by_number = {f.number: f for f in findings}
    return tuple(line(d, by_number.get(d.row.finding) if d.row.finding is not None else None) for d in discrepancies)


def _title(discrepancy: Discrepancy, finding: Finding | None, place: str) -> str:
    """``Missed: mass, left lower lobe``."""
    kind = type_label(discrepancy.type.value)
    if finding is None:
        return kind
    what = words.in_sentence(finding.what.meaning)
    return f"{kind}: {what}" + (f", {place}" if place else "")


def _picture_words(finding: Finding | None, place: str, size: str) -> str:
    """What the picture shows, also for those who do not see it."""
    if finding is None or finding.anchor is None:
        return "No place was marked in an image."
    where = f"F{finding.number} marked in the image"
    details = ", ".join(x for x in (words.in_sentence(finding.what.meaning), place, size) if x)
    return f"{where}: {details}"

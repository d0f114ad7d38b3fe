"""The vocabularies of a second read. They are data files beside this module; here is how to ask for them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from reads.model.codes import Code
from reads.model.errors import NotFound
from reads.model.read import ImageQuality
from reads.model.scheme import Scheme, ScoreOption

LOCAL = "99SECREAD"
"""Coding scheme designator of our own codes (PS3.3 8.2: a private scheme begins with 99)."""


@dataclass(frozen=True, slots=True)
class DiscrepancyType:
    """What differs. ``key`` is the letter that chooses it."""

    code: Code
    label: str
    definition: str
    key: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it differs (after Kim and Mansfield, 2014)."""

    code: Code
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class FindingTerm:
    """A finding that a reader can name, with other words for it."""

    code: Code
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteTerm:
    """A site that a finding can be at. ``body_part`` is as in (0018,0015), empty when it is anywhere."""

    code: Code
    synonyms: tuple[str, ...]
    sided: bool
    body_part: str


@dataclass(frozen=True, slots=True)
class SectionTerm:
    """A section of a report (CID 7001). ``judged``: its sentences are statements to agree or disagree with."""

    code: str
    title: str
    judged: bool
    headings: tuple[str, ...]


@cache
def schemes() -> tuple[Scheme, ...]:
    """All scoring schemes."""
    return tuple(
        Scheme(s["key"], s["title"], tuple(_option(o) for o in s["option"])) for s in _load("schemes")["scheme"]
    )


def scheme(key: str) -> Scheme:
    """The scoring scheme of this key.

    Raises
    ------
    NotFound
        If there is none.
    """
    for known in schemes():
        if known.key == key:
            return known
    raise NotFound(f"There is no scoring scheme {key}.")


@cache
def discrepancy_types() -> tuple[DiscrepancyType, ...]:
    """What can differ, in the order of the page."""
    return tuple(
        DiscrepancyType(Code(t["code"], LOCAL, t["meaning"]), t["label"], t["definition"], t["key"])
        for t in _load("discrepancies")["types"]
    )


def discrepancy_code(value: str) -> Code:
    """The code of a discrepancy type.

    Raises
    ------
    NotFound
        If there is none.
    """
    for known in discrepancy_types():
        if known.code.value == value:
            return known.code
    raise NotFound(f"There is no discrepancy type {value}.")


@cache
def causes() -> tuple[Cause, ...]:
    """Why something may differ."""
    return tuple(
        Cause(Code(c["code"], LOCAL, c["label"]), c["label"], c["definition"]) for c in _load("discrepancies")["causes"]
    )


@cache
def finding_terms() -> tuple[FindingTerm, ...]:
    """What a reader can find."""
    return tuple(FindingTerm(_code(t["code"]), tuple(t["also"])) for t in _load("findings")["terms"])


@cache
def site_terms() -> tuple[SiteTerm, ...]:
    """Where it can be."""
    return tuple(
        SiteTerm(_code(t["code"]), tuple(t["also"]), t["sided"], t["body_part"]) for t in _load("sites")["terms"]
    )


@cache
def image_quality() -> tuple[tuple[ImageQuality, str], ...]:
    """The words for image quality."""
    return tuple((ImageQuality(q["value"]), q["label"]) for q in _load("words")["image_quality"])


@cache
def actionable() -> tuple[tuple[int, Code, str], ...]:
    """The ACR categories of actionable findings (CID 7035): category, code, label."""
    return tuple(
        (a["category"], Code(a["code"], "RADLEX", a["meaning"]), a["label"]) for a in _load("words")["actionable"]
    )


@cache
def sections() -> tuple[SectionTerm, ...]:
    """The sections of a report."""
    return tuple(
        SectionTerm(s["code"], s["title"], s["judged"], tuple(s["headings"])) for s in _load("words")["sections"]
    )


def section_titles() -> dict[str, str]:
    """The title of each section code (LOINC)."""
    return {s.code: s.title for s in sections()}


def _option(data: dict[str, Any]) -> ScoreOption:
    return ScoreOption(
        value=data["value"],
        code=Code(data["code"], LOCAL, f"Score {data['value']}: {data['label']}"),
        label=data["label"],
        definition=data["definition"],
        discrepancy=data["discrepancy"],
        significant=data.get("significant"),
        consensus=data["consensus"],
        retired=data.get("retired", False),
    )


def _code(data: list[str]) -> Code:
    scheme_designator, value, meaning = data
    return Code(value, scheme_designator, meaning)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))

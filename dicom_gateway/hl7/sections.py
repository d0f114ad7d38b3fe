"""The text of a report: OBX segments made into sections, and the PDF among them."""

from __future__ import annotations

import base64
import binascii
import re

from dicom_gateway.hl7.segments import Segment
from reads.model.errors import Invalid
from reads.model.report import ReportSection
from reads.terms import section_titles

_TEXT_TYPES = frozenset({"TX", "FT", "ST"})
_LOINC = re.compile(r"[0-9]{1,7}-[0-9]")
_SUFFIXES = {"GDT": "59776-5", "IMP": "19005-8", "REC": "18783-1"}
"""Observation id suffixes (HL7 v2 7.2.4): general description, impression, recommendation."""


def sections_of(results: list[Segment]) -> tuple[ReportSection, ...]:
    """The sections of a report in the order sent; consecutive OBX of one section are its lines."""
    runs: list[tuple[str, str, list[str]]] = []
    for obx in results:
        if obx.raw(2).strip() not in _TEXT_TYPES or study_uid_in(obx):
            continue
        code, title = _section_of(obx)
        if not runs or (code, title) != runs[-1][:2]:
            runs.append((code, title, []))
        runs[-1][2].append(obx.text(5).rstrip())
    made = (ReportSection(code, title, _tidy("\n".join(lines))) for code, title, lines in runs)
    return tuple(s for s in made if s.text)


def pdf_of(results: list[Segment]) -> bytes | None:
    """The first PDF (OBX-2 ED: source, type, subtype, encoding, data). Raises :class:`Invalid` if it is broken."""
    for obx in results:
        if obx.raw(2).strip() != "ED":
            continue
        value = obx.repetitions(5)[0]
        if obx.part_of(value, 4).upper() != "BASE64":
            continue
        try:
            # Line breaks within Base64 come as escapes.
            data = base64.b64decode("".join(obx.part_of(value, 5).split()), validate=True)
        except (binascii.Error, ValueError):
            raise Invalid("The document in OBX-5 is not valid Base64.", "OBX-5") from None
        if data.startswith(b"%PDF-"):
            return data
    return None


def study_uid_in(obx: Segment) -> str:
    """The Study Instance UID of an OBX that holds one (113014 DCM), else empty."""
    coded = obx.repetitions(3)[0]
    if obx.part_of(coded, 1) == "113014" and obx.part_of(coded, 3) in ("DCM", ""):
        return obx.component(5, 1)
    return ""


def _section_of(obx: Segment) -> tuple[str, str]:
    """Code and title of the section an OBX belongs to: LOINC, else by suffix, else whatever the sender calls it."""
    coded = obx.repetitions(3)[0]
    known = section_titles()
    for part, system in ((1, 3), (4, 6)):
        code = obx.part_of(coded, part)
        if code in known or (_LOINC.fullmatch(code) and obx.part_of(coded, system) in ("LN", "LOINC")):
            return code, known.get(code) or obx.part_of(coded, part + 1)
    for suffix in (*obx.subcomponents(coded, 1), *obx.subcomponents(coded, 2)):
        code = _SUFFIXES.get(suffix.strip().upper(), "")
        if code:
            return code, known.get(code, "")
    return "", obx.part_of(coded, 2)


def _tidy(text: str) -> str:
    """Without blank lines at either end; inside, everything as sent."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n")

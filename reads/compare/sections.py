"""An original report in sections: those that the sender coded, and those that its headings name.

Text is never dropped: what no heading names stays whole in a section without a code. Headings themselves become titles.
A closing block that says who dictated or signed becomes a section of its own, not shown to the second reader.
"""

from __future__ import annotations

import re
from functools import cache

from reads.model.report import ReportSection
from reads.terms import sections as section_terms

WHOLE = "Report"
"""Title of a text that no heading divides; its sentences are judged."""
HEADER = "Header"
"""Title of what stands before the first heading when the findings have a heading of their own; not judged."""
SIGN_OFF = "Sign-off"
"""Title of the closing block that names people; not judged, not shown to the second reader."""

FINDINGS = "59776-5"
SIGN_OFF_LINES_AT_MOST = 12

_SIGN_OFF = re.compile(
    r"^[ \t*]{0,40}(?:(?:electronically\s+)?(?:dictated|signed|transcribed|reported|interpreted|verified|approved"
    r"|authenticated|requested|read|finali[sz]ed)(?:\s+and\s+\w+)?\s+(?:electronically\s+)?by\b"
    r"|this\s+(?:document|report)\s+(?:has\s+been|was)\s+(?:electronically\s+)?signed)",
    re.IGNORECASE | re.MULTILINE,
)


def split(sections: tuple[ReportSection, ...]) -> tuple[ReportSection, ...]:
    """The sections of a report, divided further where their text has headings.

    A section that came with a code keeps it; inside it only a heading in capitals with a colon begins another.
    """
    divided: list[ReportSection] = []
    for section in sections:
        divided.extend(_divide(section))
    with_sign_off: list[ReportSection] = []
    for section in divided:
        with_sign_off.extend(_cut_sign_off(section))
    kept = tuple(s for s in with_sign_off if s.text.strip())
    has_findings = any(s.code == FINDINGS for s in kept)
    return tuple(_name(s, has_findings) for s in kept)


def is_judged(section: ReportSection) -> bool:
    """Whether the sentences of a section are statements that a second reader agrees or disagrees with.

    Findings, impression, conclusion, summary, recommendation, complications, communication and addendum are; so is any
    section that nobody named. Clinical information, technique, comparison and the like are shown and not judged.
    """
    if section.title in (HEADER, SIGN_OFF) and not section.code:
        return False
    judged = {term.code: term.judged for term in section_terms()}
    return judged.get(section.code, True)


@cache
def _headings() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, str]]]:
    by_heading = {h: (term.code, term.title) for term in section_terms() for h in term.headings}
    names = "|".join(re.escape(h).replace(r"\ ", r"[ \t]+") for h in sorted(by_heading, key=len, reverse=True))
    anyhow = rf"^[ \t*]{{0,40}}(?P<heading>{names})[ \t*]*(?::|(?=\r?$))[ \t*]*"
    capitals = rf"^[ \t*]{{0,40}}(?P<heading>{names})[ \t*]*:[ \t*]*"
    return (
        re.compile(anyhow, re.IGNORECASE | re.MULTILINE),
        re.compile(capitals, re.MULTILINE),
        by_heading,
    )


def _divide(section: ReportSection) -> list[ReportSection]:
    anyhow, capitals, by_heading = _headings()
    pattern = capitals if section.code else anyhow
    parts: list[ReportSection] = []
    begin, code, title = 0, section.code, section.title
    for match in pattern.finditer(section.text):
        if ":" not in match[0] and match["heading"][0].islower():
            continue  # the last word of a wrapped sentence, not a heading
        parts.append(ReportSection(code, title, section.text[begin : match.start()]))
        code, title = by_heading[" ".join(match["heading"].upper().split())]
        begin = match.end()
    parts.append(ReportSection(code, title, section.text[begin:]))
    return parts


def _cut_sign_off(section: ReportSection) -> list[ReportSection]:
    for match in _SIGN_OFF.finditer(section.text, _last_lines(section.text)):
        closing = section.text[match.start() :]
        if _closes(closing):
            return [
                ReportSection(section.code, section.title, section.text[: match.start()]),
                ReportSection("", SIGN_OFF, closing),
            ]
    return [section]


def _last_lines(text: str) -> int:
    """Where the last lines that hold anything begin: no closing block is longer."""
    place, lines = len(text), 0
    while place > 0 and lines < SIGN_OFF_LINES_AT_MOST:
        begin = text.rfind("\n", 0, place - 1) + 1
        lines += bool(text[begin:place].strip())
        place = begin
    return place


def _closes(text: str) -> bool:
    # A block that goes on in long lines is more report, whoever signed before it: it must not be hidden.
    lines = [line for line in text.splitlines() if line.strip() and not _SIGN_OFF.match(line)]
    return all(len(line.split()) <= 8 for line in lines)


def _name(section: ReportSection, has_findings: bool) -> ReportSection:
    if section.code or section.title == SIGN_OFF:
        return section
    return ReportSection("", HEADER if has_findings else (section.title or WHOLE), section.text)

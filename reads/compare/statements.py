"""Numbered statements: the sentences of a report's judged sections, with the place where each stands in its section.

Every character that is not a space belongs to exactly one statement. A list marker (``2.``) belongs to what follows it;
a line of dashes to what stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reads.compare.sections import is_judged
from reads.model.report import ReportSection, Statement

WRAPPED_LINE_AT_LEAST = 55
"""Characters from which a line without a full stop is taken as wrapped: the next one goes on with it."""

_END = re.compile(r"[.?!]+[\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9À-Þ])")
_MARKER = re.compile(r"\(?\d{1,2}[.)]|[A-Za-z][.)]|[-•*–]")
_MARKER_LINE = re.compile(r"[ \t]*(?:\(?\d{1,2}[.)]\s|[-•*–]\s)")
_HEADING_LINE = re.compile(r"[ \t]*[A-Z][A-Za-z /&,-]{1,40}:(?:\s|$)")
_NEVER_END = frozenset(
    "dr mr mrs ms prof doctor st vs e.g i.e eg ie approx ca cf fig figs viz incl resp tel ext al".split()
)
_TITLES = frozenset("dr mr mrs ms prof doctor by".split())
_ONLY_BEFORE_NUMBER = frozenset("no nos nr img im ser se fr".split())


def number_statements(sections: tuple[ReportSection, ...]) -> tuple[Statement, ...]:
    """The statements of a report, numbered from 1 through all its judged sections."""
    found: list[Statement] = []
    for index, section in enumerate(sections):
        if is_judged(section):
            for start, end in sentences(section.text):
                found.append(Statement(len(found) + 1, index, start, end, section.text[start:end]))
    return tuple(found)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end, outer white space left out."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for cut in [*_cuts(text), len(text)]:
        piece = text[begin:cut]
        inner = piece.strip()
        if inner:
            start = begin + piece.index(inner[0])
            _add(spans, text, start, start + len(inner))
        begin = cut
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    says_nothing = not any(c.isalnum() for c in text[start:end])
    goes_on = bool(spans) and (says_nothing or _is_only_marker(text[spans[-1][0] : spans[-1][1]]))
    if goes_on:
        spans[-1] = (spans[-1][0], end)
    else:
        spans.append((start, end))


def _is_only_marker(piece: str) -> bool:
    return bool(_MARKER.fullmatch(piece)) or not any(c.isalnum() for c in piece)


def _cuts(text: str) -> Iterator[int]:
    cuts = {m.end() for m in _END.finditer(text) if _ends_sentence(text, m)}
    cuts.update(_line_cuts(text))
    return iter(sorted(cuts))


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if text[match.start()] != ".":
        return True
    before = text[max(0, match.start() - 40) : match.start()]
    words = before.split()
    word = words[-1].lstrip("(\"'[").lower() if words and not before[-1].isspace() else ""
    following = text[match.end() : match.end() + 80].lstrip()[:1]
    if word in _NEVER_END or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return False
    if following.isdigit() and word in _ONLY_BEFORE_NUMBER:
        return False
    if re.fullmatch(r"\d{1,2}|[a-z]", word) and _begins_piece(text, match.start() - len(word)):
        return False  # the marker of a list
    is_initial = len(word) == 1 and len(words) > 1 and words[-2].rstrip(".").lower() in _TITLES
    return not is_initial


def _begins_piece(text: str, position: int) -> bool:
    before = text[max(0, position - 40) : position].rstrip(" \t")
    return not before or before[-1] in ".?!:;\n"


def _line_cuts(text: str) -> Iterator[int]:
    for match in re.finditer(r"\n", text):
        line_begin = text.rfind("\n", 0, match.start()) + 1
        line = text[line_begin : match.start()].rstrip()
        following = text[match.end() : match.end() + 80].split("\n", 1)[0]
        if _breaks(line, following):
            yield match.end()


def _breaks(line: str, following: str) -> bool:
    if not line.strip() or not following.strip():
        return True
    if _MARKER_LINE.match(following) or _HEADING_LINE.match(following):
        return True
    if line[-1] in ".?!:":
        return not (line[-1] == "." and line.rsplit(maxsplit=1)[-1].rstrip(".").lower() in _NEVER_END)
    first = following.lstrip()[0]
    goes_on = line[-1] in ",;(/" or (line[-1] == "-" and line[-2:-1].isalnum())
    return not (first.islower() or len(line) >= WRAPPED_LINE_AT_LEAST or goes_on)

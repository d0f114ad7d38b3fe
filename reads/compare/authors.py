"""Names of the authors blacked out of a report's words, letter by letter, so that every offset stays right."""

from __future__ import annotations

import re
from dataclasses import replace

from reads.compare.sections import SIGN_OFF
from reads.model.report import Author, OriginalReport, ReportSection

BLACK = "\u2588"
HIDDEN = "Who signed is not shown."

_WITH_DEGREE = r"(?-i:\b[A-Z][\w'-]*\.?(?:[ \t]+[A-Z][\w'-]*\.?){1,3},?[ \t]+M\.?D\b\.?)"
"""Whoever stands in the text as a doctor of medicine, author in the message or not."""
_NO_NAME = frozenset("md do phd prof dr mr mrs ms msc frcr facr jr sr ii iii fellow resident interpreter".split())


def without_authors(report: OriginalReport) -> OriginalReport:
    """The report with its authors' names blacked out in sections and statements, and without its sign-off.

    A name is found where it is followed by M.D., where two of its words stand together in any
    order, or one of them after a title. A single word alone is left: a surname may be a word of anatomy.
    """
    pattern = _pattern(report.authors)
    sections = tuple(_hide_section(s, pattern) for s in report.sections)
    statements = tuple(
        replace(s, text=sections[s.section].text[s.start : s.end]) if s.section < len(sections) else s
        for s in report.statements
    )
    return replace(report, authors=(), sections=sections, statements=statements)


def _hide_section(section: ReportSection, pattern: re.Pattern[str]) -> ReportSection:
    if section.title == SIGN_OFF and not section.code:
        return replace(section, text=HIDDEN)
    return replace(section, text=pattern.sub(lambda m: BLACK * len(m[0]), section.text))


def _pattern(authors: tuple[Author, ...]) -> re.Pattern[str]:
    alternatives = [_WITH_DEGREE]
    for author in authors:
        words = [w for w in re.split(r"[\s^,.&]+", author.name) if len(w) > 1 and w.lower() not in _NO_NAME]
        names = "|".join(re.escape(w) for w in dict.fromkeys(words))
        if not names:
            continue
        if len(words) > 1:
            alternatives.append(rf"\b(?:{names})\b(?:[\s,.]+\w\b\.?)?[\s,.]+(?:{names})\b")
        alternatives.append(rf"\b(?:dr|prof|doctor)\b\.?\s+(?:\w\.?\s+)?(?:{names})\b")
    return re.compile("|".join(alternatives), re.IGNORECASE)

"""Which statement of the report speaks of which finding: a proposal from words, sites and sides.

It only pairs; what the pair means is the reader's to say, so every proposed row is undecided. A statement that denies a
finding ("no pneumothorax") is paired with it, because that is where the two opinions meet.

How a pair is weighed: the finding's name or one of its other words in the sentence 4 (3 where the sentence denies it),
a main word of the name alone 2; the site 2; the same side 1, the other side -1. A pair needs the name or a main word of
it, and at least 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from reads.model.codes import Side
from reads.model.discrepancy import UNDECIDED, LedgerRow
from reads.model.finding import Finding
from reads.model.report import Statement
from reads.terms import finding_terms, site_terms

NAMED, DENIED, MAIN_WORD, SITE, SAME_SIDE, OTHER_SIDE = 4, 3, 2, 2, 1, -1
ENOUGH = 3

_DENIAL = re.compile(
    r"\b(?:no|not|without|negative for|free of|absence of|absent|denies|unremarkable|resolved|rather than|excluded?)\b"
)
_DENIAL_ENDS = re.compile(r"\b(?:but|however|although|except|apart from|other than)\b|[;]")
_TOO_COMMON = frozenset("of the in and left right lobe upper lower segment wall change disease lesion".split())


def propose(statements: tuple[Statement, ...], findings: tuple[Finding, ...]) -> tuple[LedgerRow, ...]:
    """Rows for every statement, in order, with the finding it seems to speak of, then the findings it leaves out."""
    partner = {finding.number: _partner(finding, statements) for finding in findings}
    rows: list[LedgerRow] = []
    for statement in statements:
        told = [number for number, paired in partner.items() if paired == statement.number]
        rows.extend(LedgerRow(statement.number, number, UNDECIDED) for number in told)
        if not told:
            rows.append(LedgerRow(statement.number, None, UNDECIDED))
    rows.extend(LedgerRow(None, number, UNDECIDED) for number, paired in partner.items() if paired is None)
    return tuple(rows)


def is_denied(sentence: str, phrase: str) -> bool:
    """Whether a sentence says that something is not there: a denial stands before the phrase in the same clause."""
    text, phrase = _plain(sentence), _plain(phrase)
    place = text.find(phrase)
    if place < 0:
        return False
    clause = _DENIAL_ENDS.split(text[:place])[-1]
    after = text[place + len(phrase) :][:40]
    return bool(_DENIAL.search(clause)) or bool(re.match(r"\s*(?:is|are|was|were)?\s*(?:not|absent|excluded)\b", after))


def _partner(finding: Finding, statements: Iterable[Statement]) -> int | None:
    weighed = [(_weight(finding, statement.text), -statement.number) for statement in statements]
    best = max(weighed, default=(0, 0))
    return -best[1] if best[0] >= ENOUGH else None


def _weight(finding: Finding, sentence: str) -> int:
    text = _plain(sentence)
    weight = _name_weight(finding, text)
    if weight == 0:
        return 0
    if any(_has(text, phrase) for phrase in _site_phrases(finding)):
        weight += SITE
    return weight + _side_weight(finding.side, text)


def _name_weight(finding: Finding, text: str) -> int:
    phrases = [_plain(finding.what.meaning), *_synonyms("what", finding.what.value, finding.what.scheme)]
    named = [p for p in phrases if _has(text, p)]
    if named:
        return DENIED if all(is_denied(text, p) for p in named) else NAMED
    words = {w for w in _plain(finding.what.meaning).split() if len(w) > 3} - _TOO_COMMON
    return MAIN_WORD if any(_has(text, w) for w in words) else 0


def _site_phrases(finding: Finding) -> list[str]:
    if finding.where is None:
        return []
    phrases = [_plain(finding.where.meaning), *_synonyms("where", finding.where.value, finding.where.scheme)]
    # "Upper lobe of lung" is written "upper lobe" in a report of the chest.
    return [*phrases, *(p.split(" of ")[0] for p in phrases if " of " in p)]


def _side_weight(side: Side, text: str) -> int:
    right, left = _has(text, "right"), _has(text, "left")
    both = (right and left) or _has(text, "bilateral") or _has(text, "both")
    if side not in (Side.RIGHT, Side.LEFT, Side.BILATERAL) or not (right or left or both):
        return 0
    same = both if side is Side.BILATERAL else (right if side is Side.RIGHT else left) or both
    return SAME_SIDE if same else OTHER_SIDE


@cache
def _synonyms(axis: str, value: str, scheme: str) -> tuple[str, ...]:
    terms = finding_terms() if axis == "what" else site_terms()
    return tuple(_plain(s) for t in terms if (t.code.value, t.code.scheme) == (value, scheme) for s in t.synonyms)


def _has(text: str, phrase: str) -> bool:
    return bool(re.search(rf"\b{re.escape(phrase)}(?:s|es)?\b", text))


def _plain(text: str) -> str:
    spaced = (
        re.sub(r"[-‐–/]", " ", text.lower())
        .replace("oedema", "edema")
        .replace("haem", "hem")
        .replace("tumour", "tumor")
    )
    return " ".join(spaced.split())

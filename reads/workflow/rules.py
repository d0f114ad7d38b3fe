"""When a comparison may be signed: every statement and finding judged, and a score that agrees with the rows."""

from __future__ import annotations

from reads.model.discrepancy import AGREE, GREAT_CALL, UNDECIDED, LedgerRow, Score
from reads.model.errors import Invalid
from reads.model.finding import Finding
from reads.model.report import Statement
from reads.model.scheme import Scheme, ScoreOption
from reads.terms import causes, discrepancy_types

LONGEST_TEXT = 10_000
MOST_ROWS = 2_000


def check_row_names(
    rows: tuple[LedgerRow, ...], statements: tuple[Statement, ...], findings: tuple[Finding, ...]
) -> None:
    """Raise Invalid if a row names a statement, a finding or a verdict that does not exist, or the same pair twice."""
    if len(rows) > MOST_ROWS:
        raise Invalid("There are too many rows.", "rows")
    known_statements, known_findings = {s.number for s in statements}, {f.number for f in findings}
    verdicts = {t.code.value for t in discrepancy_types()} | {AGREE, UNDECIDED}
    seen: set[tuple[int | None, int | None]] = set()
    for row in rows:
        if row.statement is None and row.finding is None:
            raise Invalid("A row needs a statement or a finding.", "rows")
        if row.statement is not None and row.statement not in known_statements:
            raise Invalid(f"There is no statement {row.statement}.", "rows")
        if row.finding is not None and row.finding not in known_findings:
            raise Invalid(f"There is no finding F{row.finding}.", "rows")
        if row.verdict not in verdicts:
            raise Invalid(f"There is no verdict {row.verdict[:16]}.", "rows")
        if len(row.note) > LONGEST_TEXT:
            raise Invalid(f"The note of {_name(row)} is too long.", "rows")
        if (row.statement, row.finding) in seen:
            raise Invalid(f"{_name(row).capitalize()} stands there twice.", "rows")
        seen.add((row.statement, row.finding))


def check_rows(rows: tuple[LedgerRow, ...], statements: tuple[Statement, ...], findings: tuple[Finding, ...]) -> None:
    """Raise Invalid unless every statement and every finding is in a row, and every row has a verdict that can be."""
    check_row_names(rows, statements, findings)
    for row in rows:
        _check_verdict(row)
    judged_statements = {r.statement for r in rows}
    judged_findings = {r.finding for r in rows}
    left = [str(s.number) for s in statements if s.number not in judged_statements]
    if left:
        raise Invalid(f"Say whether you agree: statement {', '.join(left)}.", "rows")
    left = [f"F{f.number}" for f in findings if f.number not in judged_findings]
    if left:
        raise Invalid(f"Say where it stands in the report, or that it is missed: {', '.join(left)}.", "rows")


def check_score(scheme: Scheme, score: Score, rows: tuple[LedgerRow, ...]) -> ScoreOption:
    """The option of the score; Invalid unless it agrees with the rows and holds what it must (invariant 4)."""
    option = scheme.option(score.value)
    if score.scheme != scheme.key or option is None or option.retired:
        raise Invalid(f"Choose a score of the scheme '{scheme.title}'.", "value")
    differing = sum(1 for row in rows if row.differs)
    if differing and not option.discrepancy:
        raise Invalid(
            f"Score {option.value} says that you agree, but {differing} of the rows differ. Change one or the other.",
            "value",
        )
    if not differing and option.discrepancy:
        raise Invalid(f"Score {option.value} needs at least one row that differs.", "value")
    if option.discrepancy and not score.comment.strip():
        raise Invalid(f"Score {option.value} needs a comment that the original reader can learn from.", "comment")
    if len(score.comment) > LONGEST_TEXT:
        raise Invalid("The comment is too long.", "comment")
    if score.cause and score.cause not in {c.code.value for c in causes()}:
        raise Invalid("Choose a cause of the list, or none.", "cause")
    if score.actionable not in (None, 1, 2, 3):
        raise Invalid("An actionable finding is of category 1, 2 or 3.", "actionable")
    return option


def _check_verdict(row: LedgerRow) -> None:
    if row.verdict == UNDECIDED:
        raise Invalid(f"Say whether you agree: {_name(row)}.", "rows")
    if row.statement is None and row.verdict == AGREE:
        raise Invalid(
            f"{_name(row).capitalize()} is not in the report, so you cannot agree on it. Pair it with a statement, "
            "or say what differs.",
            "rows",
        )
    if row.finding is None and row.verdict == "MISS":
        raise Invalid(f"{_name(row).capitalize()} can be missed only beside a finding of yours.", "rows")
    if row.statement is None and row.verdict not in ("MISS", GREAT_CALL) and row.verdict in _ABOUT_A_STATEMENT:
        raise Invalid(f"{_name(row).capitalize()} needs a statement for this difference. Pair them.", "rows")


_ABOUT_A_STATEMENT = frozenset({"OVER", "MISCL", "LAT", "LOC", "SEV", "CHG"})


def _name(row: LedgerRow) -> str:
    if row.statement is None:
        return f"finding F{row.finding}"
    return f"statement {row.statement}" + (f" with F{row.finding}" if row.finding is not None else "")

"""The finding ledger, the score, and the discrepancies that they record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reads.model.codes import Code
from reads.model.read import Signature

AGREE = "AGREE"
"""Verdict of a ledger row on which both opinions agree."""
GREAT_CALL = "GOOD"
"""Verdict of a ledger row that praises the original reader; not a discrepancy."""
UNDECIDED = ""
"""Verdict of a proposed row that the second reader has not judged yet; never signed."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the comparison: a statement of the report, a finding of the reader, or the two paired.

    Parameters
    ----------
    statement
        Number of the report's statement, or None when the finding is not in the report.
    finding
        Number of the reader's finding, or None.
    verdict
        ``AGREE`` or the code of a discrepancy type (``MISS``, ``OVER``, ``LAT`` …); empty while undecided.
    note
        What the reader adds, may be empty.
    """

    statement: int | None
    finding: int | None
    verdict: str
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether this row is a discrepancy. A great call is not one."""
        return self.verdict not in (AGREE, GREAT_CALL, UNDECIDED)


@dataclass(frozen=True, slots=True)
class Score:
    """How bad: a value of a scheme, with why and what to do.

    ``value`` is the scheme's own (``1``, ``2a``, ``3b``); ``cause`` a code of the cause list or empty;
    ``actionable`` the ACR category 1 to 3 or None.
    """

    scheme: str
    value: str
    comment: str = ""
    cause: str = ""
    actionable: int | None = None
    request_addendum: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The signed comparison of one blind read with one report version."""

    case_id: str
    read_id: str
    report_id: str
    rows: tuple[LedgerRow, ...]
    score: Score
    signature: Signature


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One difference, as the quality team, the original reader and the exports see it.

    ``discrepancy_id`` is numeric and holds no patient data; ``statement_text`` is the sentence of the report.
    """

    discrepancy_id: int
    case_id: str
    row: LedgerRow
    type: Code
    statement_text: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What went to the original reader, and the answer."""

    case_id: str
    original_reader_id: int | None
    sent_at: datetime
    acknowledged: Signature | None = None
    reply: str = ""

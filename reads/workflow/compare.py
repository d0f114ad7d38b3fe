"""The comparison is filled in and kept as the reader goes."""

from __future__ import annotations

from datetime import datetime

from reads.model.case import CaseState
from reads.model.discrepancy import LedgerRow, Score
from reads.model.errors import Conflict, NotFound
from reads.model.people import Person
from reads.store import Unit
from reads.store.drafts import LedgerDraft
from reads.workflow.guards import find_report, own_case
from reads.workflow.rules import check_row_names


def save_comparison(
    unit: Unit, actor: Person, case_id: str, rows: tuple[LedgerRow, ...], score: Score | None, now: datetime
) -> datetime:
    """Keep the ledger as far as it is; undecided rows are fine. Gives back when it was saved.

    Raises
    ------
    Conflict
        If the comparison is signed, or the read is not committed yet.
    Invalid
        If a row names what does not exist.
    """
    case = own_case(unit, actor, case_id)
    if case.state is not CaseState.COMPARED:
        raise Conflict("The comparison of this case cannot be changed now.")
    read = unit.reads.of_case(case_id)
    if read is None:
        raise NotFound("There is no committed read of this case.")
    check_row_names(rows, find_report(unit, case).statements, read.findings)
    unit.drafts.put_ledger(case_id, actor.user_id, LedgerDraft(rows, score), now)
    return now

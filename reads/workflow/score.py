"""The comparison and its score are signed; the case closes, or goes to the quality lead."""

from __future__ import annotations

from datetime import datetime

from reads.audit import AuditEvent
from reads.model.case import Case, CaseState
from reads.model.digest import comparison_content, digest
from reads.model.discrepancy import Comparison, LedgerRow, Score
from reads.model.errors import Conflict, NotFound
from reads.model.machine import Event, advance
from reads.model.people import Person
from reads.model.read import Meaning, Signature
from reads.store import Unit
from reads.store.drafts import LedgerDraft
from reads.terms import scheme
from reads.workflow.commit import check_key
from reads.workflow.guards import find_report, own_case
from reads.workflow.rules import check_rows, check_score

DOCUMENTS = "documents"
"""Kind of the job that makes the documents of a signed comparison."""


def score(
    unit: Unit,
    actor: Person,
    case_id: str,
    rows: tuple[LedgerRow, ...],
    score: Score,
    key: str,
    now: datetime,
) -> Comparison:
    """Sign the comparison. Without a discrepancy the case closes as concordant, else it goes to triage.

    A concordant case with an actionable finding goes to triage as well, so that somebody looks.

    Raises
    ------
    Invalid
        If something is not judged or the score does not fit the rows; ``field`` is rows, value, comment, cause or
        actionable.
    Conflict
        If the comparison is signed already, or the key belongs to another case.
    """
    check_key(key)
    case = own_case(
        unit, actor, case_id
    )  # first, for it locks the case: of two equal calls the second sees the first's
    repeated = unit.ledgers.by_key(key)
    if repeated is not None:
        signed = repeated.comparison
        if (signed.case_id, signed.signature.signer_id) != (case_id, actor.user_id):
            raise Conflict("This was already used to sign another case. Load the page again.")
        return signed
    if case.state is not CaseState.COMPARED:
        raise Conflict(f"Case {case_id} cannot be scored now: it is not being compared.")
    comparison, version, differs = _sign(unit, actor, case, rows, score, key, now)
    unit.drafts.put_ledger(case_id, actor.user_id, LedgerDraft(rows, score), now)
    case = advance(case, Event.SCORE, now)
    unit.cases.save(case, Event.SCORE, now, actor.user_id)
    onward = Event.TRIAGE if differs or score.actionable is not None else Event.CLOSE_CONCORDANT
    case = advance(case, onward, now)
    unit.cases.save(case, onward, now, actor.user_id)
    unit.outbox.add(DOCUMENTS, f"{case_id}/{version}", {"case_id": case_id, "comparison_version": version}, now)
    return comparison


def _sign(
    unit: Unit, actor: Person, case: Case, rows: tuple[LedgerRow, ...], score: Score, key: str, now: datetime
) -> tuple[Comparison, int, bool]:
    read = unit.reads.of_case(case.case_id)
    if read is None:
        raise NotFound("There is no committed read of this case.")
    report = find_report(unit, case)
    check_rows(rows, report.statements, read.findings)
    option = check_score(scheme(case.scheme), score, rows)
    content = comparison_content(case.case_id, read.signature.digest, report.report_id, rows, score)
    comparison = Comparison(
        case_id=case.case_id,
        read_id=read.read_id,
        report_id=report.report_id,
        rows=rows,
        score=score,
        signature=Signature(actor.user_id, actor.display_name, now, Meaning.COMPARISON_AND_SCORE, digest(content)),
    )
    earlier = unit.ledgers.latest(case.case_id)
    version = earlier.version + 1 if earlier else 1
    unit.ledgers.add(comparison, version, key, {s.number: s.text for s in report.statements})
    unit.audit.record(
        AuditEvent.SCORE_SIGNED,
        actor,
        "case",
        case.case_id,
        now,
        detail={"version": version, "digest": comparison.signature.digest},
    )
    return comparison, version, option.discrepancy

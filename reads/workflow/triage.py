"""The quality lead looks at a discrepancy: it goes on to the original reader, or back to the second one."""

from __future__ import annotations

from datetime import datetime

from reads.audit import AuditEvent
from reads.model.access import Permission
from reads.model.case import Case, CaseState
from reads.model.errors import Conflict, Invalid, NotAllowed
from reads.model.machine import Event, advance
from reads.model.people import Person, Role
from reads.model.report import AuthorRole, OriginalReport
from reads.store import Unit
from reads.workflow.dossier import dossier
from reads.workflow.guards import find_case, require
from reads.workflow.reading import reveal
from reads.workflow.views import Dossier, TriageItem, TriageView


def queue(unit: Unit, actor: Person) -> tuple[TriageItem, ...]:
    """The cases that wait for the quality lead, by due date. One's own reads are not among them."""
    require(actor, Permission.SEE_QUALITY)
    waiting = [c for c in unit.cases.in_states((CaseState.TRIAGE,)) if c.reader_id != actor.user_id]
    return tuple(_item(dossier(unit, case.case_id)) for case in waiting)


def triage_view(unit: Unit, actor: Person, case_id: str) -> TriageView:
    """A discrepant case with all that the decision needs.

    Raises
    ------
    NotAllowed
        If the actor read this case themselves.
    Conflict
        If its comparison is not signed.
    """
    _for_triage(unit, actor, case_id, must_wait=False)
    full = dossier(unit, case_id)
    return TriageView(
        case=full.case,
        study=full.study,
        report=reveal(full.report),
        read=full.read,
        comparison=full.comparison,
        discrepancies=full.discrepancies,
        scheme=full.scheme,
        option=full.option,
        needs_minute=full.option.consensus,
        recipient=_author_account(unit, full.report, full.case),
        candidates=_candidates(unit, full.case),
        newer_report=full.case.newer_report_id is not None,
    )


def accept(unit: Unit, actor: Person, case_id: str, recipient_id: int | None, minute: str, now: datetime) -> Case:
    """Send the case to an original reader.

    ``recipient_id`` None means the account of the report's principal author. A score that counts only after a consensus
    demands a written minute of it.

    Raises
    ------
    Invalid
        If there is no such recipient (``recipient``) or the minute is missing (``minute``).
    Conflict
        If the case does not wait for triage.
    """
    case = _for_triage(unit, actor, case_id)
    full = dossier(unit, case_id)
    if full.option.consensus and not minute.strip():
        raise Invalid(
            f"Score {full.option.value} counts only after a consensus: write the minute of who agreed on what.",
            "minute",
        )
    recipient = _recipient(unit, full, recipient_id)
    case = advance(case, Event.ACCEPT, now)
    unit.cases.save(case, Event.ACCEPT, now, actor.user_id)
    unit.feedback.add(case_id, recipient.user_id, actor.user_id, minute.strip(), now)
    unit.audit.record(AuditEvent.CASE_TRIAGED, actor, "case", case_id, now, detail={"minute": bool(minute.strip())})
    return case


def send_back(unit: Unit, actor: Person, case_id: str, reason: str, now: datetime) -> Case:
    """Ask the second reader to reconsider the comparison; the reason is kept and shown to them.

    Raises
    ------
    Invalid
        If no reason is given.
    Conflict
        If the case does not wait for triage.
    """
    case = _for_triage(unit, actor, case_id)
    if not reason.strip():
        raise Invalid("Say what the second reader should look at again.", "reason")
    case = advance(case, Event.RETURN, now)
    unit.cases.save(case, Event.RETURN, now, actor.user_id, reason.strip())
    unit.audit.record(AuditEvent.CASE_RETURNED, actor, "case", case_id, now)
    return case


def _for_triage(unit: Unit, actor: Person, case_id: str, must_wait: bool = True) -> Case:
    require(actor, Permission.SEE_QUALITY)
    case = find_case(unit, case_id)
    if case.reader_id == actor.user_id:
        raise NotAllowed("You read this case yourself; another quality lead must decide on it.")
    if must_wait and case.state is not CaseState.TRIAGE:
        raise Conflict(f"Case {case_id} does not wait for triage any more. Load the list again.")
    return case


def _item(full: Dossier) -> TriageItem:
    return TriageItem(
        case_id=full.case.case_id,
        modalities=full.study.modalities,
        description=full.study.description,
        studied_on=full.study.studied_on,
        score=full.comparison.score,
        option=full.option,
        discrepancies=len(full.discrepancies),
        scored_at=full.comparison.signature.signed_at,
        newer_report=full.case.newer_report_id is not None,
    )


def _candidates(unit: Unit, case: Case) -> tuple[Person, ...]:
    return tuple(p for p in unit.people.with_role(Role.ORIGINAL_READER) if p.user_id != case.reader_id)


def _author_account(unit: Unit, report: OriginalReport, case: Case) -> Person | None:
    ids = [a.identifier for a in report.authors if a.role is AuthorRole.PRINCIPAL and a.identifier]
    return next((p for p in _candidates(unit, case) if p.physician_id in ids), None)


def _recipient(unit: Unit, full: Dossier, recipient_id: int | None) -> Person:
    if recipient_id is None:
        author = _author_account(unit, full.report, full.case)
        if author is None:
            raise Invalid("The author of the report has no account here. Choose an original reader.", "recipient")
        return author
    chosen = next((p for p in _candidates(unit, full.case) if p.user_id == recipient_id), None)
    if chosen is None:
        raise Invalid("Choose an original reader who is not the second reader of this case.", "recipient")
    return chosen

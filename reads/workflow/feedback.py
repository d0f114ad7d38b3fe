"""The original reader learns what differed and why, and answers. They never learn who the second reader was."""

from __future__ import annotations

from datetime import datetime

from reads.audit import AuditEvent
from reads.model.access import Permission
from reads.model.case import Case, CaseState
from reads.model.digest import acknowledgement_content, digest
from reads.model.errors import Conflict, Invalid, NotFound
from reads.model.machine import Event, advance
from reads.model.people import Person
from reads.model.read import Meaning, Signature
from reads.store import Unit
from reads.store.feedback import SentFeedback
from reads.workflow.dossier import dossier
from reads.workflow.guards import find_case, require
from reads.workflow.reading import reveal
from reads.workflow.rules import LONGEST_TEXT
from reads.workflow.views import Dossier, InboxItem, InboxView


def inbox(unit: Unit, actor: Person) -> tuple[InboxItem, ...]:
    """What was sent to this original reader: unanswered first, then the newest."""
    require(actor, Permission.SEE_INBOX)
    items = [_item(dossier(unit, s.feedback.case_id), s) for s in unit.feedback.of_reader(actor.user_id)]
    return tuple(sorted(items, key=lambda item: item.acknowledged_at is not None))


def inbox_item(unit: Unit, actor: Person, case_id: str) -> InboxView:
    """One of them in full.

    Raises
    ------
    NotFound
        If it was not sent to this person.
    """
    sent = _own(unit, actor, case_id)
    full = dossier(unit, case_id)
    return InboxView(
        item=_item(full, sent),
        report=reveal(full.report),
        findings=full.read.findings,
        no_abnormality=full.read.no_abnormality,
        rows=full.comparison.rows,
        discrepancies=full.discrepancies,
        score=full.comparison.score,
        option=full.option,
        minute=sent.minute,
        reply=sent.feedback.reply,
    )


def acknowledge(unit: Unit, actor: Person, case_id: str, reply: str, now: datetime) -> Case:
    """Sign that the feedback was read, with an answer that may be empty. The case becomes final.

    Raises
    ------
    Conflict
        If it was acknowledged already.
    """
    _own(unit, actor, case_id)
    reply = reply.strip()
    if len(reply) > LONGEST_TEXT:
        raise Invalid("The answer is too long.", "reply")
    case = find_case(unit, case_id)
    if case.state is not CaseState.FEEDBACK:
        raise Conflict("This was acknowledged already.")
    content = acknowledgement_content(case_id, dossier(unit, case_id).comparison.signature.digest, reply)
    signature = Signature(actor.user_id, actor.display_name, now, Meaning.ACKNOWLEDGED, digest(content))
    if not unit.feedback.acknowledge(case_id, signature, reply):
        raise Conflict("This was acknowledged already.")
    case = advance(case, Event.ACKNOWLEDGE, now)
    unit.cases.save(case, Event.ACKNOWLEDGE, now, actor.user_id)
    unit.audit.record(AuditEvent.ACKNOWLEDGED, actor, "case", case_id, now, detail={"digest": signature.digest})
    return case


def _own(unit: Unit, actor: Person, case_id: str) -> SentFeedback:
    require(actor, Permission.SEE_INBOX)
    sent = unit.feedback.get(case_id)
    if sent is None or sent.feedback.original_reader_id != actor.user_id:
        raise NotFound("There is no such case in your inbox.")
    return sent


def _item(full: Dossier, sent: SentFeedback) -> InboxItem:
    acknowledged = sent.feedback.acknowledged
    return InboxItem(
        case_id=full.case.case_id,
        modalities=full.study.modalities,
        description=full.study.description,
        studied_on=full.study.studied_on,
        state=full.case.state,
        discrepancies=len(full.discrepancies),
        sent_at=sent.feedback.sent_at,
        acknowledged_at=acknowledged.signed_at if acknowledged else None,
    )

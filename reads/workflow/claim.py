"""A second reader takes a case, or gives it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reads.audit import AuditEvent
from reads.model.access import Permission
from reads.model.case import Case, CaseState
from reads.model.errors import Conflict, Invalid, NotFound
from reads.model.machine import Event, advance
from reads.model.people import Person
from reads.store import Unit
from reads.workflow.guards import find_case, is_own_report, own_case, require


def claim(unit: Unit, actor: Person, case_id: str, now: datetime) -> Case:
    """Take a READY case and open it, or go on with one's own, be it signed already.

    Raises
    ------
    NotFound
        If there is no such case, or the reader stands behind its report: that must not be learned here.
    Conflict
        If another reader was first, or the case cannot be read now.
    """
    require(actor, Permission.READ_CASE)
    case = find_case(unit, case_id)
    if case.reader_id == actor.user_id and case.state is not CaseState.ASSIGNED:
        return case
    if is_own_report(unit, actor, case.study_uid):
        raise NotFound("There is no such case.")
    if case.reader_id not in (None, actor.user_id):
        raise Conflict(f"Another reader has taken case {case_id} already. Choose the next one.")
    if case.state is CaseState.RECEIVED:
        raise Conflict(f"Case {case_id} is still arriving; it cannot be opened yet.")
    if case.state is CaseState.READY:
        case = replace(advance(case, Event.ASSIGN, now), reader_id=actor.user_id, claimed_at=now)
        unit.cases.save(case, Event.ASSIGN, now, actor.user_id)
    case = advance(case, Event.OPEN, now)
    unit.cases.save(case, Event.OPEN, now, actor.user_id)
    unit.audit.record(AuditEvent.CASE_CLAIMED, actor, "case", case_id, now)
    return case


def release(unit: Unit, actor: Person, case_id: str, reason: str, now: datetime) -> Case:
    """Give a case back before the read is committed. The draft is kept, and counted nowhere.

    Raises
    ------
    Invalid
        If no reason is given.
    Conflict
        If the read is committed already.
    """
    case = own_case(unit, actor, case_id)
    if not reason.strip():
        raise Invalid("Say why you give the case back.", "reason")
    event = Event.DECLINE if case.state is CaseState.ASSIGNED else Event.RELEASE
    case = advance(case, event, now)
    unit.cases.save(case, event, now, actor.user_id, reason.strip())
    unit.audit.record(AuditEvent.CASE_RELEASED, actor, "case", case_id, now)
    return case

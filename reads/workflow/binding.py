"""Which version of the original report a case is compared with, and what becomes of a case when a new version comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reads.model.case import Case, CaseState
from reads.model.machine import Event, advance, can
from reads.model.report import ReportStatus
from reads.store import Unit
from reads.store.reports import ReportSummary

BOUND = "bound"
REBOUND = "rebound"
MARKED = "marked"

_HELD_BY_A_READER = (CaseState.ASSIGNED, CaseState.READING)


def bind_case(unit: Unit, case: Case, now: datetime) -> Case:
    """The case after everything that its study's report versions and its images make possible.

    Before the reveal it is bound to the newest version that can be judged; with stable images it becomes READY. After
    the reveal the binding stays and the case is marked (report version track BOUND to SUPERSEDED).
    """
    if case.state in (CaseState.CANCELLED, CaseState.CLOSED_CONCORDANT, CaseState.CLOSED_FINAL):
        return case
    newest = newest_for(case, unit.reports.of_study(case.study_uid))
    if not case.state.is_blind:
        return _mark(unit, case, newest, now)
    case = _take_from_author(unit, case, now)
    if newest is None:
        return case
    if not newest.status.can_be_judged:
        return _mark(unit, case, newest, now) if case.report_id else case
    if case.report_id != newest.report_id:
        event = REBOUND if case.report_id else BOUND
        case = replace(case, report_id=newest.report_id, newer_report_id=None, revision=case.revision + 1)
        unit.cases.save(case, event, now, reason=f"version {newest.version}")
    study = unit.studies.get(case.study_uid)
    if study is not None and study.stable and can(case, Event.BIND):
        case = advance(case, Event.BIND, now)
        unit.cases.save(case, Event.BIND, now)
    return case


def newest_for(case: Case, versions: tuple[ReportSummary, ...]) -> ReportSummary | None:
    """The newest version that matters for a case.

    A case that is bound follows the versions of that report only; one that is not takes the newest that can be judged.
    Preliminary versions never matter.
    """
    bound = next((v for v in versions if v.report_id == case.report_id), None)
    if bound is not None:
        versions = tuple(v for v in versions if v.key == bound.key)
    matter = [v for v in versions if v.status is not ReportStatus.PRELIMINARY]
    if bound is None:
        withdrawn = {v.key for v in _last_of_each(matter) if v.status is ReportStatus.CANCELLED}
        matter = [v for v in matter if v.key not in withdrawn]
    return matter[-1] if matter else None


def _last_of_each(versions: list[ReportSummary]) -> list[ReportSummary]:
    return list({v.key: v for v in versions}.values())


def _mark(unit: Unit, case: Case, newest: ReportSummary | None, now: datetime) -> Case:
    if newest is None or newest.report_id in (case.report_id, case.newer_report_id):
        return case
    case = replace(case, newer_report_id=newest.report_id, revision=case.revision + 1)
    unit.cases.save(case, MARKED, now, reason=f"version {newest.version} came ({newest.status.value})")
    return case


def _take_from_author(unit: Unit, case: Case, now: datetime) -> Case:
    # Any version may come from the very person who is reading the case: then it is theirs no longer (invariant 1).
    if case.state not in _HELD_BY_A_READER or case.reader_id is None:
        return case
    reader = unit.people.get(case.reader_id)
    if reader is None or reader.physician_id not in unit.reports.author_ids(case.study_uid):
        return case
    event = Event.RELEASE if case.state is CaseState.READING else Event.DECLINE
    case = advance(case, event, now)
    unit.cases.save(case, event, now, reason="the reader stands behind a version of the report")
    return case

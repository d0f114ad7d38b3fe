"""The checks that every use case begins with: may this person do this, and is this case theirs."""

from __future__ import annotations

from reads.model.access import Permission, permits
from reads.model.case import Case
from reads.model.errors import NotAllowed, NotFound
from reads.model.people import Person
from reads.model.report import OriginalReport
from reads.model.study import Study
from reads.store import Unit


def require(actor: Person, permission: Permission) -> None:
    """Let the person go on, or raise NotAllowed."""
    if not permits(actor, permission):
        raise NotAllowed("Your account does not permit this.")


def find_case(unit: Unit, case_id: str) -> Case:
    """The case of this id, or NotFound."""
    case = unit.cases.get(case_id)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def own_case(unit: Unit, actor: Person, case_id: str) -> Case:
    """A case that this person reads or has read. Somebody else's case is not told from one that does not exist."""
    require(actor, Permission.READ_CASE)
    case = find_case(unit, case_id)
    if case.reader_id != actor.user_id:
        raise NotFound("There is no such case among yours.")
    return case


def is_own_report(unit: Unit, actor: Person, study_uid: str) -> bool:
    """Whether the person stands behind any version of the study's report, in any role (invariant 1)."""
    return bool(actor.physician_id) and actor.physician_id in unit.reports.author_ids(study_uid)


def find_study(unit: Unit, case: Case) -> Study:
    """The study of a case."""
    study = unit.studies.get(case.study_uid)
    if study is None:
        raise NotFound("The study of this case is not known.")
    return study


def find_report(unit: Unit, case: Case) -> OriginalReport:
    """The version of the report that a case is bound to."""
    report = unit.reports.get(case.report_id) if case.report_id else None
    if report is None:
        raise NotFound("There is no report for this case.")
    return report

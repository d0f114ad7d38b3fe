"""What a second reader may open next: their own cases first, then what is ready, by due date."""

from __future__ import annotations

from datetime import date, datetime

from reads.model.access import Permission
from reads.model.case import Case, CaseState
from reads.model.people import Person
from reads.model.study import Study
from reads.store import Unit
from reads.workflow.guards import require
from reads.workflow.intake import is_newer
from reads.workflow.views import WorklistItem

MINE = (CaseState.ASSIGNED, CaseState.READING, CaseState.COMPARED)
"""States in which a case waits for its second reader."""


def worklist(unit: Unit, actor: Person, now: datetime) -> tuple[WorklistItem, ...]:
    """The cases that wait for this reader, then those that wait for any, then those that are still arriving.

    Never a case whose report the reader stands behind (invariant 1), never an author, never a word of a report.
    """
    require(actor, Permission.READ_CASE)
    items = []
    for case in _in_order(unit, actor):
        study = unit.studies.get(case.study_uid)
        if study is not None:
            items.append(_item(unit, actor, case, study))
    return tuple(items)


def next_case(unit: Unit, actor: Person, after: str | None) -> str | None:
    """The case to open after this one: the following one of the list that can be opened, else the first, else None."""
    openable = openable_ids(unit, actor)
    if after in openable:
        following = openable[openable.index(after) + 1 :] + openable[: openable.index(after)]
        return following[0] if following else None
    return openable[0] if openable else None


def openable_ids(unit: Unit, actor: Person) -> tuple[str, ...]:
    """The cases that this reader can open, in the order of the list."""
    return tuple(c.case_id for c in _in_order(unit, actor) if c.state is not CaseState.RECEIVED)


def priors_of(unit: Unit, study: Study) -> tuple[Study, ...]:
    """The older studies of the same patient, newest first."""
    family = unit.studies.of_patient(study.patient.identifier, study.patient.issuer)
    return tuple(other for other in family if is_newer(study, other))


def age_years(born: date | None, on: date | None) -> int | None:
    """Whole years between two days, None when one is unknown or the order is impossible."""
    if born is None or on is None or on < born:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _in_order(unit: Unit, actor: Person) -> list[Case]:
    mine = [c for c in unit.cases.of_reader(actor.user_id) if c.state in MINE]
    open_to_all = unit.cases.in_states((CaseState.READY, CaseState.RECEIVED))
    own_reports = unit.reports.studies_by_author(actor.physician_id)
    offered = [c for c in open_to_all if c.study_uid not in own_reports]
    ready = [c for c in offered if c.state is CaseState.READY]
    arriving = [c for c in offered if c.state is CaseState.RECEIVED]
    return [*mine, *ready, *arriving]


def _item(unit: Unit, actor: Person, case: Case, study: Study) -> WorklistItem:
    return WorklistItem(
        case_id=case.case_id,
        state=case.state,
        modalities=study.modalities,
        description=study.description,
        studied_on=study.studied_on,
        sex=study.patient.sex,
        age_years=age_years(study.patient.birth_date, study.studied_on),
        body_part=study.body_part,
        images=study.instances,
        report_arrived=case.report_id is not None,
        has_priors=bool(priors_of(unit, study)),
        due_at=case.due_at,
        mine=case.reader_id == actor.user_id,
        can_open=case.state is not CaseState.RECEIVED,
    )

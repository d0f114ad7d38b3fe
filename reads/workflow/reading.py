"""A case as its second reader may see it: images first, the original report only after the commit."""

from __future__ import annotations

from datetime import datetime

from reads.audit import AuditEvent
from reads.compare.authors import without_authors
from reads.model.access import Permission
from reads.model.case import Case, CaseState
from reads.model.errors import NotFound
from reads.model.machine import Event
from reads.model.people import Person
from reads.model.read import Draft
from reads.model.report import OriginalReport
from reads.store import Unit
from reads.terms import scheme
from reads.workflow.guards import find_report, find_study, own_case, require
from reads.workflow.views import Position, ReadingView, RevealedReport, Step
from reads.workflow.worklist import age_years, next_case, openable_ids, priors_of

_STEPS = {CaseState.ASSIGNED: Step.READ, CaseState.READING: Step.READ, CaseState.COMPARED: Step.COMPARE}


def reading_view(unit: Unit, actor: Person, case_id: str, now: datetime) -> ReadingView:
    """What the second reader's page shows. Works in a read-only unit; a writing one also records the look in the audit.

    Raises
    ------
    NotFound
        If the case is not this reader's.
    """
    case = own_case(unit, actor, case_id)
    study = find_study(unit, case)
    draft = unit.drafts.get(case_id, actor.user_id) or Draft()
    revealed = not case.state.is_blind
    signed = unit.ledgers.latest(case_id) if revealed else None
    working = unit.drafts.ledger(case_id, actor.user_id) if revealed else None
    comparing = case.state is CaseState.COMPARED
    if unit.writing:
        unit.audit.record(AuditEvent.CASE_VIEWED, actor, "case", case_id, now)
    rows, score = (working.rows, working.score) if working else ((), None)
    if signed is not None and not comparing:
        rows, score = signed.comparison.rows, signed.comparison.score
    openable = openable_ids(unit, actor)
    return ReadingView(
        case=case,
        step=_STEPS.get(case.state, Step.DONE),
        study=study,
        priors=priors_of(unit, study),
        scheme=scheme(case.scheme),
        draft=draft,
        read=unit.reads.of_case(case_id) if revealed else None,
        report=reveal(find_report(unit, case)) if revealed else None,
        rows=rows,
        score=score,
        comparison=signed.comparison if signed and not comparing else None,
        newer_report=revealed and case.newer_report_id is not None,
        returned_because=_why_returned(unit, case) if comparing else "",
        position=Position(openable.index(case_id) + 1, len(openable)) if case_id in openable else None,
        next_case_id=next_case(unit, actor, case_id),
        age_years=age_years(study.patient.birth_date, study.studied_on),
        signer_name=actor.display_name,
    )


def reveal(report: OriginalReport) -> RevealedReport:
    """A report as it may be shown: without its authors."""
    shown = without_authors(report)
    return RevealedReport(
        status=shown.status,
        version=shown.version,
        reported_at=shown.reported_at,
        received_at=shown.received_at,
        sections=shown.sections,
        statements=shown.statements,
    )


def readable_studies(unit: Unit, actor: Person) -> frozenset[str]:
    """The studies whose images this person may see: those of their own cases, and their priors."""
    require(actor, Permission.READ_CASE)
    found: set[str] = set()
    for case in unit.cases.of_reader(actor.user_id):
        study = unit.studies.get(case.study_uid)
        if study is not None:
            found.add(study.study_uid)
            found.update(prior.study_uid for prior in priors_of(unit, study))
    return frozenset(found)


def check_study(unit: Unit, actor: Person, study_uid: str) -> None:
    """Raise NotFound unless this person may see the images of the study."""
    require(actor, Permission.READ_CASE)
    if any(c.reader_id == actor.user_id for c in unit.cases.of_study(study_uid)):
        return
    study = unit.studies.get(study_uid)
    if study is not None:
        family = unit.studies.of_patient(study.patient.identifier, study.patient.issuer)
        for newer in family:
            own = any(c.reader_id == actor.user_id for c in unit.cases.of_study(newer.study_uid))
            if own and any(prior.study_uid == study_uid for prior in priors_of(unit, newer)):
                return
    raise NotFound("There is no such study.")


def _why_returned(unit: Unit, case: Case) -> str:
    returns = [e.reason for e in unit.cases.history(case.case_id) if e.event == Event.RETURN]
    return returns[-1] if returns else ""

"""Everything about one compared case in one value: what documents are made from."""

from __future__ import annotations

from reads.model.errors import Conflict
from reads.store import Unit
from reads.terms import discrepancy_code, scheme
from reads.workflow.guards import find_case, find_report, find_study
from reads.workflow.views import Dossier
from reads.workflow.worklist import priors_of


def dossier(unit: Unit, case_id: str) -> Dossier:
    """The dossier of a case with its latest signed comparison. For jobs, not for pages: it names the authors.

    Raises
    ------
    NotFound
        If there is no such case.
    Conflict
        If its comparison is not signed.
    """
    case = find_case(unit, case_id)
    signed = unit.ledgers.latest(case_id)
    read = unit.reads.of_case(case_id)
    if signed is None or read is None:
        raise Conflict(f"Case {case_id} has no signed comparison yet.")
    study = find_study(unit, case)
    score_scheme = scheme(signed.comparison.score.scheme)
    option = score_scheme.option(signed.comparison.score.value)
    if option is None:
        raise Conflict(f"The scheme {score_scheme.key} has lost the score of case {case_id}.")
    sent = unit.feedback.get(case_id)
    report = unit.reports.get(signed.comparison.report_id) or find_report(unit, case)
    return Dossier(
        case=case,
        study=study,
        priors=priors_of(unit, study),
        report=report,
        read=read,
        comparison=signed.comparison,
        comparison_version=signed.version,
        discrepancies=unit.ledgers.discrepancies(case_id, discrepancy_code),
        scheme=score_scheme,
        option=option,
        feedback=sent.feedback if sent else None,
    )

"""One discrepancy, and one case with all of its discrepancies: picture, both opinions, judgement, papers, decision."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from reads.model.access import Permission
from reads.model.case import CaseState
from reads.model.errors import NotFound
from reads.store.database import Unit
from reads.workflow import quality, triage
from reads.workflow.guards import find_case
from viewer.web import sessions
from viewer.web.case_ids import known
from viewer.web.pages import picture as pictures
from viewer.web.pages.downloads import papers
from viewer.web.pages.history import history
from viewer.web.pages.ledger import line, lines
from viewer.web.pages.terms import actionable_label, cause_label
from viewer.web.permissions import needs
from viewer.web.services import services

blueprint = Blueprint("discrepancies", __name__)


@blueprint.get("/quality/discrepancies/<int:discrepancy_id>")
@needs(Permission.SEE_QUALITY)
def discrepancy(discrepancy_id: int) -> str:
    """One discrepancy."""
    actor = sessions.signed_in()
    with services().store.unit(write=False) as unit:
        view = quality.discrepancy(unit, actor, discrepancy_id)
        case = find_case(unit, view.case_id)
        waits = case.state is CaseState.TRIAGE and case.reader_id != actor.user_id
        return render_template(
            "discrepancy.html",
            head=line(view.discrepancy, view.finding),
            lines=(line(view.discrepancy, view.finding),),
            study=view,
            case=case,
            score=view.score,
            option=view.option,
            signed_at=view.signed_at,
            decision=triage.triage_view(unit, actor, case.case_id) if waits else None,
            **_judgement(unit, view.case_id, view.score.cause, view.score.actionable),
        )


@blueprint.get("/quality/cases/<case_id>")
@needs(Permission.SEE_QUALITY)
def case(case_id: str) -> str:
    """One signed case with all of its discrepancies."""
    with services().store.unit(write=False) as unit:
        if unit.ledgers.latest(known(case_id)) is None:
            raise NotFound("There is no such case here.")
        view = triage.triage_view(unit, sessions.signed_in(), known(case_id))
        found = lines(view.discrepancies, view.read.findings)
        score = view.comparison.score
        return render_template(
            "discrepancy.html",
            head=found[0] if len(found) == 1 else None,
            lines=found,
            study=view.study,
            case=view.case,
            score=score,
            option=view.option,
            signed_at=view.comparison.signature.signed_at,
            decision=view if view.case.state is CaseState.TRIAGE else None,
            **_judgement(unit, view.case.case_id, score.cause, score.actionable),
        )


@blueprint.get("/quality/discrepancies/<int:discrepancy_id>/picture.png")
@needs(Permission.SEE_QUALITY)
def picture(discrepancy_id: int) -> Response:
    """The image of one discrepancy with its annotation."""
    with services().store.unit(write=False) as unit:
        view = quality.discrepancy(unit, sessions.signed_in(), discrepancy_id)
    return pictures.picture(view.case_id, view.finding)


def _judgement(unit: Unit, case_id: str, cause: str, actionable: int | None) -> dict[str, object]:
    """What both pages say of the case as a whole."""
    sent = unit.feedback.get(case_id)
    return {
        "cause": cause_label(cause),
        "actionable": actionable_label(actionable),
        "minute": sent.minute if sent else "",
        "reply": sent.feedback.reply if sent else "",
        "papers": papers(unit, case_id),
        "history": history(unit, case_id),
    }

"""The original reader's inbox: what a second look saw, privately, without saying whose look it was."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from reads.model.access import Permission
from reads.model.errors import NotFound
from reads.workflow import feedback
from viewer.web import sessions
from viewer.web.case_ids import known
from viewer.web.pages import picture as pictures
from viewer.web.pages.ledger import lines
from viewer.web.pages.terms import cause_label
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
@needs(Permission.SEE_INBOX)
def page() -> str:
    """The list, those to answer first."""
    with services().store.unit(write=False) as unit:
        items = feedback.inbox(unit, sessions.signed_in())
    return render_template("inbox.html", items=items)


@blueprint.get("/inbox/<case_id>")
@needs(Permission.SEE_INBOX)
def item(case_id: str) -> str:
    """One case: the picture, the sentence of the report, what the second read saw."""
    with services().store.unit(write=False) as unit:
        view = feedback.inbox_item(unit, sessions.signed_in(), known(case_id))
    found = lines(view.discrepancies, view.findings)
    return render_template("inbox_item.html", view=view, lines=found, cause=cause_label(view.score.cause))


@blueprint.post("/inbox/<case_id>")
@needs(Permission.SEE_INBOX)
def acknowledge(case_id: str) -> Redirect:
    """Sign as seen, with an answer if there is one."""
    with services().store.unit() as unit:
        feedback.acknowledge(unit, sessions.signed_in(), known(case_id), request.form.get("reply", "").strip(), now())
    return redirect(url_for("inbox.item", case_id=known(case_id)), code=303)


@blueprint.get("/inbox/<case_id>/discrepancies/<int:discrepancy_id>/picture.png")
@needs(Permission.SEE_INBOX)
def picture(case_id: str, discrepancy_id: int) -> Response:
    """The image of one discrepancy with its annotation."""
    with services().store.unit(write=False) as unit:
        view = feedback.inbox_item(unit, sessions.signed_in(), known(case_id))
    for line in lines(view.discrepancies, view.findings):
        if line.discrepancy_id == discrepancy_id:
            return pictures.picture(known(case_id), line.finding)
    raise NotFound("There is no such discrepancy.")

"""What comes in: studies as they arrive, and reports that wait for their study. No word of a report, no author."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from reads.model.access import Permission
from reads.workflow.arrivals import arrivals
from reads.workflow.views import Arrivals
from viewer.web import sessions
from viewer.web.pages import polling
from viewer.web.permissions import needs
from viewer.web.services import services

blueprint = Blueprint("arrivals", __name__)


@blueprint.get("/arrivals")
@needs(Permission.SEE_ARRIVALS)
def page() -> str:
    """The whole page."""
    found = _arrivals()
    return render_template("arrivals.html", arrivals=found, version=polling.version_of(found))


@blueprint.get("/arrivals/rows")
@needs(Permission.SEE_ARRIVALS, counts_as_use=False)
def rows() -> Response:
    """Only the lists; 204 when nothing has changed since ``version``."""
    found = _arrivals()
    return polling.rows("arrivals_rows.html", polling.version_of(found), arrivals=found)


def _arrivals() -> Arrivals:
    with services().store.unit(write=False) as unit:
        return arrivals(unit, sessions.signed_in())

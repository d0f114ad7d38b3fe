"""The shell of the reading room; the room itself is the built front end over the API."""

from __future__ import annotations

from flask import Blueprint, render_template

from reads.model.access import Permission
from viewer.web.case_ids import known
from viewer.web.permissions import needs

blueprint = Blueprint("reading", __name__)


@blueprint.get("/cases/<case_id>")
@needs(Permission.READ_CASE)
def page(case_id: str) -> str:
    """The empty room. Who may open this case, and what of it they may see, is decided by the API that fills it."""
    return render_template("reading.html", case_id=known(case_id))

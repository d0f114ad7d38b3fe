"""The page on which people change their own password."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from reads.model.access import Permission
from reads.model.errors import DomainError
from reads.workflow import people
from viewer.web import sessions
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("password", __name__)


@blueprint.get("/password")
@needs(Permission.SIGNED_IN)
def page() -> str:
    """The form."""
    return render_template("password.html", message="", changed=False)


@blueprint.post("/password")
@needs(Permission.SIGNED_IN)
def change() -> Response:
    """Change it. All sessions of the person end, and this browser gets a new one."""
    person = sessions.signed_in()
    current, new = request.form.get("current", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _again("The two new passwords differ. Enter the same twice.")
    try:
        people.change_password(services().store, person, current, new, now())
    except DomainError as refused:
        return _again(refused.message)
    sessions.begin(person)
    return make_response(render_template("password.html", message="", changed=True))


def _again(message: str) -> Response:
    return make_response(render_template("password.html", message=message, changed=False), 422)

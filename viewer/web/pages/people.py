"""Accounts: who may do what, and new ones with a one-time password."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from reads.model.access import Permission
from reads.model.errors import DomainError, Invalid
from reads.model.people import Person, Role
from reads.workflow import people
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@needs(Permission.MANAGE_PEOPLE)
def page() -> Response:
    """Everybody, and the form for one more."""
    return _page()


@blueprint.post("/people")
@needs(Permission.MANAGE_PEOPLE)
def add() -> Response:
    """Add somebody. The one-time password is shown in this answer and never again."""
    form = request.form
    try:
        roles = frozenset(Role(value) for value in form.getlist("roles"))
    except ValueError:
        raise Invalid("There is no such role.", "roles") from None
    try:
        with services().store.unit() as unit:
            added, password = people.add_person(
                unit,
                username=form.get("username", "").strip(),
                roles=roles,
                display_name=form.get("display_name", "").strip(),
                physician_id=form.get("physician_id", "").strip(),
                now=now(),
            )
    except DomainError as refused:
        return _page(message=refused.message, status=422)
    return _page(added=added, password=password)


def _page(added: Person | None = None, password: str = "", message: str = "", status: int = 200) -> Response:
    with services().store.unit(write=False) as unit:
        everybody = unit.people.all()
    entered = request.form if message else {}
    page = render_template(
        "people.html",
        everybody=everybody,
        roles=tuple(Role),
        added=added,
        password=password,
        message=message,
        entered=entered,
        entered_roles=request.form.getlist("roles") if message else [],
    )
    return make_response(page, status)

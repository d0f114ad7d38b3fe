"""The log-in page, signing out, and the front door that leads each person to their first page."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from reads.model.access import Permission
from reads.model.errors import DomainError
from viewer.web import navigation, sessions
from viewer.web.auth.sign_in import sign_in
from viewer.web.permissions import needs

blueprint = Blueprint("auth", __name__)


@blueprint.get("/")
@needs(Permission.SIGNED_IN)
def front_door() -> Redirect:
    """Everybody's first page."""
    return redirect(url_for(navigation.home(sessions.signed_in())))


@blueprint.get("/login")
@needs(Permission.PUBLIC)
def login() -> Response | Redirect:
    """The form. Somebody who is signed in already goes on."""
    person = sessions.current_person()
    if person is not None:
        return redirect(_onward(request.args.get("next", "")) or url_for(navigation.home(person)))
    return _form(request.args.get("next", ""))


@blueprint.post("/login")
@needs(Permission.PUBLIC)
def login_form() -> Response | Redirect:
    """Sign in and go on to the page that was asked for."""
    username, onward = request.form.get("username", ""), request.form.get("next", "")
    try:
        session = sign_in(username, request.form.get("password", ""))
    except DomainError as refused:
        return _form(onward, username=username, message=refused.message, status=403)
    return redirect(_onward(onward) or url_for(navigation.home(session.person)), code=303)


@blueprint.post("/logout")
@needs(Permission.SIGNED_IN)
def logout() -> Redirect:
    """End the session on the server and in the browser."""
    sessions.end()
    return redirect(url_for("auth.login"), code=303)


def _form(onward: str, username: str = "", message: str = "", status: int = 200) -> Response:
    page = render_template("login.html", next=_onward(onward), username=username, message=message)
    return make_response(page, status)


def _onward(path: str) -> str:
    """A page of our own to go on to, or nothing: never an address of another site."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and all(c.isprintable() for c in path)
    return path if own and "\\" not in path else ""

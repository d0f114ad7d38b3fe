"""Signing in and out by a program."""

from __future__ import annotations

from flask import Blueprint
from pydantic import Field

from reads.model.access import Permission
from viewer.web import csrf, sessions
from viewer.web.api.operation import Answer, Body, operation
from viewer.web.auth.sign_in import sign_in as prove
from viewer.web.errors import NotSignedIn
from viewer.web.permissions import needs

blueprint = Blueprint("api_session", __name__)


class Credentials(Body):
    """Who one is."""

    username: str = Field(max_length=200)
    password: str = Field(max_length=1000)


class User(Answer):
    """Who is signed in."""

    username: str
    display_name: str
    roles: tuple[str, ...]


class SessionAnswer(Answer):
    """The session: send ``csrf_token`` as ``X-CSRF-Token`` with every unsafe request."""

    csrf_token: str
    user: User


@blueprint.post("/session")
@needs(Permission.PUBLIC)
@csrf.json_needs_no_token
@operation(SessionAnswer, body=Credentials)
def sign_in(body: Credentials) -> SessionAnswer:
    """Sign in; the answer sets the session cookie."""
    return _answer(prove(body.username, body.password))


@blueprint.get("/session")
@needs(Permission.SIGNED_IN)
@operation(SessionAnswer)
def show() -> SessionAnswer:
    """Who is signed in."""
    session = sessions.current()
    if session is None:
        raise NotSignedIn()
    return _answer(session)


@blueprint.delete("/session")
@needs(Permission.SIGNED_IN)
@operation(None)
def sign_out() -> None:
    """Sign out: the session ends on the server."""
    sessions.end()


def _answer(session: sessions.Session) -> SessionAnswer:
    person = session.person
    user = User(username=person.username, display_name=person.display_name, roles=tuple(sorted(person.roles)))
    return SessionAnswer(csrf_token=csrf.token_for(session.token), user=user)

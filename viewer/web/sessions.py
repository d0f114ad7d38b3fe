"""Server-side sessions: a random secret in a cookie, its SHA-256 in the database, revoked there.

Session rows instead of Flask's signed cookie, because that cannot be revoked; and instead of Flask-Login, which would
only add a second notion of the current user on top of the row.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import Flask, Response, g, request

from reads.model.people import Person
from viewer.web import csrf
from viewer.web.services import config, now, services

COOKIE = "secondread_session"
SECRET_BYTES = 32
TOUCH_EVERY = timedelta(seconds=20)
"""The row's time of last use is written at most this often, so that reading images does not write all the time."""


@dataclass(frozen=True, slots=True)
class Session:
    """A live session: who, and the secret that the browser holds."""

    person: Person
    token: str


def digest(token: str) -> str:
    """What the database knows of a session's secret."""
    return sha256(token.encode()).hexdigest()


def current() -> Session | None:
    """The session of this request, or None when there is none or it has ended."""
    if "session" not in g:
        g.session = _load(request.cookies.get(COOKIE, ""))
    session: Session | None = g.session
    return session


def current_person(*, counts_as_use: bool = False) -> Person | None:
    """Who is signed in. ``counts_as_use`` puts off the idle limit."""
    session = current()
    if session is None:
        return None
    if counts_as_use and now() - g.session_seen_at >= TOUCH_EVERY:
        with services().store.unit() as unit:
            unit.sessions.touch(digest(session.token), now())
        g.session_seen_at = now()
    return session.person


def signed_in() -> Person:
    """Who is signed in, in a view that declared a permission other than PUBLIC."""
    session = current()
    if session is None:
        raise RuntimeError("a view asked for the person without declaring a permission")
    return session.person


def begin(person: Person) -> Session:
    """Start a session for somebody who has just proved who they are. An older one of this browser ends (rotation)."""
    end()
    session = Session(person, secrets.token_urlsafe(SECRET_BYTES))
    with services().store.unit() as unit:
        unit.sessions.add(digest(session.token), person.user_id, csrf.token_for(session.token), now())
    g.session, g.session_seen_at, g.set_session_cookie = session, now(), session.token
    return session


def end() -> None:
    """End the session of this browser, on the server and in the browser."""
    token = request.cookies.get(COOKIE, "")
    if token:
        with services().store.unit() as unit:
            unit.sessions.revoke(digest(token), now())
    g.session, g.set_session_cookie = None, ""


def install(app: Flask) -> None:
    """Write or remove the cookie when a view began or ended a session."""

    @app.after_request
    def cookie(response: Response) -> Response:
        token = g.get("set_session_cookie")
        if token:
            response.set_cookie(
                COOKIE,
                token,
                max_age=int(config().longest.total_seconds()),
                httponly=True,
                samesite="Lax",
                secure=config().https,
                path="/",
            )
        elif token is not None:
            response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=config().https)
        return response


def _load(token: str) -> Session | None:
    if not token:
        return None
    with services().store.unit(write=False) as unit:
        row = unit.sessions.get(digest(token))
        person = unit.people.get(row.user_id) if row else None
    if row is None or person is None or not person.active or row.revoked_at is not None:
        return None
    moment = now()
    if moment - row.last_seen_at > config().idle or moment - row.created_at > config().longest:
        with services().store.unit() as unit:
            unit.sessions.revoke(row.token_hash, moment)
        return None
    g.session_seen_at = row.last_seen_at
    return Session(person, token)

"""Cross-site request forgery: an unsafe request must prove that it comes from one of our own pages.

Own and small instead of Flask-WTF, because the token is bound to the server-side session (it is derived from the
session's secret and needs no store of its own) and must serve forms, scripts and the log-in page alike.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, g, request
from markupsafe import Markup

from reads.model.errors import NotAllowed
from viewer.web.services import config

P = ParamSpec("P")
R = TypeVar("R")
HEADER = "X-CSRF-Token"
FIELD = "csrf_token"
BEFORE_LOGIN_COOKIE = "secondread_login"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_JSON_ALONE = "__csrf_json_alone__"


def token_for(secret: str) -> str:
    """The token that belongs to a session secret (or, before the log-in, to the browser's nonce)."""
    return hmac.new(secret.encode(), b"csrf", "sha256").hexdigest()


def field() -> Markup:
    """The hidden input that a form needs."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, current_token())


def current_token() -> str:
    """The token to put into the page that is being made."""
    return token_for(_secret(create=True))


def json_needs_no_token(view: Callable[P, R]) -> Callable[P, R]:
    """For the log-in of scripts: a JSON body alone is proof, since no other site can send one without being asked."""
    setattr(view, _JSON_ALONE, True)
    return view


def install(app: Flask) -> None:
    """Check every unsafe request, and keep the nonce of a browser that has not logged in."""

    @app.before_request
    def check() -> None:
        if request.method in _SAFE or request.endpoint is None:
            return
        if not _same_origin():
            raise NotAllowed("This request came from another site. Open the page here and try again.")
        if getattr(app.view_functions.get(request.endpoint), _JSON_ALONE, False) and request.is_json:
            return
        given = request.headers.get(HEADER) or request.form.get(FIELD, "")
        secret = _secret(create=False)
        if not secret or not hmac.compare_digest(given.encode(), token_for(secret).encode()):
            raise NotAllowed("This page has grown old. Reload it and try again.")

    @app.after_request
    def keep_nonce(response: Response) -> Response:
        nonce = g.get("new_login_nonce")
        if nonce:
            response.set_cookie(
                BEFORE_LOGIN_COOKIE, nonce, httponly=True, samesite="Strict", secure=config().https, path="/"
            )
        return response


def _same_origin() -> bool:
    """Whether the browser says (or says nothing) that the request comes from our own pages."""
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.host


def _secret(*, create: bool) -> str:
    from viewer.web import sessions

    session = sessions.current()
    if session is not None:
        return session.token
    nonce = g.get("new_login_nonce") or request.cookies.get(BEFORE_LOGIN_COOKIE, "")
    if not nonce and create:
        nonce = g.new_login_nonce = secrets.token_urlsafe(32)
    return str(nonce)

"""The JSON interface under /api/v1."""

from __future__ import annotations

from flask import Flask

PREFIX = "/api/v1"


def install(app: Flask) -> None:
    """Add the interface; the log-in shares the form's throttle."""
    from viewer.web.api import cases, openapi, session, terms, worklist
    from viewer.web.auth import throttle

    for part in (session, worklist, cases, terms, openapi):
        app.register_blueprint(part.blueprint, url_prefix=PREFIX)
    throttle.guard(app, "api_session.sign_in")

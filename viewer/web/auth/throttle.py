"""Refused log-ins from one address are limited (a person's own account is throttled in the database besides)."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, g
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from viewer.web.services import config


def refused() -> None:
    """Mark this request as a refused log-in: only those count."""
    g.login_refused = True


def guard(app: Flask, *endpoints: str) -> None:
    """Limit these endpoints. Called after they are registered."""
    limiter: Limiter = app.extensions["secondread_limiter"]

    def counts(response: Response) -> bool:
        return bool(g.get("login_refused"))

    for endpoint in endpoints:
        limited = limiter.shared_limit(
            lambda: f"{config().wrong_logins_per_minute}/minute", scope="login", deduct_when=counts
        )
        app.view_functions[endpoint] = cast(RouteCallable, limited(app.view_functions[endpoint]))


def install(app: Flask) -> None:
    """A limiter in this process's memory, counting by address."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=False)
    app.extensions["secondread_limiter"] = limiter
    guard(app, "auth.login_form")

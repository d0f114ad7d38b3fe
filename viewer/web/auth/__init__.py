"""Log-in, log-out and its throttle."""

from __future__ import annotations

from flask import Flask

from viewer.web.auth import pages, password, throttle


def install(app: Flask) -> None:
    """Add the log-in pages, and the limit on refused log-ins from one address."""
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(password.blueprint)
    throttle.install(app)

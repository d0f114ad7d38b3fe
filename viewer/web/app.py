"""Makes the Flask application from its parts. Nothing happens when this module is imported."""

from __future__ import annotations

from flask import Flask
from prometheus_client import CollectorRegistry

from viewer.web import (
    api,
    assets,
    auth,
    csrf,
    dicomweb,
    errors,
    health,
    navigation,
    pages,
    permissions,
    request_log,
    security,
    sessions,
    static_files,
    words,
)
from viewer.web.services import Services, WebConfig, bind

LARGEST_REQUEST_BYTES = 4 * 1024 * 1024


def create_app(services: Services, config: WebConfig | None = None) -> Flask:
    """The application over these parts.

    Order matters: the log starts first; a request is checked for its permission (default deny), then for its CSRF
    token, and only then reaches a view.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST_BYTES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.sort_keys = False  # type: ignore[attr-defined]
    bind(app, services, config or WebConfig())
    registry = CollectorRegistry()
    app.extensions[health.REGISTRY] = registry

    request_log.install(app, registry)
    security.install(app)
    permissions.install(app)
    csrf.install(app)
    sessions.install(app)
    errors.install(app)
    assets.install(app)
    words.install(app)
    navigation.install(app)

    app.register_blueprint(static_files.blueprint)
    app.register_blueprint(health.blueprint)
    for part in (auth, pages, api, dicomweb):
        part.install(app)
    return app

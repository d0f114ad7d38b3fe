"""The DICOMweb subset that the reading page uses, authorised by case."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Add the routes."""
    from viewer.web.dicomweb import access, instances, routes

    instances.install(app)
    access.install(app)
    app.register_blueprint(routes.blueprint, url_prefix="/dicom-web")

"""The server-rendered pages, one file for each."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Add the pages."""
    from viewer.web.pages import (
        arrivals,
        discrepancies,
        downloads,
        inbox,
        people,
        quality,
        reading,
        triage,
        worklist,
    )

    for page in (worklist, reading, inbox, quality, discrepancies, triage, downloads, arrivals, people):
        app.register_blueprint(page.blueprint)

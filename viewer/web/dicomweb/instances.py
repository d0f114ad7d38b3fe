"""The instances of a series, asked of the archive every few seconds at most."""

from __future__ import annotations

from flask import Flask, current_app

from reads.ports import InstanceRef
from viewer.web.dicomweb.recent import Recent
from viewer.web.services import services

FRESH_S = 5.0
_KEY = "secondread_instances"


def install(app: Flask) -> None:
    """One memory for each app."""
    app.extensions[_KEY] = Recent[tuple[InstanceRef, ...]](FRESH_S)


def instances(series_uid: str) -> tuple[InstanceRef, ...]:
    """The instances of a series in the archive.

    Raises
    ------
    NotFound, Retriable
        As the archive does.
    """
    recent: Recent[tuple[InstanceRef, ...]] = current_app.extensions[_KEY]
    return recent.get(series_uid, lambda: services().archive.series_instances(series_uid))

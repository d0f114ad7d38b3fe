"""The instances of a series, asked of the archive every few seconds at most: a reader loads hundreds of frames."""

from __future__ import annotations

import threading
from time import monotonic

from flask import Flask, current_app

from reads.ports import InstanceRef
from viewer.web.services import services

FRESH_S = 5.0
MOST_SERIES = 512
_KEY = "secondread_instances"


class RecentInstances:
    """What the archive said lately of each series. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, tuple[InstanceRef, ...]]] = {}

    def get(self, series_uid: str) -> tuple[InstanceRef, ...]:
        """The instances, no older than :data:`FRESH_S`."""
        with self._lock:
            known = self._known.get(series_uid)
        if known is not None and monotonic() - known[0] < FRESH_S:
            return known[1]
        found = services().archive.series_instances(series_uid)
        with self._lock:
            if len(self._known) >= MOST_SERIES:
                self._known.clear()
            self._known[series_uid] = (monotonic(), found)
        return found


def install(app: Flask) -> None:
    """One memory for each app."""
    app.extensions[_KEY] = RecentInstances()


def instances(series_uid: str) -> tuple[InstanceRef, ...]:
    """The instances of a series in the archive.

    Raises
    ------
    NotFound, Retriable
        As the archive does.
    """
    recent: RecentInstances = current_app.extensions[_KEY]
    return recent.get(series_uid)

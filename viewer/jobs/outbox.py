"""From the outbox to the job system: each entry starts one durable job, however often it is handed over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from reads.model.errors import Retriable
from reads.store import Store
from reads.store.outbox import OutboxEntry

POLL_S = 0.5
BATCH = 50
_LOG = logging.getLogger(__name__)

Start = Callable[[OutboxEntry], None]
"""Starts the job of an entry. A second call for the same entry starts nothing."""


class OutboxDispatcher:
    """Hands waiting entries to the job system in their order.

    An entry is marked only after its job is safe there; a kill between the two hands it over again, and the job system
    knows it by its key.
    """

    def __init__(self, store: Store, starters: dict[str, Start]) -> None:
        self._store = store
        self._starters = starters
        self._strange: set[int] = set()

    def run(self, stop: threading.Event) -> None:
        """Until told to stop. A database that is away is asked again."""
        while not stop.is_set():
            try:
                started = self.once()
            except Retriable as why:
                _LOG.warning("outbox not read, trying again: %s", why.message)
                started = 0
            if not started:
                stop.wait(POLL_S)

    def once(self) -> int:
        """Start what waits; how many."""
        with self._store.unit(write=False) as unit:
            waiting = unit.outbox.waiting(BATCH)
        started = 0
        for entry in waiting:
            start = self._starters.get(entry.kind)
            if start is None:
                self._leave(entry)
                continue
            start(entry)
            with self._store.unit() as unit:
                unit.outbox.dispatched(entry.entry_id)
            started += 1
        return started

    def _leave(self, entry: OutboxEntry) -> None:
        """A job of a kind that this version does not know waits for one that does."""
        if entry.entry_id not in self._strange:
            self._strange.add(entry.entry_id)
            _LOG.error("no job of the kind %s is known; entry %d waits", entry.kind, entry.entry_id)

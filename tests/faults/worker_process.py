"""A worker with small papers, to be killed: `python -m tests.faults.worker_process READS_URL JOBS_URL EFFECTS`.

Each paper is a line in the file EFFECTS before it is in the store, so that a test can tell a paper that was made twice
from one that was kept twice.
"""

from __future__ import annotations

import hashlib
import logging
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from reads.model.errors import Permanent, Retriable
from reads.store import Store
from viewer.jobs.services import JobServices
from viewer.jobs.worker import run_worker

KINDS = ("picture-1", "sr", "pdf")


class SmallPapers:
    """Papers of a few bytes. ``BAD`` and ``BUG`` can never be made; ``WAIT`` is refused twice before it works."""

    def __init__(self, store: Store, effects: Path) -> None:
        self._store = store
        self._effects = effects

    def kinds(self, case_id: str, version: int) -> tuple[str, ...]:
        return KINDS

    def make(self, case_id: str, version: int, kind: str) -> str:
        if case_id == "BAD" and kind == "sr":
            raise Permanent("This one cannot be written.")
        if case_id == "BUG" and kind == "sr":
            raise KeyError("CANARY^PATIENT")
        if case_id == "WAIT" and kind == "sr" and self._effects.read_text().count("WAIT sr tried") < 2:
            self._write("WAIT sr tried")
            raise Retriable("The archive is away.")
        self._write(f"{case_id} {kind}")
        data = f"{case_id} {version} {kind}".encode()
        with self._store.unit() as unit:
            unit.documents.put(case_id, kind, "text/plain", data, datetime.now(UTC), version)
        return hashlib.sha256(data).hexdigest()

    def _write(self, line: str) -> None:
        with self._effects.open("a") as file:
            file.write(line + "\n")


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(reads_url: str, jobs_url: str, effects: str) -> None:
    logging.basicConfig(level=logging.WARNING)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    store = Store.open(reads_url)
    services = JobServices(store, SmallPapers(store, Path(effects)), lambda: datetime.now(UTC))
    run_worker(services, jobs_url, stop, lambda: _say("up"))


if __name__ == "__main__":
    main(*sys.argv[1:])

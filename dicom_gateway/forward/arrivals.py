"""Follows the archive's change log and tells of each study that arrives, changes or comes to rest.

Each study is told at least once after its last change. What is still to be told is kept with the place in the log,
so neither a restart nor a database that is away loses a study.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import structlog

from dicom_gateway.archive.results import Change
from dicom_gateway.archive.wire import ArchiveRefused
from dicom_gateway.spool.segment import sync_folder
from reads.model.errors import Retriable
from reads.model.study import Study

log = structlog.get_logger(__name__)

POLL_S = 0.3
LONGEST_WAIT_S = 10.0
_BATCH = 1000
_STUDY_CHANGES = frozenset({"NewStudy", "StableStudy"})


class ChangeLog(Protocol):
    """What the feed needs of an archive; :class:`dicom_gateway.archive.orthanc.OrthancArchive` has it."""

    def changes(self, since: int, limit: int) -> tuple[tuple[Change, ...], int, bool]:
        """Changes after a sequence number, the last number read, and whether that is all."""
        ...

    def last_change(self) -> int:
        """The number of the latest change."""
        ...

    def instance_study_id(self, archive_id: str) -> str | None:
        """The study of an instance, or None if it is gone."""
        ...

    def study_instance_ids(self, archive_id: str) -> frozenset[str]:
        """The instances of a study."""
        ...

    def study_by_id(self, archive_id: str) -> Study | None:
        """The study, or None if it is gone."""
        ...


class ArrivalFeed:
    """Calls `on_study` with the study as the archive holds it, changes of one study gathered into one call."""

    def __init__(
        self, archive: ChangeLog, cursor_path: Path, on_study: Callable[[Study], None], poll_s: float = POLL_S
    ) -> None:
        """`on_study` may be called again with the same study; one that raises is called again later."""
        self._archive = archive
        self._path = cursor_path
        self._on_study = on_study
        self._poll_s = poll_s
        self._cursor, self._pending = _load(cursor_path)
        self._told: dict[str, Study] = {}
        self._not_before: dict[str, tuple[float, int]] = {}
        self._saved = (self._cursor, frozenset(self._pending))

    def run(self, stop: threading.Event) -> None:
        """Follow until `stop` is set."""
        failures = 0
        while not stop.is_set():
            try:
                self.step()
                failures = 0
            except Retriable as error:
                failures += 1
                log.warning("arrivals.waiting", why=error.message)
            except Exception as error:  # noqa: BLE001  the feed must outlive any fault; texts of errors may hold a name
                failures += 1
                log.error("arrivals.unexpected", error=type(error).__name__)
            stop.wait(min(self._poll_s * 2 ** min(failures, 10), LONGEST_WAIT_S))

    def step(self) -> None:
        """Read what is new and tell of the studies concerned. Raises :class:`Retriable` if the archive is away."""
        self._read_log()
        for study_id in sorted(self._pending):
            if self._not_before.get(study_id, (0.0, 0))[0] <= time.monotonic():
                self._tell(study_id)
        self._save()

    def _read_log(self) -> None:
        if self._archive.last_change() < self._cursor:
            log.warning("arrivals.log_began_anew")  # the archive was emptied or replaced
            self._cursor = 0
        done = False
        while not done:
            changes, last, done = self._archive.changes(self._cursor, _BATCH)
            self._pending |= {c.resource_id for c in changes if c.kind in _STUDY_CHANGES}
            self._find_studies({c.resource_id for c in changes if c.kind == "NewInstance"})
            self._cursor = max(self._cursor, last)
            self._save()  # before telling: what is to be told is part of it

    def _find_studies(self, instances: set[str]) -> None:
        """Note the studies of new instances. Those of studies at hand are known by one call a study."""
        for study_id in self._pending:
            if not instances:
                return
            instances -= self._archive.study_instance_ids(study_id)
        while instances:
            found = self._archive.instance_study_id(instances.pop())
            if found is not None:
                self._pending.add(found)
                instances -= self._archive.study_instance_ids(found)

    def _tell(self, study_id: str) -> None:
        """Tell of one study; it stays pending until it has come to rest and was told so."""
        try:
            study = self._archive.study_by_id(study_id)
            if study is not None and study != self._told.get(study_id):
                self._on_study(study)
                self._told[study_id] = study
            self._not_before.pop(study_id, None)
        except ArchiveRefused:
            study = None
        except Exception as error:  # noqa: BLE001  whatever on_study raises: the study waits and is told again
            # Its own wait, so that a study that cannot be taken in does not hold up the others.
            failures = self._not_before.get(study_id, (0.0, 0))[1] + 1
            wait = min(self._poll_s * 2 ** min(failures, 10), LONGEST_WAIT_S)
            self._not_before[study_id] = (time.monotonic() + wait, failures)
            log.warning("arrivals.not_taken", study=study_id, error=type(error).__name__, failures=failures)
            return
        if study is None or study.stable:
            self._pending.discard(study_id)
            self._told.pop(study_id, None)

    def _save(self) -> None:
        """Write the place in the log and what is still to be told, whole or not at all."""
        state = (self._cursor, frozenset(self._pending))
        if state == self._saved:
            return
        part = self._path.with_name(self._path.name + ".part")
        with open(part, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o600)) as out:
            json.dump({"cursor": self._cursor, "pending": sorted(self._pending)}, out)
            out.flush()
            os.fsync(out.fileno())
        os.rename(part, self._path)
        sync_folder(self._path.parent)
        self._saved = state


def _load(path: Path) -> tuple[int, set[str]]:
    """The saved place, or the beginning of the log: telling of a study again does no harm, leaving one out does."""
    try:
        fields = json.loads(path.read_text("utf-8"))
        return int(fields["cursor"]), {str(s) for s in fields["pending"]}
    except FileNotFoundError:
        return 0, set()
    except (ValueError, KeyError, TypeError):
        log.warning("arrivals.place_unreadable")
        return 0, set()

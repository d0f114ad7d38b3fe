"""`secondread serve`: starts Orthanc and the four processes, keeps them running, and stops them in order."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import structlog

from dicom_gateway.archive.access import ArchiveAccess
from reads.model.errors import Permanent, Retriable, SecondReadError
from viewer.child import Child
from viewer.folder import DataFolder, write_whole
from viewer.settings import Settings, child_environment

LOOK_EVERY_S = 0.1
START_DEADLINE_S = 90.0
ARCHIVE_RETRY_S = 2.0


class ArchiveProcess(Protocol):
    """An Orthanc of our own (:class:`dicom_gateway.archive.child.OrthancChild`)."""

    def start(self, again: ArchiveAccess | None = None) -> ArchiveAccess:
        """Start it, where and as it was before if that is given, and return when it answers."""

    def stop(self) -> None:
        """Stop it and return when it is gone."""

    def alive(self) -> bool:
        """Whether its process runs."""


def require_free(host: str, port: int, what: str, option: str) -> None:
    """Raise a sentence for the operator when a port is taken; port 0 always is free."""
    if port == 0:
        return
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Permanent(
                f"{what} cannot listen on {host}:{port} ({error.strerror}); "
                f"stop what uses this port, or choose another by {option}."
            ) from None


@dataclass
class Supervisor:
    """Runs the service in a data folder until it is told to stop.

    Parameters
    ----------
    archive
        The Orthanc to start, or None when the settings name the hospital's own.
    ready_file
        Where to write how the service is reached, once all is up; removed at the end.
    announce
        Called with one sentence on each thing an operator wants to see.
    on_ready
        Called once with the content of the ready file when all is up.
    """

    settings: Settings
    archive: ArchiveProcess | None
    migrate: Callable[[], None]
    ready_file: Path | None = None
    announce: Callable[[str], None] = print
    on_ready: Callable[[dict[str, Any]], None] = lambda _ready: None
    stopping: threading.Event = field(default_factory=threading.Event)
    _children: list[Child] = field(default_factory=list)
    _access: ArchiveAccess = field(default_factory=lambda: ArchiveAccess("", "", ""))
    _archive_due: float = 0.0

    def stop(self, *_signal: int | FrameType | None) -> None:
        """Ask for the end; safe in a signal handler and from another thread."""
        self.stopping.set()

    def run(self) -> None:
        """Start everything, watch it, and return after a clean stop.

        Raises
        ------
        SecondReadError
            When the data folder is in use, a port is taken, or a process does not come up.
        """
        log = structlog.stdlib.get_logger("viewer.supervise")
        folder = DataFolder(self.settings.data)
        folder.prepare()
        with folder.held(), self._signals():
            try:
                self._start(folder)
                if not self.stopping.is_set():
                    log.info("service is up", pids=self._pids())
                    self.on_ready(self._write_ready())
                while not self.stopping.wait(LOOK_EVERY_S):
                    self._look()
            finally:
                self._end()
                log.info("service has stopped")

    def _start(self, folder: DataFolder) -> None:
        dicom, hl7, http = self.settings.dicom, self.settings.hl7, self.settings.http
        require_free(dicom.host, dicom.port, "The DICOM receiver", "--dicom-port")
        require_free(hl7.host, hl7.port, "The HL7 listener", "--hl7-port")
        require_free(http.host, http.port, "The web application", "--http-port")
        self.announce("Database: bringing its tables up to date")
        self.migrate()
        self.announce("Archive: starting Orthanc" if self.archive else "Archive: the hospital's own")
        self._access = self.archive.start() if self.archive else self._configured_access()
        ports = {
            "gateway": {"dicom-port": dicom.port, "hl7-port": hl7.port},
            "forward": {},
            "worker": {},
            "web": {"http-port": http.port},
        }
        environment = self._environment()
        self._children = [Child(name, folder, environment, wanted) for name, wanted in ports.items()]
        self.announce("Processes: gateway, forward, worker, web")
        for child in self._children:
            child.start()
        self._wait_until_up()

    def _configured_access(self) -> ArchiveAccess:
        archive = self.settings.archive
        return ArchiveAccess(archive.url, archive.username, archive.password.get_secret_value(), folder=archive.folder)

    def _environment(self) -> dict[str, str]:
        access = self._access
        return child_environment(access.url, access.username, access.password, access.folder)

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_DEADLINE_S
        while not self.stopping.is_set() and any(child.pid is None for child in self._children):
            for child in self._children:
                child.look()
                if child.pid is None and child.ended() is not None:
                    why = child.last_words() or "it said nothing"
                    raise Permanent(f"The {child.name} process did not start: {why}")
            if time.monotonic() > deadline:
                late = ", ".join(child.name for child in self._children if child.pid is None)
                raise Retriable(f"Not up after {START_DEADLINE_S:.0f} s: {late}; see the log folder, then try again.")
            self.stopping.wait(LOOK_EVERY_S)

    def _look(self) -> None:
        """One round: what came up, what ended, what is due."""
        log = structlog.stdlib.get_logger("viewer.supervise")
        changed = self._look_at_archive()
        for child in self._children:
            changed |= child.look()
            status = child.ended()
            if status is not None:
                log.warning("process ended", process=child.name, status=status)
                self.announce(f"The {child.name} process ended (status {status}) and is started again.")
            child.start_again_when_due()
        if changed:
            self._write_ready()

    def _look_at_archive(self) -> bool:
        if self.archive is None or self.archive.alive() or time.monotonic() < self._archive_due:
            return False
        structlog.stdlib.get_logger("viewer.supervise").warning("process ended", process="orthanc")
        self.announce("Orthanc ended and is started again.")
        try:
            self._access = self.archive.start(again=self._access)
        except SecondReadError as error:
            self.announce(error.message)
            self._archive_due = time.monotonic() + ARCHIVE_RETRY_S
            return False
        return True

    def _pids(self) -> dict[str, int | None]:
        return {child.name: child.pid for child in self._children} | {"orthanc": self._access.pid}

    def _write_ready(self) -> dict[str, Any]:
        """The ready file, whole; see the command line's contract in docs/operate.md."""
        got = {option: port for child in self._children for option, port in child.ports.items()}
        access = self._access
        dicom, hl7, http = self.settings.dicom, self.settings.hl7, self.settings.http
        ready = {
            "http": f"http://{http.host}:{got['http-port']}",
            "dicom": {"host": dicom.host, "port": got["dicom-port"], "ae_title": dicom.ae_title},
            "hl7": {"host": hl7.host, "port": got["hl7-port"]},
            "archive": {"url": access.url, "username": access.username, "password": access.password},
            "pids": self._pids(),
        }
        if self.ready_file is not None and all(pid for name, pid in self._pids().items() if name != "orthanc"):
            write_whole(self.ready_file, ready)
        return ready

    def _end(self) -> None:
        """Stop in the order in which data flows, so that nothing is taken in that is not passed on."""
        if self.ready_file is not None:
            self.ready_file.unlink(missing_ok=True)
        for child in self._children:
            child.stop()
        if self.archive is not None:
            self.archive.stop()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {which: signal.signal(which, self.stop) for which in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for which, handler in before.items():
                signal.signal(which, handler)

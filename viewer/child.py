"""One process of the service under supervision: start, has it come up, when to start it again, stop."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reads.model.errors import Permanent
from viewer.folder import DataFolder, read_whole, write_whole

FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 30.0
STOP_DEADLINE_S = 15.0
PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Ask the kernel for SIGTERM when the process ``parent`` dies (prctl(2)); end at once when it already has.

    Called by the child itself: ``preexec_fn`` is not safe in a parent with threads.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise Permanent("The supervisor of this process is gone; start the service again.")


def came_up(folder: DataFolder, name: str, **ports: int) -> None:
    """Say, in a child, that it is up and which ports it got."""
    write_whole(folder.run / f"{name}.json", {"pid": os.getpid(), "ports": ports})


@dataclass
class Child:
    """A process ``python -m viewer NAME`` that is started again whenever it ends.

    A child that had come up is started again at once; one that dies before that waits longer each time.

    Parameters
    ----------
    name
        ``gateway``, ``forward``, ``worker`` or ``web``: the command it runs.
    ports
        Option of the command line and port wanted (``{"http-port": 8080}``); the ports it got replace them, so
        that a child that is started again listens where it did before.
    """

    name: str
    folder: DataFolder
    environment: dict[str, str]
    ports: dict[str, int] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None
    _up: bool = False
    _failures: int = 0
    _not_before: float = 0.0

    @property
    def pid(self) -> int | None:
        """Its process id while it is up."""
        return self._process.pid if self._process is not None and self._up else None

    @property
    def _said(self) -> Path:
        return self.folder.log / f"{self.name}.stderr"

    def start(self) -> None:
        """Start the process; it is not up yet."""
        options = [part for option, port in self.ports.items() for part in (f"--{option}", str(port))]
        command = [sys.executable, "-W", "ignore", "-m", "viewer", self.name, "--data", str(self.folder.root)]
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [*command, "--parent", str(os.getpid()), *options],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                # Ctrl-C in a terminal reaches every process of a session; the order of stopping is the supervisor's.
                start_new_session=True,
            )
        self._up = False

    def look(self) -> bool:
        """Look once; return whether it is up for the first time since it was started."""
        if self._process is None or self._up or self._process.poll() is not None:
            return False
        told: dict[str, Any] | None = read_whole(self.folder.run / f"{self.name}.json")
        if told is None or told["pid"] != self._process.pid:
            return False
        self.ports |= {option: int(port) for option, port in told["ports"].items()}
        self._up = True
        self._failures = 0
        return True

    def ended(self) -> int | None:
        """Exit status when it has ended on its own since the last look, else None."""
        if self._process is None:
            return None
        status = self._process.poll()
        if status is None:
            return None
        if not self._up:
            self._failures += 1
            wait = min(FIRST_WAIT_S * 2 ** (self._failures - 1), LONGEST_WAIT_S)
            self._not_before = time.monotonic() + wait
        self._process = None
        self._up = False
        return status

    def start_again_when_due(self) -> None:
        """Start it when it is not running and its wait is over."""
        if self._process is None and time.monotonic() >= self._not_before:
            self.start()

    def last_words(self) -> str:
        """The last line it wrote to its standard error, or nothing."""
        try:
            lines = self._said.read_text(errors="replace").strip().splitlines()
        except FileNotFoundError:
            return ""
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """End it with SIGTERM, after the deadline with SIGKILL; return when it is gone."""
        process, self._process = self._process, None
        self._up = False
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_DEADLINE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        (self.folder.run / f"{self.name}.json").unlink(missing_ok=True)

"""Orthanc as our own child: started on loopback with a random password, stopped with us."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from dicom_gateway.archive.access import ArchiveAccess
from dicom_gateway.archive.hardening import orthanc_configuration
from dicom_gateway.archive.wire import Wire
from reads.model.errors import Permanent, Retriable

START_DEADLINE_S = 60.0
"""A large index takes Orthanc seconds to open."""
STOP_DEADLINE_S = 20.0
_POLL_S = 0.05
_STARTS = 5
_BECOME_ORTHANC = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG: SIGTERM when the parent dies
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)  # it has died already
os.execv(sys.argv[2], sys.argv[2:])
"""


class OrthancMissing(Permanent):
    """Orthanc is not installed."""


class OrthancDidNotStart(Retriable):
    """Orthanc ended or did not answer in time."""


class OrthancChild:
    """One Orthanc process that lives in `folder`.

    Start it from a thread that lives as long as the service does: the kernel ends the child when the thread that
    started it ends (``PR_SET_PDEATHSIG``), which is what brings it down with a killed parent.
    """

    def __init__(self, folder: Path, stable_age_s: int = 5, binary: str | None = None) -> None:
        """`stable_age_s` is how long a study must rest before it counts as complete."""
        self._folder = folder
        self._stable_age_s = stable_age_s
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self.alive() and self._process else None

    def start(self, again: ArchiveAccess | None = None) -> ArchiveAccess:
        """Start Orthanc and wait until it answers.

        Parameters
        ----------
        again
            What an earlier start returned: the child takes the same port and password, so that clients go on.

        Raises
        ------
        OrthancMissing, OrthancDidNotStart
        """
        binary = self._find()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = again.password if again else secrets.token_urlsafe(24)
        username = again.username if again else "second-read"
        deadline = time.monotonic() + START_DEADLINE_S
        for attempt in range(_STARTS):
            port = int(again.url.rsplit(":", 1)[1]) if again else _free_port()
            access = ArchiveAccess(f"http://127.0.0.1:{port}", username, password, folder=self._folder)
            self._spawn(binary, port, access)
            if self._wait(access, deadline):
                return ArchiveAccess(access.url, username, password, pid=self.pid, folder=self._folder)
            # The port was taken in between, or an Orthanc of before has not let go of the index yet.
            time.sleep(0.2 * 2**attempt)
        raise OrthancDidNotStart(f"Orthanc does not start; see {self._folder / 'orthanc.log'} for its reason.")

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End it (SIGTERM) and wait until it is gone."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _find(self) -> str:
        found = self._binary or shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin:/usr/local/sbin")
        if not found or not os.access(found, os.X_OK):
            raise OrthancMissing("Orthanc is not installed: run `apt-get install orthanc`, then start again.")
        return found

    def _spawn(self, binary: str, port: int, access: ArchiveAccess) -> None:
        settings = orthanc_configuration(self._folder, port, access.username, access.password, self._stable_age_s)
        path = self._folder / "orthanc.json"
        path.unlink(missing_ok=True)
        with open(path, "w", encoding="utf-8", opener=_private) as out:
            json.dump(settings, out, indent=1)
        with open(self._folder / "orthanc.log", "wb", opener=_private) as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BECOME_ORTHANC, str(os.getpid()), binary, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
                start_new_session=True,  # Ctrl-C in a terminal goes to its whole session; when it ends is ours to say
            )

    def _wait(self, access: ArchiveAccess, deadline: float) -> bool:
        """True once it answers, False if it ended. Past the deadline it is stopped and the start has failed."""
        wire = Wire(access, timeout_s=5)
        while self.alive():
            try:
                if wire.get("/system").status == 200 and self.alive():
                    return True
            except Retriable:
                if time.monotonic() > deadline:
                    self.stop()
                    break
            finally:
                wire.close()
            time.sleep(_POLL_S)
        return False


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

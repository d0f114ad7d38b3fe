"""Starting and killing the processes of a fault test, and senders that do what a PACS does: send again."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path

from dicom_gateway.archive import ArchiveAccess
from tests.faults.raw_sender import SUCCESS, RawSender
from tests.integration.gateway.objects import Made

_ROOT = Path(__file__).resolve().parents[2]


class Process:
    """One of our processes, killed without warning and started again."""

    def __init__(self, module: str, *arguments: str, says: str = "", told: str = "") -> None:
        self._command = [sys.executable, "-W", "ignore", "-m", f"tests.faults.{module}", *arguments]
        self._says = says
        self._told = told
        self.running: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Start it and wait until it says what it should; the line."""
        self.running = subprocess.Popen(
            self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.running.stdin is not None
        assert self.running.stdout is not None
        if self._told:
            self.running.stdin.write(self._told + "\n")
            self.running.stdin.flush()
        line = ""
        while self._says and not line.startswith(self._says):
            line = self.running.stdout.readline()
            assert line, "the process ended before it was up"
        threading.Thread(target=self.running.stdout.read, daemon=True).start()  # so that its pipe never fills
        return line.strip()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            for pipe in (self.running.stdin, self.running.stdout):
                if pipe is not None:
                    pipe.close()
            self.running = None


def gateway(spool: Path, port: int) -> Process:
    return Process("run_gateway", str(spool), str(port), says="port ")


def forwarder(spool: Path, archive: ArchiveAccess) -> Process:
    named = {"url": archive.url, "username": archive.username, "password": archive.password}
    return Process("run_forwarder", str(spool), told=json.dumps(named))


class Sender(threading.Thread):
    """Sends its objects over one association after the other until each is acknowledged."""

    def __init__(self, port: int, objects: list[Made]) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._objects = objects
        self.acknowledged: set[str] = set()
        self.associations = 0

    def run(self) -> None:
        while waiting := [o for o in self._objects if o.sop_uid not in self.acknowledged]:
            self.associations += 1
            with contextlib.suppress(OSError):
                self._send(waiting)

    def _send(self, waiting: list[Made]) -> None:
        with RawSender(self._port, {(o.sop_class_uid, o.transfer_syntax_uid) for o in waiting}) as peer:
            for made in waiting:
                if peer.store(made) == SUCCESS:
                    self.acknowledged.add(made.sop_uid)

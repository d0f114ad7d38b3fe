"""Starts `secondread serve` as an operator would, and talks to it as its neighbours do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests

SECONDREAD = Path(sys.executable).with_name("secondread")
START_DEADLINE_S = 120.0
POLL_S = 0.2

Seen = TypeVar("Seen")


def until(look: Callable[[], Seen | None], what: str, deadline_s: float = 60.0) -> Seen:
    """Look again and again until there is something; fail with ``what`` at the deadline."""
    end = time.monotonic() + deadline_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"not seen within {deadline_s:.0f} s: {what}")
        time.sleep(POLL_S)


@dataclass(frozen=True)
class Account:
    """A person who can sign in."""

    username: str
    password: str
    role: str


@dataclass(frozen=True)
class Service:
    """A running Second Read, as its ready file tells."""

    data: Path
    ready_file: Path

    @property
    def ready(self) -> dict[str, Any]:
        """The ready file as it is now; the pids change when a process is started again."""
        content: dict[str, Any] = json.loads(self.ready_file.read_text())
        return content

    @property
    def url(self) -> str:
        """Where the pages are."""
        return str(self.ready["http"])

    @property
    def dicom(self) -> tuple[str, int, str]:
        """Host, port and AE title of the receiver."""
        node = self.ready["dicom"]
        return str(node["host"]), int(node["port"]), str(node["ae_title"])

    @property
    def hl7(self) -> tuple[str, int]:
        """Host and port of the MLLP listener."""
        node = self.ready["hl7"]
        return str(node["host"]), int(node["port"])

    def archive(self, path: str, method: str = "GET", body: str | None = None) -> requests.Response:
        """Ask the clinical archive, with the operator's credentials."""
        archive = self.ready["archive"]
        return requests.request(
            method, archive["url"] + path, data=body, auth=(archive["username"], archive["password"]), timeout=60
        )

    def archived_instances(self, study_uid: str) -> dict[str, str]:
        """SOP Instance UID to Orthanc identifier of all instances of a study in the clinical archive."""
        query = {"Level": "Instance", "Query": {"StudyInstanceUID": study_uid}, "Expand": True}
        found = self.archive("/tools/find", "POST", json.dumps(query)).json()
        return {row["MainDicomTags"]["SOPInstanceUID"]: row["ID"] for row in found}

    def archived_file(self, orthanc_id: str) -> bytes:
        """The Part 10 file as the clinical archive holds it."""
        answer = self.archive(f"/instances/{orthanc_id}/file")
        answer.raise_for_status()
        return answer.content

    def add_user(self, username: str, role: str, *more: str) -> Account:
        """Add a person by the command line and return how they sign in."""
        out = subprocess.run(
            [SECONDREAD, "user", "add", username, "--role", role, "--data", str(self.data), "--json", *more],
            check=True,
            capture_output=True,
            text=True,
        )
        return Account(username, json.loads(out.stdout)["password"], role)


@contextmanager
def serve(data: Path) -> Iterator[Service]:
    """`secondread serve` on free ports with its data under ``data``; stopped as by Ctrl-C."""
    ready_file = data / "ready.json"
    log = (data / "serve.log").open("wb")
    process = subprocess.Popen(
        [str(SECONDREAD), "serve", "--data", str(data), "--ready-file", str(ready_file)]
        + ["--dicom-port", "0", "--hl7-port", "0", "--http-port", "0"],
        stdout=log,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:

        def up() -> bool:
            if process.poll() is not None:
                raise AssertionError((data / "serve.log").read_text())
            return ready_file.exists()

        until(up, "the ready file of `secondread serve`", START_DEADLINE_S)
        yield Service(data, ready_file)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()

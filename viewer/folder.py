"""The data folder of a running service: what lies where, who may read it, and that only one service uses it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reads.model.errors import Permanent


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder named by ``--data``. Everything below it is for its owner alone."""

    root: Path

    @property
    def spool(self) -> Path:
        """Instances that are acknowledged and not yet verified in the archive."""
        return self.root / "spool"

    @property
    def orthanc(self) -> Path:
        """The clinical archive that belongs to the service."""
        return self.root / "orthanc"

    @property
    def cache(self) -> Path:
        """What can be made again at any time."""
        return self.root / "cache"

    @property
    def run(self) -> Path:
        """What the processes say about themselves while they run."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """Log files, one for each process."""
        return self.root / "log"

    def prepare(self) -> None:
        """Make what is missing."""
        for folder in (self.root, self.spool, self.orthanc, self.cache, self.run, self.log):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for one service; the kernel lets it go when the process ends, however it ends.

        Raises
        ------
        Permanent
            When another process holds it.
        """
        with (self.run / "serve.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Permanent(
                    f"Another Second Read is using the data folder {self.root}; "
                    "stop it, or name another folder by --data."
                ) from None
            yield


def write_whole(path: Path, content: object, mode: int = 0o600) -> None:
    """Write JSON so that a reader sees the old file or the new one, never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    part.replace(path)


def read_whole(path: Path) -> Any:
    """Read what :func:`write_whole` wrote, or None when there is no such file."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None

"""Files made once from the archive and kept until they no longer fit. The folder may be deleted at any time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

FORMAT = "2"
"""Grows when what is kept changes its form, so that an older file is never served."""


class Cache:
    """A folder of derived files, named by hashes: no UID and nothing else from outside becomes a path.

    Parameters
    ----------
    folder
        Made when the first file is written; readable by this user only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, kind: str, *names: str) -> Path:
        """Where a file of this kind (a word of ours) about these names is kept."""
        digest = hashlib.sha256("\0".join((FORMAT, kind, *names)).encode()).hexdigest()
        return self._folder / kind / digest[:2] / digest

    def read(self, kind: str, *names: str) -> bytes | None:
        """What is kept, or None. A file that cannot be read counts as not kept."""
        try:
            return self.path(kind, *names).read_bytes()
        except OSError:
            return None

    def write(self, data: bytes, kind: str, *names: str) -> None:
        """Keep a file: whole or not at all. A full disk keeps nothing and hurts nobody."""
        target = self.path(kind, *names)
        with contextlib.suppress(OSError):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                os.replace(name, target)
            except OSError:
                Path(name).unlink(missing_ok=True)

    def forget(self, kind: str, *names: str) -> None:
        """Drop one file if it is there."""
        with contextlib.suppress(OSError):
            self.path(kind, *names).unlink()

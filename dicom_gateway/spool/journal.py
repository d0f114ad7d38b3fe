"""Which instances of a segment are in the archive: a few bytes each, beside the segment.

The journal only saves work. Forwarding is idempotent, so a journal that is lost, torn or written before the last
restart of the machine is ignored, and its instances are verified once more.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import structlog

JOURNAL_SUFFIX = ".verified"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

log = structlog.get_logger(__name__)


class Journal:
    """The offsets of the verified records of one segment."""

    def __init__(self, segment: Path) -> None:
        self.path = segment.with_suffix(JOURNAL_SUFFIX)
        self.offsets = _load(self.path)
        self._fd = -1

    def add(self, offset: int) -> None:
        """Note a record as verified. A journal that cannot be written costs time later, never an instance."""
        self.offsets.add(offset)
        try:
            if self._fd < 0:
                self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
                os.write(self._fd, f"\n{_boot_id()}\n".encode())
            os.write(self._fd, _line(offset))
        except OSError as error:
            log.warning("spool.journal_not_written", errno=error.errno)

    def close(self) -> None:
        """Release the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def remove(self) -> None:
        """The segment is gone."""
        self.close()
        self.path.unlink(missing_ok=True)


def remove_orphans(folder: Path) -> None:
    """Remove the journals of segments that are gone."""
    for path in folder.glob("*" + JOURNAL_SUFFIX):
        if not path.with_suffix(".seg").exists():
            path.unlink(missing_ok=True)


def _line(offset: int) -> bytes:
    text = f"{offset:x}"
    return f"{text} {zlib.crc32(text.encode()):x}\n".encode()


def _boot_id() -> str:
    try:
        return "boot " + _BOOT_ID.read_text().strip()
    except OSError:
        return "boot unknown"


def _load(path: Path) -> set[int]:
    """The offsets written since this machine started: the archive's own files may not have survived a power cut."""
    try:
        lines = path.read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return set()
    offsets: set[int] = set()
    boot = ""
    for line in lines:
        if line.startswith("boot "):
            boot = line
            continue
        text, _, check = line.partition(" ")
        if boot == _boot_id() and check and f"{zlib.crc32(text.encode()):x}" == check:
            offsets.add(int(text, 16))
    return offsets

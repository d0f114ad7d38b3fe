"""Writing one segment: records are appended, each made durable before it counts.

The writer holds an exclusive ``flock`` on its segment as long as it may append. The kernel drops it when the
process dies, however it dies, so a reader that can take the lock knows that nothing will be added any more.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
import zlib
from collections.abc import Iterable
from pathlib import Path

from dicom_gateway.spool.record import (
    BLOCK,
    Arrival,
    RecordHeader,
    next_record,
    pack_record_header,
    pack_segment_header,
)

SEGMENT_SUFFIX = ".seg"
UNFINISHED_SUFFIX = ".part"
"""Of a segment that is being made: nothing in it has been acknowledged yet."""

_BUFFERS_A_WRITE = 512


class SegmentWriter:
    """One open segment, used by one thread at a time.

    A record is written as: space for its header, data as it comes, then at :meth:`commit` the header and one
    ``fdatasync``. Until the header is there no reader sees the record.
    """

    def __init__(self, folder: Path, *, hidden: bool) -> None:
        """Make a new segment in `folder`.

        `hidden` keeps it under an unfinished name until :meth:`publish`, for a segment that is one large
        object. Raises :class:`OSError` as the file system does.
        """
        self._folder = folder
        name = f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}"
        self._path = folder / (name + SEGMENT_SUFFIX)
        self._hidden = folder / (name + UNFINISHED_SUFFIX)
        self._generation = secrets.token_bytes(16)
        self._fd = _create_locked(self._hidden)
        self._start = self._end = BLOCK
        self._crc = 0
        self.idle_since = time.monotonic()
        try:
            os.pwrite(self._fd, pack_segment_header(self._generation, time.time_ns()), 0)
            if not hidden:
                os.fdatasync(self._fd)
                self._publish()
        except BaseException:
            self.discard()
            raise

    @property
    def size(self) -> int:
        """Bytes in the segment, the record being written included."""
        return self._end

    @property
    def written(self) -> int:
        """Bytes of data in the record being written."""
        return max(0, self._end - self._start - BLOCK)

    def begin(self) -> None:
        """Begin a record; what was begun and not committed is forgotten."""
        self._end = self._start + BLOCK
        self._crc = 0

    def write(self, buffers: Iterable[bytes | bytearray | memoryview]) -> None:
        """Append data to the record, in one system call as far as possible."""
        parts = [b for b in buffers if len(b)]
        for first in range(0, len(parts), _BUFFERS_A_WRITE):
            self._write_some(parts[first : first + _BUFFERS_A_WRITE])

    def copy_from(self, other: SegmentWriter) -> None:
        """Append the data of the record that `other` is writing, without reading it into memory."""
        source, left = other._start + BLOCK, other.written
        while left:
            copied = os.copy_file_range(other._fd, self._fd, left, source, self._end)
            if not copied:
                raise OSError("the spool lost the beginning of an object")
            source, left, self._end = source + copied, left - copied, self._end + copied
        self._crc = other._crc

    def commit(self, arrival: Arrival, data_set_at: int) -> None:
        """Make the record durable: header, then ``fdatasync``. After it returns the instance may be acknowledged."""
        length = self.written
        header = RecordHeader(arrival=arrival, length=length, data_set_at=data_set_at, crc32=self._crc)
        os.pwrite(self._fd, pack_record_header(self._generation, header), self._start)
        os.fdatasync(self._fd)
        self._start = self._end = next_record(self._start, length)
        self.idle_since = time.monotonic()

    def abort(self) -> None:
        """Take the record back: the file ends where it began, so nothing of it can be mistaken for a header."""
        os.ftruncate(self._fd, self._start)
        self._end = self._start

    def publish(self) -> None:
        """Give a hidden segment its name, durably."""
        self._publish()

    def close(self) -> None:
        """Nothing will be appended any more: the lock goes with the descriptor."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def discard(self) -> None:
        """Close, and remove the file if it never got its name."""
        self._hidden.unlink(missing_ok=True)
        self.close()

    def _publish(self) -> None:
        os.rename(self._hidden, self._path)
        sync_folder(self._folder)

    def _write_some(self, parts: list[bytes | bytearray | memoryview]) -> None:
        for part in parts:
            self._crc = zlib.crc32(part, self._crc)
        done = os.pwritev(self._fd, parts, self._end)
        self._end += done
        if done == sum(map(len, parts)):
            return
        rest = memoryview(b"".join(parts))[done:]
        while len(rest):
            done = os.pwrite(self._fd, rest, self._end)
            self._end += done
            rest = rest[done:]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable (a rename is not, until its folder is synced)."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def remove_unfinished(folder: Path) -> int:
    """Remove segments whose writer died before it finished them; how many there were.

    Nothing in them was acknowledged. A file that a living writer holds locked is left alone.
    """
    removed = 0
    for path in folder.glob("*" + UNFINISHED_SUFFIX):
        try:
            fd = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
            removed += 1
        except BlockingIOError:
            pass
        finally:
            os.close(fd)
    return removed


def _create_locked(path: Path) -> int:
    """Create the file with its lock. Whoever tidies up may meet it between the two: then it is made again."""
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX)
        if os.fstat(fd).st_nlink:
            return fd
        os.close(fd)

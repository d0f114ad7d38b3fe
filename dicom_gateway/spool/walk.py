"""Reading a segment from its beginning to as far as it has been written, while it may still grow."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from dicom_gateway.spool.record import (
    BLOCK,
    BadHeader,
    RecordHeader,
    next_record,
    unpack_record_header,
    unpack_segment_header,
)


class Tail(Enum):
    """What lies behind the last whole record of a segment that nobody writes any more."""

    CLEAN = "nothing"
    TORN = "an instance that was never acknowledged"
    DAMAGED = "a header that cannot be read"


class SegmentWalk:
    """A place in one segment. :meth:`records` goes on where it stopped."""

    def __init__(self, path: Path) -> None:
        """Open the segment. Raises :class:`FileNotFoundError` if it has been released meanwhile."""
        self.path = path
        self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._offset = BLOCK
        self._generation: bytes | None = None
        self._sealed = False

    def sealed(self) -> bool:
        """Whether its writer is gone. Ask before :meth:`records`: then what that returns is all there is."""
        if not self._sealed:
            try:
                fcntl.flock(self.fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._sealed = True
        return True

    def records(self) -> Iterator[tuple[int, RecordHeader]]:
        """Each whole record that has come since the last call, with its offset."""
        if self._generation is None:
            try:
                self._generation = unpack_segment_header(os.pread(self.fd, BLOCK, 0))
            except BadHeader:
                return
        while True:
            try:
                header = unpack_record_header(self._generation, os.pread(self.fd, BLOCK, self._offset))
            except BadHeader:
                return
            if self._offset + BLOCK + header.length > os.fstat(self.fd).st_size:
                return
            offset, self._offset = self._offset, next_record(self._offset, header.length)
            yield offset, header

    def tail(self) -> Tail:
        """What is left once :meth:`records` of a sealed segment is exhausted."""
        if self._generation is None:
            block = os.pread(self.fd, BLOCK, 0)
            return Tail.DAMAGED if len(block) == BLOCK and block.strip(b"\0") else Tail.TORN
        block = os.pread(self.fd, BLOCK, self._offset)
        if not block:
            return Tail.CLEAN
        try:
            unpack_record_header(self._generation, block)
        except BadHeader:
            # A header is one sector and is written last: there is none, or there was one and the disk spoilt it.
            return Tail.DAMAGED if len(block) == BLOCK and block.strip(b"\0") else Tail.TORN
        return Tail.TORN

    def close(self) -> None:
        """Release the file."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

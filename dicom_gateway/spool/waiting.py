"""One instance that waits in the spool for the archive."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from dicom_gateway.spool.record import Arrival
from reads.model.errors import Permanent

CHUNK = 1 << 20
"""Bytes read at a time from a large instance."""


class DamagedRecord(Permanent):
    """The bytes on the spool's disk are not the ones that were received."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An instance in the spool, readable until it is verified or set aside.

    ``item_id`` names it within the spool; ``length`` is that of its Part 10 file in bytes, of which the data set
    begins at ``data_set_at``.
    """

    item_id: str
    arrival: Arrival
    length: int
    data_set_at: int
    crc32: int
    segment: str
    offset: int
    _fd: int
    _data_at: int

    def read(self) -> bytes:
        """The whole Part 10 file. Raises :class:`DamagedRecord`."""
        data = b"".join(self.chunks())
        if len(data) != self.length or zlib.crc32(data) != self.crc32:
            raise DamagedRecord("The instance was damaged on the spool's disk.")
        return data

    def check(self) -> None:
        """Read it all once without keeping it. Raises :class:`DamagedRecord`."""
        length = crc = 0
        for chunk in self.chunks():
            length, crc = length + len(chunk), zlib.crc32(chunk, crc)
        if length != self.length or crc != self.crc32:
            raise DamagedRecord("The instance was damaged on the spool's disk.")

    def chunks(self, start: int = 0) -> Iterator[bytes]:
        """The Part 10 file from byte `start` in pieces of at most 1 MiB; ends early if the disk has less."""
        while start < self.length:
            chunk = os.pread(self._fd, min(CHUNK, self.length - start), self._data_at + start)
            if not chunk:
                return
            start += len(chunk)
            yield chunk

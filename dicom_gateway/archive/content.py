"""The digest of an instance's data set, apart from the file meta information before it (PS3.10 7.1)."""

from __future__ import annotations

import hashlib
import struct

_PREFIX = 144
"""Preamble, ``DICM``, and the element File Meta Information Group Length (0002,0000)."""
_GROUP_LENGTH = struct.Struct("<128x4sHH2sHI")


class DataSetDigest:
    """SHA-256 of the data set of a Part 10 file that comes in pieces."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._begins = 0
        self._seen = 0
        self._hash = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        """The next piece of the file."""
        if not self._begins:
            self._head += chunk
            if len(self._head) < _PREFIX:
                return
            self._begins = data_set_begins(bytes(self._head[:_PREFIX]))
            chunk = bytes(self._head)
        skip = max(0, self._begins - self._seen)
        self._seen += len(chunk)
        self._hash.update(memoryview(chunk)[skip:])

    def hexdigest(self) -> str:
        """The digest of what came."""
        return self._hash.hexdigest()


def data_set_begins(prefix: bytes) -> int:
    """Where the data set begins, from the first 144 bytes of a Part 10 file; 0 if they are not one."""
    if len(prefix) < _PREFIX:
        return 0
    magic, group, element, vr, _, length = _GROUP_LENGTH.unpack_from(prefix)
    if (magic, group, element, vr) != (b"DICM", 2, 0, b"UL"):
        return 0
    return _PREFIX + int(length)

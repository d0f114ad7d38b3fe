"""The reading side of the spool: what waits, oldest segment first, and which segments are done with."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dicom_gateway.spool.journal import Journal, remove_orphans
from dicom_gateway.spool.record import BLOCK, RecordHeader
from dicom_gateway.spool.segment import SEGMENT_SUFFIX
from dicom_gateway.spool.waiting import Waiting
from dicom_gateway.spool.walk import SegmentWalk, Tail


@dataclass(slots=True)
class _Source:
    """One segment being forwarded."""

    walk: SegmentWalk
    journal: Journal
    taken: set[int] = field(default_factory=set)
    exhausted: bool = False

    @property
    def finished(self) -> bool:
        return self.exhausted and not self.taken


class Outbox:
    """Follows all segments of a folder. Its methods may be called from any thread."""

    def __init__(self, folder: Path, on_damaged: Callable[[Path], None]) -> None:
        """`on_damaged` is given a segment of which the rest cannot be read; it must move it away."""
        self._folder = folder
        self._on_damaged = on_damaged
        self._sources: dict[str, _Source] = {}
        self._returned: list[Waiting] = []
        self._guard = threading.Lock()

    def take(self, limit: int) -> list[Waiting]:
        """Up to `limit` instances that are neither verified nor taken."""
        with self._guard:
            items = self._returned[:limit]
            del self._returned[:limit]
            for name in self._names():
                if len(items) >= limit:
                    break
                source = self._source(name)
                if source is not None and not source.exhausted:
                    self._read_on(name, source, items, limit)
            return items

    def give_back(self, item: Waiting) -> None:
        """Return an instance that was taken."""
        with self._guard:
            self._returned.append(item)

    def done(self, item: Waiting) -> None:
        """This instance needs no more work."""
        with self._guard:
            source = self._sources[item.segment]
            source.journal.add(item.offset)
            source.taken.discard(item.offset)

    def finished(self) -> list[str]:
        """The segments that can be released."""
        with self._guard:
            return [name for name, source in self._sources.items() if source.finished]

    def release(self, names: list[str]) -> None:
        """Remove segments that :meth:`finished` named."""
        with self._guard:
            for name in names:
                source = self._sources.pop(name)
                if source.walk.tail() is Tail.DAMAGED:
                    self._on_damaged(source.walk.path)
                source.walk.path.unlink(missing_ok=True)
                source.walk.close()
                source.journal.remove()

    def close(self) -> None:
        """Release all files."""
        with self._guard:
            for source in self._sources.values():
                source.walk.close()
                source.journal.close()
            self._sources.clear()
            self._returned.clear()

    def _names(self) -> list[str]:
        return segment_names(self._folder)

    def _source(self, name: str) -> _Source | None:
        if name not in self._sources:
            if not self._sources:
                remove_orphans(self._folder)
            path = self._folder / name
            try:
                self._sources[name] = _Source(SegmentWalk(path), Journal(path))
            except FileNotFoundError:
                return None
        return self._sources[name]

    def _read_on(self, name: str, source: _Source, items: list[Waiting], limit: int) -> None:
        sealed = source.walk.sealed()
        for offset, header in source.walk.records():
            if offset not in source.journal.offsets:
                source.taken.add(offset)
                items.append(_waiting(name, source.walk.fd, offset, header))
            if len(items) >= limit:
                return
        source.exhausted = sealed


def segment_names(folder: Path) -> list[str]:
    """The names of the segments in a folder, oldest first."""
    return sorted(n for n in os.listdir(folder) if n.endswith(SEGMENT_SUFFIX))


def _waiting(name: str, fd: int, offset: int, header: RecordHeader) -> Waiting:
    return Waiting(
        item_id=f"{name.removesuffix(SEGMENT_SUFFIX)}-{offset:x}",
        arrival=header.arrival,
        length=header.length,
        data_set_at=header.data_set_at,
        crc32=header.crc32,
        segment=name,
        offset=offset,
        _fd=fd,
        _data_at=offset + BLOCK,
    )

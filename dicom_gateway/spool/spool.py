"""The spool: one folder between the process that receives and the process that forwards.

The receiving side calls :meth:`Spool.begin` (or :meth:`Spool.append`), the forwarding side :meth:`Spool.take` and
then :meth:`Spool.verified` or :meth:`Spool.set_aside` for each instance. The two share nothing but the folder and
either may be killed at any moment:

* ``segments/``  what waits for the archive, and beside each segment its journal of verified instances
* ``aside/``     instances that the archive would not take, each with its reason
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from dicom_gateway.spool.aside import AsideFolder
from dicom_gateway.spool.outbox import Outbox
from dicom_gateway.spool.record import Arrival
from dicom_gateway.spool.segment import SegmentWriter, remove_unfinished
from dicom_gateway.spool.status import SetAsideKind, SpoolStatus, count_waiting
from dicom_gateway.spool.waiting import Waiting
from reads.model.errors import Retriable

_MIB = 1 << 20

log = structlog.get_logger(__name__)


class SpoolFull(Retriable):
    """The disk has no more room than its reserve: the sender must keep the instance (C-STORE status 0xA700)."""


class SpoolBusy(Retriable):
    """Another process forwards from this spool."""


@dataclass(frozen=True, slots=True)
class SpoolConfig:
    """Sizes of a spool, bytes.

    Parameters
    ----------
    segment_bytes
        A segment that has grown to this is finished and a new one begun.
    large_bytes
        An instance larger than this gets a segment of its own: syncing it holds up nobody else.
    reserve_bytes
        Free space that is left to the database and the archive; nothing is accepted beyond it.
    idle_s
        A segment to which nothing was added for so many seconds is finished.
    """

    segment_bytes: int = 64 * _MIB
    large_bytes: int = 4 * _MIB
    reserve_bytes: int = 512 * _MIB
    idle_s: float = 60.0


class Spool:
    """A durable queue of received instances.

    Make it with :meth:`open`. The writing methods may be called from any number of threads.
    """

    def __init__(self, folder: Path, config: SpoolConfig) -> None:
        self._folder = folder
        self._segments = folder / "segments"
        self._config = config
        self._lanes: deque[SegmentWriter] = deque()
        self._reader_lock = -1
        self._aside = AsideFolder(folder / "aside")
        self._outbox = Outbox(self._segments, self._aside.keep_segment)
        self._guard = threading.Lock()

    @classmethod
    def open(cls, folder: Path, config: SpoolConfig = SpoolConfig()) -> Spool:
        """Open a spool, making it if there is none; what a dead writer left unfinished is removed."""
        for part in (folder, folder / "segments", folder / "aside"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove_unfinished(folder / "segments")
        return cls(folder, config)

    # -- receiving ----------------------------------------------------------------------------------------------

    def begin(self, prefix: bytes, expected: int = 0) -> Entry:
        """Begin an instance.

        Parameters
        ----------
        prefix
            Preamble, ``DICM`` and file meta information (PS3.10 7.1); the data set follows by :meth:`Entry.write`.
        expected
            Length of the data set in bytes if it is known.

        Raises
        ------
        SpoolFull
            If the disk is down to the reserve.
        """
        if self._free() < self._config.reserve_bytes + expected:
            raise SpoolFull("The disk is nearly full, so no images are accepted until there is room.")
        try:
            large = len(prefix) + expected > self._config.large_bytes
            writer = SegmentWriter(self._segments, hidden=True) if large else self._lane()
        except OSError as error:
            raise SpoolFull("The spool could not begin an instance on its disk.") from error
        return Entry(self, writer, prefix, large)

    def append(
        self, arrival: Arrival, prefix: bytes, data_set: Iterable[bytes | memoryview], expected: int = 0
    ) -> None:
        """Store one instance; it is on the disk when this returns. Raises :class:`SpoolFull`."""
        with self.begin(prefix, expected) as entry:
            for part in data_set:
                entry.write((part,))
            entry.commit(arrival)

    # -- forwarding ---------------------------------------------------------------------------------------------

    def take(self, limit: int) -> list[Waiting]:
        """Up to `limit` instances that wait for the archive, oldest first, each once until it is given back.

        Raises
        ------
        SpoolBusy
            If another process forwards from this spool.
        """
        self._become_reader()
        return self._outbox.take(limit)

    def give_back(self, item: Waiting) -> None:
        """Not done: :meth:`take` will return it again."""
        self._outbox.give_back(item)

    def verified(self, item: Waiting) -> None:
        """The archive holds this instance, bit for bit."""
        self._outbox.done(item)

    def set_aside(self, item: Waiting, kind: SetAsideKind, reason: str) -> None:
        """Keep this instance with the reason why it cannot be archived, and go on with the others.

        `reason` is one sentence for the operator, without patient data.
        """
        self._aside.keep(item, kind, reason)
        self._outbox.done(item)

    def finished_segments(self) -> list[str]:
        """The segments of which every instance is verified or set aside."""
        return self._outbox.finished()

    def release(self, segments: list[str]) -> None:
        """Remove segments that :meth:`finished_segments` named, once the archive's own files are on its disk."""
        self._outbox.release(segments)

    # -- both ---------------------------------------------------------------------------------------------------

    def status(self) -> SpoolStatus:
        """What waits, since when, and what was set aside; from the folder alone, in any process."""
        waiting = count_waiting(self._segments)
        return SpoolStatus(
            waiting=waiting.instances,
            waiting_bytes=waiting.size,
            oldest_at_ns=waiting.oldest_at_ns,
            free_bytes=self._free(),
            set_aside=self._aside.all(),
        )

    def close(self) -> None:
        """Finish the open segments; entries that are still being written are lost, as they were not acknowledged."""
        with self._guard:
            while self._lanes:
                self._lanes.pop().close()
            self._outbox.close()
            if self._reader_lock >= 0:
                os.close(self._reader_lock)
                self._reader_lock = -1

    def _free(self) -> int:
        room = os.statvfs(self._segments)
        return room.f_bavail * room.f_frsize

    def _lane(self) -> SegmentWriter:
        """A segment that nobody else writes to: the one used last, so that few are open."""
        with self._guard:
            while self._lanes and time.monotonic() - self._lanes[0].idle_since > self._config.idle_s:
                self._lanes.popleft().close()
            if self._lanes:
                return self._lanes.pop()
        return SegmentWriter(self._segments, hidden=False)

    def _return_lane(self, writer: SegmentWriter) -> None:
        if writer.size >= self._config.segment_bytes:
            writer.close()
            return
        with self._guard:
            self._lanes.append(writer)

    def _become_reader(self) -> None:
        with self._guard:
            if self._reader_lock >= 0:
                return
            fd = os.open(self._folder / "reader.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                os.close(fd)
                raise SpoolBusy("Another process already forwards from this spool.") from error
            self._reader_lock = fd


class Entry:
    """An instance on its way into the spool. Leaving its ``with`` block without a commit takes it back."""

    def __init__(self, spool: Spool, writer: SegmentWriter, prefix: bytes, large: bool) -> None:
        self._spool = spool
        self._writer: SegmentWriter | None = writer
        self._large = large
        self._data_set_at = len(prefix)
        writer.begin()
        self.write((prefix,))

    def write(self, buffers: Iterable[bytes | bytearray | memoryview]) -> None:
        """Append to the data set. The buffers may be reused as soon as this returns. Raises :class:`SpoolFull`."""
        writer = self._open()
        try:
            writer.write(buffers)
            if not self._large and writer.written > self._spool._config.large_bytes:
                self._move_to_own_segment(writer)
        except OSError as error:
            self.abort()
            raise SpoolFull("The spool's disk took no more data.") from error

    def commit(self, arrival: Arrival) -> None:
        """Make the instance durable; only after this returns may it be acknowledged. Raises :class:`SpoolFull`."""
        writer = self._open()
        try:
            writer.commit(arrival, self._data_set_at)
            if self._large:
                writer.publish()
        except OSError as error:
            self._give_up(writer)
            raise SpoolFull("The spool's disk could not be written.") from error
        self._writer = None
        if self._large:
            writer.close()
        else:
            self._spool._return_lane(writer)

    def abort(self) -> None:
        """Take it back, as if it had never begun."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        if self._large:
            writer.discard()
            return
        try:
            writer.abort()
        except OSError:
            writer.close()  # a segment that cannot be put right is not written to again
        else:
            self._spool._return_lane(writer)

    def __enter__(self) -> Entry:
        """Use it in a ``with`` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        self.abort()

    def _give_up(self, writer: SegmentWriter) -> None:
        """Its sync failed: what the kernel holds of this segment cannot be trusted, so nothing is added to it."""
        self._writer = None
        try:
            if not self._large:
                writer.abort()
        except OSError:
            log.error("spool.segment_not_truncated")
        finally:
            writer.discard()

    def _open(self) -> SegmentWriter:
        if self._writer is None:
            raise ValueError("this entry is finished")
        return self._writer

    def _move_to_own_segment(self, lane: SegmentWriter) -> None:
        own = SegmentWriter(self._spool._segments, hidden=True)
        own.begin()
        try:
            own.copy_from(lane)
            lane.abort()
        except BaseException:
            own.discard()
            raise
        self._spool._return_lane(lane)
        self._writer, self._large = own, True

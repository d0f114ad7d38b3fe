"""What the outside gives to a second read: the image archive and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from reads.model.study import Study


@dataclass(frozen=True, slots=True)
class InstanceRef:
    """One instance of a series, in viewing order. ``frames`` is 1 for a single-frame image."""

    sop_uid: str
    sop_class_uid: str
    instance_number: int | None
    frames: int = 1


class ImageArchive(Protocol):
    """Where the images are. Every call may raise :class:`reads.model.errors.Retriable` or ``NotFound``."""

    def study(self, study_uid: str) -> Study | None:
        """The study as far as it has arrived, or None."""
        ...

    def series_instances(self, series_uid: str) -> tuple[InstanceRef, ...]:
        """The instances of a series in viewing order."""
        ...

    def header(self, sop_uid: str) -> bytes:
        """The Part 10 file of an instance, at least up to its pixel data."""
        ...

    def instance_file(self, sop_uid: str) -> bytes:
        """The whole Part 10 file of an instance."""
        ...

    def frame(self, sop_uid: str, frame: int) -> tuple[bytes, str]:
        """One frame (1-based) as stored, still compressed, and its transfer syntax UID."""
        ...


class Clock(Protocol):
    """The time, so that a test can choose it."""

    def now(self) -> datetime:
        """Now, in UTC, aware."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, in UTC, aware."""
        return datetime.now(UTC)

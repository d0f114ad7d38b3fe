"""What the archive answers, typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredInstance:
    """The answer to a store. ``already`` means that it held this SOP Instance UID before and kept the old bytes."""

    archive_id: str
    already: bool


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the archive's change log (``kind`` as Orthanc calls it: ``NewInstance``, ``StableStudy`` …)."""

    sequence: int
    kind: str
    resource_id: str


@dataclass(frozen=True, slots=True)
class ArchiveStatistics:
    """How much the archive holds; ``disk_bytes`` as stored."""

    studies: int
    series: int
    instances: int
    disk_bytes: int

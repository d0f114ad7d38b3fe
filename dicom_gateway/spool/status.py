"""What an operator wants to know about a spool."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dicom_gateway.spool.journal import Journal
from dicom_gateway.spool.outbox import segment_names
from dicom_gateway.spool.walk import SegmentWalk


class SetAsideKind(StrEnum):
    """Why an instance is not in the archive."""

    OTHER_CONTENT = "other_content"
    """The archive holds the same SOP Instance UID with other content."""
    REFUSED = "refused"
    """The archive refused it as no valid DICOM."""
    FAILED = "failed"
    """The archive failed on it again and again while it took others."""
    DAMAGED = "damaged"
    """The spool's disk returned other bytes than were written."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """An instance, or the unreadable rest of a segment, that was set aside.

    ``reason`` is a sentence without patient data; ``file`` its name in the folder ``aside``.
    """

    file: str
    kind: SetAsideKind
    reason: str
    set_aside_at: str
    sop_instance_uid: str = ""
    study_uid: str = ""
    calling_ae: str = ""


@dataclass(frozen=True, slots=True)
class SpoolStatus:
    """The state of a spool now. ``oldest_at_ns`` is when the oldest waiting instance came, None if none waits."""

    waiting: int
    waiting_bytes: int
    oldest_at_ns: int | None
    free_bytes: int
    set_aside: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How much waits in the segments of a folder."""

    instances: int
    size: int
    oldest_at_ns: int | None


def count_waiting(folder: Path) -> WaitingCount:
    """Count what waits, from the headers of the segments alone; disturbs neither writer nor reader."""
    instances = size = 0
    oldest: int | None = None
    for name in segment_names(folder):
        try:
            walk = SegmentWalk(folder / name)
        except FileNotFoundError:
            continue
        verified = Journal(folder / name).offsets
        for offset, header in walk.records():
            if offset not in verified:
                instances, size = instances + 1, size + header.length
                oldest = min(oldest or header.arrival.received_at_ns, header.arrival.received_at_ns)
        walk.close()
    return WaitingCount(instances, size, oldest)

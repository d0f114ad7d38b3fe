"""Delivering one instance: store it, and believe that it is stored only when the archive's digest says so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from dicom_gateway.archive.results import StoredInstance
from dicom_gateway.archive.wire import ArchiveFailed, ArchiveRefused
from dicom_gateway.spool import DamagedRecord, SetAsideKind, Waiting

IN_MEMORY_BYTES = 4 << 20
"""An instance up to this size is read once; a larger one is read twice and streamed."""


class Archive(Protocol):
    """What the forwarder needs of an archive; :class:`dicom_gateway.archive.orthanc.OrthancArchive` has it."""

    def ping(self) -> None:
        """Return if it answers; raise :class:`Retriable` if not."""
        ...

    def store(self, part10: Iterable[bytes], length: int) -> StoredInstance:
        """Store one Part 10 file."""
        ...

    def find_instances(self, sop_uid: str) -> tuple[str, ...]:
        """The archive ids under which it holds this SOP Instance UID."""
        ...

    def stored_md5(self, archive_id: str) -> str:
        """MD5 (hex) of the file it holds, or empty."""
        ...

    def holds_data_set(self, archive_id: str, transfer_syntax_uid: str, sha256: str) -> bool:
        """Whether its instance has this data set."""
        ...

    def settle(self) -> None:
        """Bring what it has answered for to its disk."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """The archive holds the instance, bit for bit. ``already`` if it did before."""

    already: bool


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """The archive will never hold it: why, in a word and in a sentence."""

    kind: SetAsideKind
    reason: str


def deliver(item: Waiting, archive: Archive) -> Delivered | Undeliverable:
    """Bring one instance into the archive; doing it again changes nothing.

    Raises
    ------
    Retriable
        If the archive is away, failed, or holds something else than it was just sent.
    """
    try:
        md5, body = _read(item)
        # Before anything is stored: under another study or patient the archive would take it beside the first.
        held = archive.find_instances(item.arrival.sop_instance_uid)
        if held:
            return _compared(item, archive, held, md5)
        stored = archive.store(body, item.length)
    except DamagedRecord as damaged:
        return Undeliverable(SetAsideKind.DAMAGED, damaged.message)
    except ArchiveRefused as refused:
        return Undeliverable(SetAsideKind.REFUSED, refused.message)
    if stored.already:
        return _compared(item, archive, (stored.archive_id,), md5)
    if archive.stored_md5(stored.archive_id) != md5:
        raise ArchiveFailed("The archive did not keep what it was sent; trying again.")
    return Delivered(already=False)


def _compared(item: Waiting, archive: Archive, held: tuple[str, ...], md5: str) -> Delivered | Undeliverable:
    """The archive knows this SOP Instance UID: as the same instance, or as another."""
    sha256 = ""
    for archive_id in held:
        if archive.stored_md5(archive_id) == md5:
            return Delivered(already=True)
        sha256 = sha256 or _data_set_sha256(item)
        if archive.holds_data_set(archive_id, item.arrival.transfer_syntax_uid, sha256):
            return Delivered(already=True)
    return Undeliverable(
        SetAsideKind.OTHER_CONTENT,
        "The archive holds the same SOP Instance UID with other content. The one that came first was kept; "
        "compare the two and have the sender give the newer one a UID of its own.",
    )


def _read(item: Waiting) -> tuple[str, Iterable[bytes]]:
    """MD5 (hex, what Orthanc computes too) of the Part 10 file, and the file. Raises :class:`DamagedRecord`."""
    if item.length <= IN_MEMORY_BYTES:
        data = item.read()
        return hashlib.md5(data, usedforsecurity=False).hexdigest(), (data,)
    item.check()
    digest = hashlib.md5(usedforsecurity=False)
    for chunk in item.chunks():
        digest.update(chunk)
    return digest.hexdigest(), item.chunks()


def _data_set_sha256(item: Waiting) -> str:
    digest = hashlib.sha256()
    for chunk in item.chunks(item.data_set_at):
        digest.update(chunk)
    return digest.hexdigest()

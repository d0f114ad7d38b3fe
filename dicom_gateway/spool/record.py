"""How one instance lies in a segment: a 512-byte header, then a complete Part 10 file (PS3.10 7.1).

A segment is a file that begins with a 512-byte segment header and holds records one after the other, each
starting at a multiple of 512 so that a header never crosses a disk sector. All numbers are little endian.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

BLOCK = 512
"""Size of both headers and alignment of records, bytes: one disk sector, written whole or not at all."""

_SEGMENT_MAGIC = b"2READSEG"
_RECORD_MAGIC = b"2READREC"
_VERSION = 1
_SEGMENT = struct.Struct("<8sH6x16sQ")
_RECORD = struct.Struct("<8sH2xI16sQQI64s64s64s64s64s16s16s16s46s")
_CRC = struct.Struct("<I")
_CRC_AT = BLOCK - _CRC.size


class BadHeader(ValueError):
    """These 512 bytes are no header of this segment."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of an instance when it is received: what it is and who sent it, nothing about the patient.

    Parameters
    ----------
    sop_class_uid, sop_instance_uid
        From the C-STORE-RQ (PS3.7 9.1.1.1).
    transfer_syntax_uid
        Negotiated for the presentation context: the encoding of the stored bytes.
    calling_ae, called_ae, peer
        Who sent it to which of our titles, from which address.
    received_at_ns
        Nanoseconds since 1970 UTC.
    study_uid, series_uid, modality
        As far as the screen found them in the first bytes, else empty.
    """

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    calling_ae: str = ""
    called_ae: str = ""
    peer: str = ""
    received_at_ns: int = 0
    study_uid: str = ""
    series_uid: str = ""
    modality: str = ""


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """The header of one record.

    ``length`` is that of the Part 10 file in bytes, ``data_set_at`` where its data set begins (after preamble
    and file meta), ``crc32`` the checksum of the whole file.
    """

    arrival: Arrival
    length: int
    data_set_at: int
    crc32: int


def pack_segment_header(generation: bytes, created_at_ns: int) -> bytes:
    """The first 512 bytes of a segment; `generation` is 16 random bytes that each of its records repeats."""
    return _sealed(_SEGMENT.pack(_SEGMENT_MAGIC, _VERSION, generation, created_at_ns))


def unpack_segment_header(block: bytes) -> bytes:
    """The generation of a segment.

    Raises
    ------
    BadHeader
        If the block is damaged or of another format.
    """
    _check(block, _SEGMENT_MAGIC)
    return bytes(_SEGMENT.unpack_from(block)[2])


def pack_record_header(generation: bytes, header: RecordHeader) -> bytes:
    """The 512 bytes before a record's data."""
    a = header.arrival
    return _sealed(
        _RECORD.pack(
            _RECORD_MAGIC,
            _VERSION,
            header.data_set_at,
            generation,
            header.length,
            a.received_at_ns,
            header.crc32,
            _text(a.sop_class_uid, 64),
            _text(a.sop_instance_uid, 64),
            _text(a.transfer_syntax_uid, 64),
            _text(a.study_uid, 64),
            _text(a.series_uid, 64),
            _text(a.calling_ae, 16),
            _text(a.called_ae, 16),
            _text(a.modality, 16),
            _text(a.peer, 46),
        )
    )


def unpack_record_header(generation: bytes, block: bytes) -> RecordHeader:
    """Read a record's header.

    Raises
    ------
    BadHeader
        If the block is damaged or belongs to another segment: what a sender put into a data set is never
        taken for a header, because the sender does not know the generation.
    """
    _check(block, _RECORD_MAGIC)
    fields = _RECORD.unpack_from(block)
    if fields[3] != generation:
        raise BadHeader("the record belongs to another segment")
    text = [f.rstrip(b"\0").decode("latin-1") for f in fields[7:]]
    arrival = Arrival(
        sop_class_uid=text[0],
        sop_instance_uid=text[1],
        transfer_syntax_uid=text[2],
        study_uid=text[3],
        series_uid=text[4],
        calling_ae=text[5],
        called_ae=text[6],
        modality=text[7],
        peer=text[8],
        received_at_ns=fields[5],
    )
    return RecordHeader(arrival=arrival, length=fields[4], data_set_at=fields[2], crc32=fields[6])


def next_record(offset: int, length: int) -> int:
    """Where the record after the one at `offset` with `length` bytes of data begins."""
    end = offset + BLOCK + length
    return -(-end // BLOCK) * BLOCK


def _text(value: str, size: int) -> bytes:
    return value.encode("latin-1", "replace")[:size]


def _sealed(body: bytes) -> bytes:
    padded = body.ljust(_CRC_AT, b"\0")
    return padded + _CRC.pack(zlib.crc32(padded))


def _check(block: bytes, magic: bytes) -> None:
    if len(block) != BLOCK or block[:8] != magic:
        raise BadHeader("not a header")
    if _CRC.unpack_from(block, _CRC_AT)[0] != zlib.crc32(block[:_CRC_AT]):
        raise BadHeader("the header is damaged")
    if int.from_bytes(block[8:10], "little") != _VERSION:
        raise BadHeader("written by another version of the spool")

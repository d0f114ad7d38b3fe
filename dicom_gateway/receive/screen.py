"""A bounded look at the first bytes of a data set for the few tags that route and count it.

Never a decode: it steps over elements by their lengths, stops at the first thing it cannot step over (an undefined
length, a compressed stream, the end of the bytes) and never raises. Whatever it does not find stays empty.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SCREEN_BYTES = 16 * 1024
"""How much of a data set is looked at; the identifying groups come first (PS3.5 7.1: ascending tags)."""
_MAX_ELEMENTS = 512
_MAX_VALUE = 128

_LONG_VR = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_TAG_LENGTH = struct.Struct("<HHI")
_TAG_VR_LENGTH = struct.Struct("<HH2sH")
_LENGTH = struct.Struct("<I")
_UNDEFINED = 0xFFFFFFFF

_WANTED = {
    (0x0008, 0x0005): "character_set",
    (0x0008, 0x0016): "sop_class_uid",
    (0x0008, 0x0018): "sop_instance_uid",
    (0x0008, 0x0050): "accession",
    (0x0008, 0x0060): "modality",
    (0x0010, 0x0020): "patient_id",
    (0x0020, 0x000D): "study_uid",
    (0x0020, 0x000E): "series_uid",
}
_LAST = max(_WANTED)


@dataclass(frozen=True, slots=True)
class RoutingTags:
    """What the screen found, each empty if it did not; bytes as sent, read as Latin-1."""

    character_set: str = ""
    sop_class_uid: str = ""
    sop_instance_uid: str = ""
    accession: str = ""
    modality: str = ""
    patient_id: str = ""
    study_uid: str = ""
    series_uid: str = ""


def screen(data_set: bytes | memoryview, transfer_syntax_uid: str) -> RoutingTags:
    """Find the routing tags in the beginning of a data set."""
    if transfer_syntax_uid == "1.2.840.10008.1.2.1.99":
        return RoutingTags()  # deflated: what is inside is not looked at before it is in a limited place
    explicit = transfer_syntax_uid != "1.2.840.10008.1.2"
    head = bytes(data_set[:SCREEN_BYTES])
    found: dict[str, str] = {}
    at = 0
    for _ in range(_MAX_ELEMENTS):
        element = _step(head, at, explicit)
        if element is None:
            break
        tag, begins, length = element
        at = begins + length
        if tag > _LAST or at > len(head):
            break
        name = _WANTED.get(tag)
        if name and length <= _MAX_VALUE:
            found[name] = head[begins:at].decode("latin-1").strip(" \0")
    return RoutingTags(**found)


def _step(head: bytes, at: int, explicit: bool) -> tuple[tuple[int, int], int, int] | None:
    """Tag, where its value begins, and its length; None where no step is possible."""
    if at + 8 > len(head):
        return None
    if explicit:
        group, element, vr, length = _TAG_VR_LENGTH.unpack_from(head, at)
        at += 8
        if vr in _LONG_VR:
            if at + 4 > len(head):
                return None
            (length,) = _LENGTH.unpack_from(head, at)
            at += 4
    else:
        group, element, length = _TAG_LENGTH.unpack_from(head, at)
        at += 8
    return None if length == _UNDEFINED else ((group, element), at, length)

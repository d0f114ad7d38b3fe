"""What stands before a data set in a file: preamble, prefix and file meta information (PS3.10 7.1).

It is made from the C-STORE-RQ and the negotiated presentation context; the data set itself is never looked into.
"""

from __future__ import annotations

import struct

IMPLEMENTATION_CLASS_UID = "2.25.163705376941872378759465971919620167543"
"""Names this implementation to its peers (PS3.7 D.3.3.2); derived from a random UUID (PS3.5 B.2)."""
IMPLEMENTATION_VERSION = "SECONDREAD_0"

_SHORT = struct.Struct("<HH2sH")
_GROUP_LENGTH = struct.Struct("<HH2sHI")
_VERSION = struct.pack("<HH2sxxI", 0x0002, 0x0001, b"OB", 2) + b"\x00\x01"


def part10_prefix(sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str, source_ae: str) -> bytes:
    """The bytes before the data set; `source_ae` is the sender's AE title (0002,0016), may be empty."""
    elements = [
        _VERSION,
        _element(0x0002, b"UI", sop_class_uid.encode("ascii"), b"\0"),
        _element(0x0003, b"UI", sop_instance_uid.encode("ascii"), b"\0"),
        _element(0x0010, b"UI", transfer_syntax_uid.encode("ascii"), b"\0"),
        _element(0x0012, b"UI", IMPLEMENTATION_CLASS_UID.encode("ascii"), b"\0"),
        _element(0x0013, b"SH", IMPLEMENTATION_VERSION.encode("ascii"), b" "),
    ]
    if source_ae:
        elements.append(_element(0x0016, b"AE", source_ae.encode("ascii", "replace")[:16], b" "))
    meta = b"".join(elements)
    return bytes(128) + b"DICM" + _GROUP_LENGTH.pack(0x0002, 0x0000, b"UL", 4, len(meta)) + meta


def _element(number: int, vr: bytes, value: bytes, pad: bytes) -> bytes:
    value += pad * (len(value) % 2)
    return _SHORT.pack(0x0002, number, vr, len(value)) + value

"""Small DICOM objects made by code, in each kind of transfer syntax a hospital sends."""

from __future__ import annotations

import random
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from dicom_gateway.receive.part10 import part10_prefix

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
CT = "1.2.840.10008.5.1.4.1.1.2"
PRIVATE_CLASS = "1.3.6.1.4.1.99999.1.2"
IMPLICIT, EXPLICIT, DEFLATED = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"
JPEG_BASELINE, JPEG_LOSSLESS, RLE = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.5"
J2K_LOSSLESS, HTJ2K = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201"
ENCAPSULATED = (JPEG_BASELINE, JPEG_LOSSLESS, RLE, J2K_LOSSLESS, HTJ2K)

_LONG = (b"OB", b"OW", b"SQ", b"UN", b"UT")


@dataclass(frozen=True)
class Made:
    """An object: what it is, and the bytes of its data set."""

    sop_class_uid: str
    sop_uid: str
    transfer_syntax_uid: str
    data_set: bytes

    @property
    def part10(self) -> bytes:
        return part10_prefix(self.sop_class_uid, self.sop_uid, self.transfer_syntax_uid, "MAKER") + self.data_set

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.sop_uid}.dcm"
        path.write_bytes(self.part10)
        return path


def make(
    number: int = 1,
    *,
    syntax: str = EXPLICIT,
    sop_class: str = SECONDARY_CAPTURE,
    study: str = "2.25.1000",
    series: str = "2.25.2000",
    sop_uid: str = "",
    side: int = 16,
    seed: int = 0,
    patient_id: str = "P-1",
    issuer: str = "Höspital",
    modality: str = "OT",
) -> Made:
    """One greyscale image of `side` × `side` random 8-bit pixels.

    The data set holds what re-encoding would not give back: an odd private element and a value padded with two spaces.
    """
    noise = random.Random(f"{seed}-{number}-{syntax}-{study}-{series}")
    sop_uid = sop_uid or f"2.25.3{number:09d}{noise.randrange(10**12):012d}"
    pixels = noise.randbytes(side * side)
    elements: list[tuple[int, int, bytes, bytes]] = [
        (0x0008, 0x0005, b"CS", b"ISO_IR 100"),
        (0x0008, 0x0016, b"UI", sop_class.encode()),
        (0x0008, 0x0018, b"UI", sop_uid.encode()),
        (0x0008, 0x0020, b"DA", b"20240131"),
        (0x0008, 0x0050, b"SH", f"ACC{number % 1000}  ".encode()),
        (0x0008, 0x0060, b"CS", modality.encode()),
        (0x0008, 0x1030, b"LO", "Schädel nativ".encode("latin-1")),
        (0x0009, 0x0010, b"LO", b"MAKER"),
        (0x0009, 0x1001, b"UN", noise.randbytes(6)),
        (0x0010, 0x0010, b"PN", "Müller^Jörg".encode("latin-1")),
        (0x0010, 0x0020, b"LO", patient_id.encode()),
        (0x0010, 0x0021, b"LO", issuer.encode("latin-1")),
        (0x0010, 0x0030, b"DA", b"19501224"),
        (0x0010, 0x0040, b"CS", b"F"),
        (0x0018, 0x0015, b"CS", b"HEAD"),
        (0x0020, 0x000D, b"UI", study.encode()),
        (0x0020, 0x000E, b"UI", series.encode()),
        (0x0020, 0x0011, b"IS", b"3"),
        (0x0020, 0x0013, b"IS", str(number).encode()),
        (0x0028, 0x0002, b"US", struct.pack("<H", 1)),
        (0x0028, 0x0004, b"CS", b"MONOCHROME2"),
        (0x0028, 0x0010, b"US", struct.pack("<H", side)),
        (0x0028, 0x0011, b"US", struct.pack("<H", side)),
        (0x0028, 0x0100, b"US", struct.pack("<H", 8)),
        (0x0028, 0x0101, b"US", struct.pack("<H", 8)),
        (0x0028, 0x0102, b"US", struct.pack("<H", 7)),
        (0x0028, 0x0103, b"US", struct.pack("<H", 0)),
    ]
    explicit = syntax != IMPLICIT
    data = b"".join(_element(e, explicit) for e in elements)
    if syntax in ENCAPSULATED:
        # The gateway and the archive keep fragments as they are, so what is in them does not matter here.
        fragment = b"\xff\xd8" + pixels + b"\xff\xd9"
        data += struct.pack("<HH2sxxI", 0x7FE0, 0x0010, b"OB", 0xFFFFFFFF)
        data += _item(b"") + _item(fragment + b"\0" * (len(fragment) % 2)) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    else:
        data += _element((0x7FE0, 0x0010, b"OB", pixels), explicit)
    if syntax == DEFLATED:
        packer = zlib.compressobj(wbits=-15)
        data = packer.compress(data) + packer.flush()
        data += b"\0" * (len(data) % 2)
    return Made(sop_class, sop_uid, syntax, data)


def _element(element: tuple[int, int, bytes, bytes], explicit: bool) -> bytes:
    group, number, vr, value = element
    value += (b"\0" if vr in (b"UI", b"OB", b"UN") else b" ") * (len(value) % 2)
    if not explicit:
        return struct.pack("<HHI", group, number, len(value)) + value
    if vr in _LONG:
        return struct.pack("<HH2sxxI", group, number, vr, len(value)) + value
    return struct.pack("<HH2sH", group, number, vr, len(value)) + value


def _item(value: bytes) -> bytes:
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value

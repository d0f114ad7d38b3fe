"""What is refused before the HL7 parser sees it: the parser takes seconds for what a hostile sender can write."""

from __future__ import annotations

from dataclasses import dataclass

from dicom_gateway.hl7.errors import Rejected
from reads.model.errors import Invalid

MAX_MESSAGE_BYTES = 8 << 20
"""A report with a PDF inside stays far below."""
MAX_SEGMENTS = 10_000
MAX_SEPARATORS = 150_000
"""Fields, components, repetitions and subcomponents together; the parser makes an object for each."""

_MSH = b"MSH"


@dataclass(frozen=True, slots=True)
class Separators:
    """The five delimiters of a message (MSH-1, MSH-2)."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


def segments_of(raw: bytes) -> bytes:
    """The message with one carriage return between segments, whatever line ends were sent; blank lines dropped.

    Raises
    ------
    Rejected
        If this is not HL7 v2 at all, or larger than any report.
    """
    if len(raw) > MAX_MESSAGE_BYTES:
        raise Rejected(f"The message is longer than {MAX_MESSAGE_BYTES >> 20} MiB.")
    text = raw.replace(b"\r\n", b"\r").replace(b"\n", b"\r").strip(b"\r\x00 ")
    if not text.startswith(_MSH):
        raise Rejected("The message does not begin with MSH.")
    lines = [line for line in text.split(b"\r") if line.strip()]
    if len(lines) > MAX_SEGMENTS:
        raise Rejected(f"The message has more than {MAX_SEGMENTS} segments.")
    return b"\r".join(lines)


def separators_of(text: bytes) -> Separators:
    """The delimiters of a message that :func:`segments_of` gave; counts them too.

    Raises
    ------
    Rejected
        If MSH-1 and MSH-2 are no delimiters, or there are more of them than in any report.
    Invalid
        If a segment's name is malformed.
    """
    head = text[3:9].decode("latin-1")
    field = head[:1]
    encoding = head[1:].split(field)[0] if field else ""
    marks = field + encoding[:4]
    if len(marks) != len("|^~\\&") or len(set(marks)) != len(marks) or any(m.isalnum() or m.isspace() for m in marks):
        raise Rejected("The delimiters in MSH-1 and MSH-2 cannot be used.")
    if sum(text.count(m.encode("latin-1")) for m in marks) > MAX_SEPARATORS:
        raise Rejected("The message has more fields than any report.")
    for line in text.split(b"\r"):
        if len(line) < len(_MSH) or not line[:3].isalnum() or (len(line) > len(_MSH) and line[3:4] != text[3:4]):
            raise Invalid("A segment does not begin with a three-letter name and a field separator.")
    return Separators(marks[0], marks[1], marks[2], marks[3], marks[4])

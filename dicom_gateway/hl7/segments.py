"""A parsed message: its segments in order, their fields as text, split where they are needed."""

from __future__ import annotations

from dataclasses import dataclass

import hl7

from dicom_gateway.hl7.charset import decode
from dicom_gateway.hl7.errors import Rejected
from dicom_gateway.hl7.screen import Separators, segments_of, separators_of
from dicom_gateway.hl7.text import unescape


@dataclass(frozen=True, slots=True)
class Form:
    """How the text of a message is written: its delimiters and its codec."""

    marks: Separators
    codec: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. Fields count from 1 as in the standard; what was not sent is empty."""

    name: str
    fields: tuple[str, ...]
    form: Form

    def raw(self, number: int) -> str:
        """A field as sent, delimiters and escapes included."""
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """The repetitions of a field as sent."""
        return self.raw(number).split(self.form.marks.repetition)

    def text(self, number: int) -> str:
        """A whole field as text; its repetitions are lines."""
        return "\n".join(self.unescape(r) for r in self.repetitions(number))

    def component(self, number: int, part: int) -> str:
        """Component `part` of a field's first repetition, as text."""
        return self.part_of(self.repetitions(number)[0], part)

    def part_of(self, repetition: str, part: int) -> str:
        """The first subcomponent of component `part` of a repetition, as text."""
        return self.unescape(self.subcomponents(repetition, part)[0]).strip()

    def subcomponents(self, repetition: str, part: int) -> list[str]:
        """The subcomponents of component `part`, as sent."""
        components = repetition.split(self.form.marks.component)
        return components[part - 1].split(self.form.marks.subcomponent) if part <= len(components) else [""]

    def unescape(self, value: str) -> str:
        """Text with its escape sequences resolved; the explicit null is empty."""
        return "" if value == '""' else unescape(value, self.form.marks, self.form.codec)


@dataclass(frozen=True, slots=True)
class Message:
    """A message's segments, MSH first."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        """MSH."""
        return self.segments[0]


def header_of(raw: bytes) -> Segment:
    """MSH alone, whatever the rest is like: what an acknowledgement needs. Raises :class:`Rejected`."""
    text = segments_of(raw)
    head = text.split(b"\r", 1)[0]
    marks = separators_of(head)
    line = head.decode("latin-1")
    # MSH-1 is the separator itself, so what follows it counts from 2.
    fields = ("MSH", marks.field, *line.split(marks.field)[1:])
    return Segment("MSH", fields, Form(marks, "latin-1"))


def parse(raw: bytes) -> Message:
    """Parse a message that came whole.

    Raises
    ------
    Rejected
        If it is no HL7 v2 or exceeds what any report needs.
    reads.model.errors.Invalid
        If its segments or its character set are not what they should be.
    """
    head = header_of(raw)
    text = segments_of(raw)
    marks = separators_of(text)
    decoded, codec = decode(text, head.repetitions(18)[0])
    try:
        parsed = hl7.parse(decoded)
    except (hl7.HL7Exception, ValueError, IndexError) as error:
        raise Rejected("The message could not be parsed.") from error
    form = Form(marks, codec)
    return Message(tuple(Segment(str(s[0]), tuple(str(f) for f in s), form) for s in parsed))

"""Escape sequences in text (HL7 v2 2.7): the delimiters, line breaks, hexadecimal bytes."""

from __future__ import annotations

import re

from dicom_gateway.hl7.screen import Separators

_BREAKS = re.compile(r"\.(br|sp|sk|fi|nf|in|ti|ce)\s*([+-]?\d*)", re.IGNORECASE)
_MAX_BREAKS = 20


def unescape(value: str, marks: Separators, codec: str) -> str:
    """The text that was meant; a sequence that is not known stays as it was sent, so that nothing is lost."""
    escape = re.escape(marks.escape)
    sequence = re.compile(f"{escape}([^{escape}\r\n]*){escape}")

    def meant(found: re.Match[str]) -> str:
        return _meaning(found[1], marks, codec, found[0])

    return sequence.sub(meant, value)


def _meaning(body: str, marks: Separators, codec: str, as_sent: str) -> str:
    delimiters = {
        "F": marks.field,
        "S": marks.component,
        "T": marks.subcomponent,
        "R": marks.repetition,
        "E": marks.escape,
        "P": "#",
    }
    if body in delimiters:
        return delimiters[body]
    if body in ("H", "N"):
        return ""  # highlighting on and off
    if body[:1] == "X":
        return _hexadecimal(body[1:], codec, as_sent)
    formatting = _BREAKS.fullmatch(body)
    if formatting is None:
        return as_sent
    command, count = formatting[1].lower(), formatting[2]
    if command in ("br", "sp", "ce"):
        return "\n" * min(max(int(count or 1), 1), _MAX_BREAKS)
    if command == "sk":
        return " " * min(max(int(count or 1), 1), _MAX_BREAKS)
    return ""  # indents and filling: how it looked, not what it says


def _hexadecimal(digits: str, codec: str, as_sent: str) -> str:
    try:
        text = bytes.fromhex(digits).decode(codec)
    except (ValueError, UnicodeDecodeError):
        return as_sent
    return text.replace("\r\n", "\n").replace("\r", "\n")

"""The character sets of MSH-18 (HL7 table 0211)."""

from __future__ import annotations

from reads.model.errors import Invalid

_PYTHON = {
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "UNICODE": "utf-8",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5",
    "ISO IR87": "iso2022_jp",
    "CP1252": "cp1252",
} | {f"8859/{part}": f"iso8859_{part}" for part in (*range(1, 10), 15)}


def codec_of(msh18: str) -> str:
    """The Python codec of a message's first character set; ASCII when none is named.

    Raises :class:`Invalid` for one that is not supported.
    """
    name = msh18.strip().upper()
    if not name:
        return "ascii"
    if name not in _PYTHON:
        raise Invalid("The character set in MSH-18 is not supported; send UNICODE UTF-8.", "MSH-18")
    return _PYTHON[name]


def decode(text: bytes, msh18: str) -> tuple[str, str]:
    """The message as text, and the codec by which it was read.

    A message that names no character set should be ASCII. Where it is not, UTF-8 is recognised by its form and
    anything else read as Latin-1, in which every byte has a meaning: a report is not turned away for an umlaut.
    """
    codec = codec_of(msh18)
    try:
        return text.decode(codec), codec
    except UnicodeDecodeError:
        if codec != "ascii":
            raise Invalid("The message is not in the character set that MSH-18 names.", "MSH-18") from None
    try:
        return text.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return text.decode("latin-1"), "latin-1"

"""The transfer syntaxes we accept, in our order of preference.

pynetdicom takes the acceptor's first that the sender proposed. With the compressed ones first a sender that holds a
compressed image sends it as it is instead of decompressing it. Lossless ones come before lossy ones, so that a sender
that offers several never loses anything.
"""

from __future__ import annotations

from pynetdicom import ALL_TRANSFER_SYNTAXES

EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
IMPLICIT_LITTLE = "1.2.840.10008.1.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"

_LOSSLESS_FIRST = (
    "1.2.840.10008.1.2.4.80",  # JPEG-LS lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 lossless
    "1.2.840.10008.1.2.4.201",  # HTJ2K lossless
    "1.2.840.10008.1.2.4.202",  # HTJ2K lossless, RPCL
    "1.2.840.10008.1.2.4.70",  # JPEG lossless, first-order prediction
    "1.2.840.10008.1.2.4.57",  # JPEG lossless
    "1.2.840.10008.1.2.4.92",  # JPEG 2000 part 2 lossless
    "1.2.840.10008.1.2.4.110",  # JPEG XL lossless
    "1.2.840.10008.1.2.5",  # RLE
)
_BY_REFERENCE = frozenset({f"1.2.840.10008.1.2.4.{n}" for n in ("94", "95", "204", "205")})
"""JPIP: the pixels stay at an address on the sender's network, so the object would not be whole."""
_UNCOMPRESSED_LAST = (EXPLICIT_LITTLE, IMPLICIT_LITTLE, DEFLATED)
"""Deflated only from a sender that offers nothing else: most list it by habit and then cannot send it."""


def accepted_transfer_syntaxes() -> list[str]:
    """Every syntax in which an object can be kept as it was sent, preferred first; Big Endian (retired) never."""
    apart = {*_LOSSLESS_FIRST, *_BY_REFERENCE, *_UNCOMPRESSED_LAST, BIG_ENDIAN}
    others = [uid for uid in ALL_TRANSFER_SYNTAXES if uid not in apart]
    return [*_LOSSLESS_FIRST, *others, *_UNCOMPRESSED_LAST]

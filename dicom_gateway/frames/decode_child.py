"""The process that decodes pixels for another one: what a codec does wrong happens here, within limits.

Reads requests from its standard input and writes answers to its standard output until the input ends; see
:mod:`dicom_gateway.frames.decoder` for their form. Run as ``python -m dicom_gateway.frames.decode_child``.
"""

from __future__ import annotations

import json
import resource
import signal
import struct
import sys
from typing import IO, Any

MEMORY_BYTES = 3 * 1024**3
"""Address space; the largest mammogram needs a fifth of it."""

DEADLINE_S = 20
"""For one frame. The kernel ends the process then, wherever it is."""

LENGTH = struct.Struct(">I")


def read_part(source: IO[bytes]) -> bytes | None:
    """One length-prefixed part, or None at the end of the input."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    data = source.read(length)
    return data if len(data) == length else None


def write_parts(target: IO[bytes], *parts: bytes | memoryview) -> None:
    """Length-prefixed parts, flushed."""
    for part in parts:
        target.write(LENGTH.pack(len(part)))
        target.write(part)
    target.flush()


def main() -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold pixels
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end closes our input
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while True:
        request, header, data = read_part(source), read_part(source), read_part(source)
        if request is None or header is None or data is None:
            return
        signal.alarm(DEADLINE_S)
        answer = _answer(json.loads(request), header, data)
        signal.alarm(0)
        write_parts(target, *answer)


def _answer(request: dict[str, str | int], header: bytes, data: bytes) -> tuple[bytes, bytes | memoryview]:
    import numpy as np

    from dicom_gateway.frames.pixels import decode
    from reads.model.errors import Invalid

    try:
        pixels = decode(header, data, str(request["transfer_syntax"]), int(request["frame"]))
    except Invalid as why:
        return json.dumps({"error": why.message}).encode(), b""
    except MemoryError:
        return json.dumps({"error": "cannot be shown: decoding this image needs too much memory"}).encode(), b""
    values: Any = np.ascontiguousarray(pixels.values)
    described = {"shape": values.shape, "dtype": values.dtype.str}
    return json.dumps(described).encode(), memoryview(values).cast("B")


if __name__ == "__main__":
    main()

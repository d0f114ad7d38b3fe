"""Decodes frames in a child process with limits, so that a broken image cannot hurt the process that shows it."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from functools import cache
from typing import IO, cast

import numpy as np

from dicom_gateway.frames.decode_child import read_part, write_parts
from dicom_gateway.frames.metadata import read_header
from dicom_gateway.frames.pixels import Pixels
from reads.model.errors import Invalid

_END_WAIT_S = 5.0


class Decoder:
    """One child process, started when first needed and again after it died; calls of several threads take turns.

    A request is three parts, each a big-endian 32-bit length and its bytes: JSON ``{"transfer_syntax", "frame"}``, the
    instance's header, the frame. An answer is two: JSON ``{"shape", "dtype"}`` or ``{"error"}``, and the array.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def decode(self, header: bytes, data: bytes, transfer_syntax: str, frame: int) -> Pixels:
        """As :func:`dicom_gateway.frames.pixels.decode`, within the child's memory and time.

        Raises
        ------
        Invalid
            In words, when the frame cannot be decoded, or not within the limits.
        """
        request = json.dumps({"transfer_syntax": transfer_syntax, "frame": frame}).encode()
        with self._turn:
            described, values = self._ask(request, header, data)
        answer = json.loads(described)
        if "error" in answer:
            raise Invalid(str(answer["error"]))
        array = np.frombuffer(values, dtype=np.dtype(answer["dtype"])).reshape(answer["shape"])
        return Pixels(array, read_header(header), frame)

    def close(self) -> None:
        """End the child, if there is one."""
        with self._turn:
            self._end()

    def _ask(self, *parts: bytes) -> tuple[bytes, bytes]:
        child = self._running()
        source, target = cast("IO[bytes]", child.stdout), cast("IO[bytes]", child.stdin)
        try:
            write_parts(target, *parts)
            described, values = read_part(source), read_part(source)
        except OSError:
            described = values = None
        if described is None or values is None:
            self._end()
            raise Invalid("cannot be shown: decoding this image went beyond its limits of time or memory")
        return described, values

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self._end()
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "dicom_gateway.frames.decode_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # codecs quote what they read
                # Nothing of our environment, which holds the archive's password; threads of BLAS cost address space.
                env={"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # it is dead already: what was still to be written is lost with it
        try:
            child.wait(_END_WAIT_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@cache
def shared_decoder() -> Decoder:
    """The decoder of this process; ended when the process ends."""
    decoder = Decoder()
    atexit.register(decoder.close)
    return decoder

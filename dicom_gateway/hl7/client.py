"""Sending one HL7 message over MLLP and waiting for its acknowledgement."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

from dicom_gateway.hl7.acknowledgement import code_and_text
from reads.model.errors import Retriable

_START, _END = b"\x0b", b"\x1c\r"
_MAX_ANSWER_BYTES = 1 << 20


class NoAnswer(Retriable):
    """The listener cannot be reached or did not acknowledge in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An acknowledgement: MSA-1 (``AA``, ``AE``, ``AR``), MSA-2, MSA-3, and all of it."""

    code: str
    control_id: str
    text: str
    raw: bytes

    @property
    def accepted(self) -> bool:
        """Whether the message was taken."""
        return self.code in ("AA", "CA")


def send(host: str, port: int, message: bytes, timeout_s: float = 30.0) -> Answer:
    """Send a message (segments ended by carriage returns, no frame). Raises :class:`NoAnswer`."""
    deadline = time.monotonic() + timeout_s
    buffer = bytearray()
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(_START + message + _END)
            while _END not in buffer:
                left = deadline - time.monotonic()
                if left <= 0 or len(buffer) > _MAX_ANSWER_BYTES:
                    raise NoAnswer(f"{host}:{port} sent no acknowledgement.")
                connection.settimeout(left)
                received = connection.recv(65_536)
                if not received:
                    raise NoAnswer(f"{host}:{port} closed the connection without an acknowledgement.")
                buffer += received
    except OSError as error:
        raise NoAnswer(f"{host}:{port} cannot be reached or did not answer: is the service running?") from error
    raw = bytes(buffer[: buffer.index(_END)]).lstrip(_START)
    return Answer(*code_and_text(raw), raw=raw)

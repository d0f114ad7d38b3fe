"""The MLLP listener (HL7 v2 minimal lower layer protocol): a frame in, an acknowledgement out, one after the other."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Sequence

import structlog

from dicom_gateway.hl7.acknowledgement import AckCode, acknowledge
from dicom_gateway.hl7.errors import Rejected
from dicom_gateway.hl7.message import ACCESSION_FROM, parse_oru
from dicom_gateway.hl7.screen import MAX_MESSAGE_BYTES
from reads.model.errors import Invalid, Permanent
from reads.model.report import ReportMessage

START, END = b"\x0b", b"\x1c\r"
MESSAGE_DEADLINE_S = 30.0
"""From the first byte of a message to its last; a sender that drips bytes is cut off."""
IDLE_S = 600.0
"""A connection on which nothing is sent for so long is closed; interface engines keep theirs open."""
MAX_CONNECTIONS = 50
_RECEIVE_BYTES = 65_536

log = structlog.get_logger(__name__)
Accept = Callable[[ReportMessage, bytes], None]


class CannotListenForReports(Permanent):
    """The port is taken or the address is not ours."""


class MllpListener:
    """Takes reports and acknowledges each when `accept` has returned.

    Parameters
    ----------
    accept
        Called with a report and its message; must have committed it when it returns. What it raises decides the
        answer: :class:`Invalid` AE, anything else AR.
    accession_from
        OBR fields in which to look for the accession number.
    idle_s, deadline_s
        How long a connection may be silent, and how long one message may take to arrive.
    """

    def __init__(
        self,
        host: str,
        port: int,
        accept: Accept,
        accession_from: Sequence[str] = ACCESSION_FROM,
        idle_s: float = IDLE_S,
        deadline_s: float = MESSAGE_DEADLINE_S,
    ) -> None:
        self._address = (host, port)
        self._accept = accept
        self._accession_from = tuple(accession_from)
        self.idle_s = idle_s
        self.deadline_s = deadline_s
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """Listen; returns the port. Raises :class:`CannotListenForReports`."""
        try:
            self._server = _Server(self._address, self)
        except OSError as error:
            raise CannotListenForReports(
                f"The HL7 port {self._address[1]} on {self._address[0]} cannot be used: {error.strerror}. "
                "Stop what uses it, or choose another with --hl7-port."
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="hl7-listener", daemon=True
        )
        self._thread.start()
        log.info("hl7.listening", host=self._address[0], port=self._server.server_address[1])
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Stop listening and close the connections; a message under way is finished first or not acknowledged."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()
        self._server = None

    def answer(self, raw: bytes) -> bytes:
        """Take one message, without its frame, and return its acknowledgement."""
        try:
            for report in parse_oru(raw, self._accession_from):
                self._accept(report, raw)
        except Rejected as error:
            log.warning("hl7.rejected", why=error.message)
            return acknowledge(raw, AckCode.REJECTED, error.message)
        except Invalid as error:
            log.warning("hl7.invalid", why=error.message, field=error.field)
            return acknowledge(raw, AckCode.ERROR, error.message, error.field or "")
        except Exception as error:  # noqa: BLE001  ours to mend whatever it is; its text may hold patient data
            log.error("hl7.failed", error=type(error).__name__)
            return acknowledge(raw, AckCode.REJECTED, "The report could not be kept just now; send it again later.")
        return acknowledge(raw, AckCode.ACCEPTED)


class _Server(socketserver.ThreadingTCPServer):
    """Counts connections before a thread is started for one."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], listener: MllpListener) -> None:
        self.listener = listener
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Connection)

    def verify_request(self, request: object, client_address: object) -> bool:
        with self._guard:
            if len(self._open) >= MAX_CONNECTIONS:
                log.warning("hl7.too_many_connections", limit=MAX_CONNECTIONS)
                return False
            self._open.add(request)  # type: ignore[arg-type]  # a TCP server is given sockets
            return True

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End the waiting of every connection."""
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RD)
                except OSError:
                    continue  # it ended by itself

    def handle_error(self, request: object, client_address: object) -> None:
        log.error("hl7.connection_failed")


class _Connection(socketserver.BaseRequestHandler):
    """One connection: messages one after the other until the sender closes, is silent, or breaks the framing."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer = bytearray()
        while True:
            try:
                message = self._message(buffer)
            except OSError:  # also its patience running out
                return
            if message is None:
                return
            answer = self.server.listener.answer(message)
            try:
                self.request.settimeout(self.server.listener.deadline_s)
                self.request.sendall(START + answer + END)
            except OSError:
                return  # it will send the message again, and a repeat changes nothing

    def _message(self, buffer: bytearray) -> bytes | None:
        """The next message without its frame; None at the end of the connection or of our patience."""
        listener = self.server.listener
        deadline: float | None = None
        searched = 0
        while True:
            if buffer and deadline is None:
                deadline = time.monotonic() + listener.deadline_s
            if buffer and not buffer.startswith(START):
                del buffer[: max(0, buffer.find(START)) or len(buffer)]  # between frames nothing has a meaning
                deadline, searched = None, 0
                continue
            end = buffer.find(END, searched)
            if end >= 0:
                message = bytes(buffer[1:end])
                del buffer[: end + len(END)]
                return message
            searched = max(0, len(buffer) - 1)
            if len(buffer) > MAX_MESSAGE_BYTES:
                too_long = acknowledge(bytes(buffer[1:4096]), AckCode.REJECTED, "The message is too long.")
                self.request.sendall(START + too_long + END)
                return None
            patience = listener.idle_s if deadline is None else deadline - time.monotonic()
            if patience <= 0:
                return None
            self.request.settimeout(patience)
            received = self.request.recv(_RECEIVE_BYTES)
            if not received:
                return None
            buffer += received

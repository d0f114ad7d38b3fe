"""A C-STORE SCU of a few lines on a bare socket (PS3.8 9.3, PS3.7 9.3.1): knows at once when its peer dies."""

from __future__ import annotations

import socket
import struct

from tests.integration.gateway.objects import Made

SUCCESS = 0x0000
_PDV_BYTES = 16_000
_TIMEOUT_S = 30.0


class RawSender:
    """One association; every fault of the connection is an :class:`OSError`."""

    def __init__(self, port: int, kinds: set[tuple[str, str]]) -> None:
        """Propose one presentation context for each (SOP class, transfer syntax)."""
        self._contexts = {kind: 2 * n + 1 for n, kind in enumerate(sorted(kinds))}
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> RawSender:
        try:
            self._socket.sendall(_associate_rq(self._contexts))
            kind, body = self._pdu()
        except OSError:
            self._socket.close()
            raise
        assert kind == 2, f"the association was not accepted: PDU type {kind}, {body!r}"
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        try:
            if failed is None:
                self._socket.sendall(struct.pack(">BxII", 5, 4, 0))
                self._pdu()
        finally:
            self._socket.close()

    def store(self, made: Made) -> int:
        """Send one object; the status of the answer."""
        context = self._contexts[(made.sop_class_uid, made.transfer_syntax_uid)]
        parts = [made.data_set[at : at + _PDV_BYTES] for at in range(0, len(made.data_set), _PDV_BYTES)]
        pdvs = [_pdv(context, 3, _store_rq(made))]
        pdvs += [_pdv(context, 2 if n == len(parts) - 1 else 0, part) for n, part in enumerate(parts)]
        self._socket.sendall(b"".join(struct.pack(">BxI", 4, len(p)) + p for p in pdvs))
        kind, body = self._pdu()
        if kind != 4:
            raise ConnectionAbortedError("the association was aborted")
        at = 6
        while at < len(body):
            group, element, length = struct.unpack_from("<HHI", body, at)
            if (group, element) == (0x0000, 0x0900):
                return int(struct.unpack_from("<H", body, at + 8)[0])
            at += 8 + length
        raise AssertionError("an answer without a status")

    def _pdu(self) -> tuple[int, bytes]:
        kind, length = struct.unpack(">BxI", self._exactly(6))
        return kind, self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        received = b""
        while len(received) < length:
            part = self._socket.recv(length - len(received))
            if not part:
                raise ConnectionResetError("the connection ended")
            received += part
        return received


def _associate_rq(contexts: dict[tuple[str, str], int]) -> bytes:
    items = _item(0x10, b"1.2.840.10008.3.1.1.1")
    for (sop_class, syntax), number in contexts.items():
        proposed = _item(0x30, sop_class.encode()) + _item(0x40, syntax.encode())
        items += _item(0x20, struct.pack("Bxxx", number) + proposed)
    items += _item(0x50, _item(0x51, struct.pack(">I", 16_384)) + _item(0x52, b"2.25.1"))
    body = struct.pack(">Hxx16s16s32x", 1, b"SECONDREAD".ljust(16), b"RAW".ljust(16)) + items
    return struct.pack(">BxI", 1, len(body)) + body


def _item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(value)) + value


def _pdv(context: int, control: int, value: bytes) -> bytes:
    return struct.pack(">IBB", len(value) + 2, context, control) + value


def _store_rq(made: Made) -> bytes:
    body = b"".join(
        (
            _element(0x0002, made.sop_class_uid.encode()),
            _element(0x0100, struct.pack("<H", 0x0001)),
            _element(0x0110, struct.pack("<H", 1)),
            _element(0x0700, struct.pack("<H", 0)),
            _element(0x0800, struct.pack("<H", 0x0001)),
            _element(0x1000, made.sop_uid.encode()),
        )
    )
    return _element(0x0000, struct.pack("<I", len(body))) + body


def _element(number: int, value: bytes) -> bytes:
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HHI", 0x0000, number, len(value)) + value

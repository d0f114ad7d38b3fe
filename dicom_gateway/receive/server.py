"""The DICOM receiver: C-ECHO and C-STORE SCP (PS3.4 A, B) on pynetdicom, into the spool."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from pynetdicom import AE, evt
from pynetdicom.transport import ThreadedAssociationServer

from dicom_gateway.receive.negotiation import Negotiation
from dicom_gateway.receive.part10 import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from dicom_gateway.receive.refusals import SUCCESS
from dicom_gateway.receive.stock_store import StockStore
from dicom_gateway.spool import Arrival, Spool
from reads.model.errors import Permanent

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReceiverConfig:
    """How the receiver listens.

    Parameters
    ----------
    host, port
        Where; port 0 takes a free one.
    ae_title
        Ours. Senders may call any title: a title is no identity.
    maximum_associations
        At the same time; one more is rejected with "local limit exceeded" (PS3.8 9.3.4).
    maximum_pdu_bytes
        What we ask senders to keep to (PS3.8 D.1); 0 would let one PDU fill the memory.
    acse_timeout_s, network_timeout_s
        For the association messages, and for a silent connection.
    """

    host: str = "127.0.0.1"
    port: int = 11112
    ae_title: str = "SECONDREAD"
    maximum_associations: int = 100
    maximum_pdu_bytes: int = 131_072
    acse_timeout_s: float = 30.0
    network_timeout_s: float = 120.0


class CannotListen(Permanent):
    """The port is taken or the address is not ours."""


class Receiver:
    """A C-ECHO and C-STORE SCP. Success is answered when, and only when, the spool has the instance on its disk."""

    def __init__(
        self, config: ReceiverConfig, spool: Spool, on_event: Callable[[str, Arrival | None], None] | None = None
    ) -> None:
        """`on_event` is called with ``"echo"``, or ``"stored"`` and the arrival, after the fact; it must not fail."""
        self._config = config
        self._spool = spool
        self._on_event = on_event or _ignore
        self._server: ThreadedAssociationServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """Listen; returns the port. Raises :class:`CannotListen`."""
        config, negotiation = self._config, Negotiation()
        store = StockStore(self._spool, lambda arrival: self._on_event("stored", arrival))
        handlers: list[Any] = [
            (evt.EVT_REQUESTED, negotiation.offer),
            (evt.EVT_SOP_COMMON, negotiation.declare),
            (evt.EVT_C_ECHO, self._echo),
            (evt.EVT_C_STORE, store.store),
        ]
        try:
            server = _application_entity(config).make_server(
                (config.host, config.port),
                contexts=negotiation.contexts_for(set()),
                evt_handlers=handlers,
                server_class=_Server,
            )
        except OSError as error:
            raise CannotListen(
                f"The DICOM port {config.port} on {config.host} cannot be used: {error.strerror}. "
                "Stop what uses it, or choose another with --dicom-port."
            ) from error
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="dicom-listener", daemon=True)
        self._thread.start()
        port = int(server.server_address[1])
        log.info("receive.listening", host=config.host, port=port, ae_title=config.ae_title)
        return port

    def stop(self) -> None:
        """Stop listening and abort what is under way; senders send again what was not acknowledged."""
        if self._server is None:
            return
        associations = self._server.active_associations
        self._server.shutdown()
        for association in associations:
            association.abort()
        if self._thread:
            self._thread.join()
        self._server = None

    def _echo(self, _event: evt.Event) -> int:
        self._on_event("echo", None)
        return SUCCESS


class _Server(ThreadedAssociationServer):
    """pynetdicom's server with a queue for bursts of connections and answers that are sent at once."""

    request_queue_size = 128
    daemon_threads = True

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        client, address = super().get_request()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client, address

    def shutdown(self) -> None:
        # Not pynetdicom's, which takes the server off a list on which only AE.start_server() puts one.
        socketserver.BaseServer.shutdown(self)
        self.server_close()


def _application_entity(config: ReceiverConfig) -> AE:
    entity = AE(config.ae_title)
    entity.implementation_class_uid = IMPLEMENTATION_CLASS_UID
    entity.implementation_version_name = IMPLEMENTATION_VERSION
    entity.maximum_associations = config.maximum_associations
    entity.maximum_pdu_size = config.maximum_pdu_bytes
    entity.acse_timeout = config.acse_timeout_s
    entity.dimse_timeout = config.network_timeout_s
    entity.network_timeout = config.network_timeout_s
    return entity


def _ignore(_what: str, _arrival: Arrival | None) -> None:
    """Nobody listens."""

"""Opening an association as its requestor (PS3.8 7.1)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pynetdicom import AE, evt
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext

from reads.model.errors import Retriable

TIMEOUT_S = 30.0
WAKE_S = 1.0


class NoAssociation(Retriable):
    """The other node cannot be reached or refuses us."""


@contextmanager
def association(
    host: str, port: int, calling_ae: str, called_ae: str, contexts: Sequence[PresentationContext]
) -> Iterator[Association]:
    """An established association; released at a clean exit, aborted when an exception leaves the block.

    Raises :class:`NoAssociation`.
    """
    entity = AE(calling_ae)
    entity.connection_timeout = entity.acse_timeout = TIMEOUT_S
    entity.dimse_timeout = entity.network_timeout = 4 * TIMEOUT_S
    opened = entity.associate(
        host,
        port,
        list(contexts),
        ae_title=called_ae,
        max_pdu=131_072,
        evt_handlers=[(evt.EVT_CONN_CLOSE, _wake_again)],
    )
    if not opened.is_established:
        raise NoAssociation(f"No DICOM association with {called_ae} at {host}:{port}: is it up, and our title known?")
    wrapped = opened.dul.socket
    if wrapped is not None and wrapped.socket is not None:
        wrapped.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield opened
    except BaseException:
        opened.abort()
        raise
    if opened.is_established:
        opened.release()


def _wake_again(event: evt.Event) -> None:
    """Wake whoever waits for an answer on a connection that is lost.

    pynetdicom does so once, by an empty message; its own loop may take that away just before a request begins to
    wait, which then lasts until the timeout.
    """
    queue = event.assoc.dimse.msg_queue
    later = threading.Timer(WAKE_S, queue.put, ((None, None),))
    later.daemon = True
    later.start()

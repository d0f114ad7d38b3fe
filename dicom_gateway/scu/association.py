"""Opening an association as its requestor (PS3.8 7.1)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext

from reads.model.errors import Retriable

TIMEOUT_S = 30.0


class NoAssociation(Retriable):
    """The other node cannot be reached or refuses us."""


class _Parked(threading.Event):
    """Holds an association's own loop still, so that answers are taken by those who asked.

    pynetdicom stops its loop for each request, but takes a loop that is just leaving its pause for one that rests in
    it; the loop then takes the answer off the queue and the request waits until its timeout.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        """The loop rests here until :meth:`unpark`."""
        self.reached.set()
        return super().wait(timeout)

    def set(self) -> None:
        """What pynetdicom calls after each request so that its loop goes on: not yet."""

    def unpark(self) -> None:
        """Let the loop go on."""
        super().set()


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
    opened = entity.associate(host, port, list(contexts), ae_title=called_ae, max_pdu=131_072)
    if not opened.is_established:
        raise NoAssociation(f"No DICOM association with {called_ae} at {host}:{port}: is it up, and our title known?")
    wrapped = opened.dul.socket
    if wrapped is not None and wrapped.socket is not None:
        wrapped.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    parked = _Parked()
    opened._reactor_checkpoint = parked
    try:
        if not parked.reached.wait(TIMEOUT_S):
            raise NoAssociation(f"The association with {called_ae} at {host}:{port} was lost as soon as it stood.")
        yield opened
    except BaseException:
        parked.unpark()
        opened.abort()
        raise
    parked.unpark()
    if opened.is_established:
        opened.release()

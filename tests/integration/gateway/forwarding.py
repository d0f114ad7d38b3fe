"""A forwarder at work, for one test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dicom_gateway.forward.deliver import Archive
from dicom_gateway.forward.worker import Forwarder
from dicom_gateway.spool import Arrival, Spool, SpoolConfig
from tests.integration.gateway.objects import Made

SIZES = SpoolConfig(reserve_bytes=0, large_bytes=1 << 20)


def spool_in(folder: Path) -> Spool:
    return Spool.open(folder, SIZES)


def put(spool: Spool, *objects: Made, sender: str = "MAKER") -> None:
    """Store objects in a spool as the receiver does."""
    for number, made in enumerate(objects):
        arrival = Arrival(made.sop_class_uid, made.sop_uid, made.transfer_syntax_uid, sender, received_at_ns=number + 1)
        prefix = made.part10[: -len(made.data_set)]
        spool.append(arrival, prefix, (made.data_set,))


@contextmanager
def forwarding(folder: Path, archive: Archive) -> Iterator[Forwarder]:
    """Run a forwarder on the spool in `folder`."""
    spool, stop = spool_in(folder), threading.Event()
    forwarder = Forwarder(spool, archive)
    thread = threading.Thread(target=forwarder.run, args=(stop,))
    thread.start()
    try:
        yield forwarder
    finally:
        stop.set()
        thread.join()
        spool.close()

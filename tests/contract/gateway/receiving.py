"""A receiver with its spool, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dicom_gateway.receive.server import Receiver, ReceiverConfig
from dicom_gateway.spool import Arrival, Spool, SpoolConfig, Waiting

ANY_PORT = ReceiverConfig(port=0)
NO_RESERVE = SpoolConfig(reserve_bytes=0)


@dataclass
class Receiving:
    """A receiver that listens; ``events`` is what it told."""

    folder: Path
    port: int = 0
    events: list[tuple[str, Arrival | None]] = field(default_factory=list)

    def stored(self) -> list[Waiting]:
        """Everything in the spool, as a forwarder would find it."""
        reader = Spool.open(self.folder)
        return reader.take(1_000_000)

    def data_sets(self) -> dict[str, bytes]:
        """SOP Instance UID to the bytes of the data set."""
        return {i.arrival.sop_instance_uid: b"".join(i.chunks(i.data_set_at)) for i in self.stored()}


@contextmanager
def receiving(folder: Path, config: ReceiverConfig = ANY_PORT, sizes: SpoolConfig = NO_RESERVE) -> Iterator[Receiving]:
    """Run a receiver on a free port of loopback."""
    spool = Spool.open(folder, sizes)
    running = Receiving(folder)
    receiver = Receiver(config, spool, lambda what, arrival: running.events.append((what, arrival)))
    running.port = receiver.start()
    try:
        yield running
    finally:
        receiver.stop()
        spool.close()

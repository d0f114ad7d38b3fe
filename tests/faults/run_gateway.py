"""The receiving process of a fault test: ``python -m tests.faults.run_gateway SPOOL PORT``; prints its port when up."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from dicom_gateway.receive.server import Receiver, ReceiverConfig
from dicom_gateway.spool import Spool, SpoolConfig

SIZES = SpoolConfig(reserve_bytes=0, segment_bytes=1 << 18, large_bytes=1 << 15)
"""Small, so that segments are finished and large objects met within a short test."""

if __name__ == "__main__":
    receiver = Receiver(ReceiverConfig(port=int(sys.argv[2])), Spool.open(Path(sys.argv[1]), SIZES))
    sys.stdout.write(f"\nport {receiver.start()}\n")
    sys.stdout.flush()
    signal.pause()

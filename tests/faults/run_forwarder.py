"""The forwarding process of a fault test: ``python -m tests.faults.run_forwarder SPOOL``; the archive on its stdin."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from dicom_gateway.archive import ArchiveAccess, OrthancArchive
from dicom_gateway.forward.worker import Forwarder
from dicom_gateway.spool import Spool
from tests.faults.run_gateway import SIZES

if __name__ == "__main__":
    named = json.loads(sys.stdin.readline())
    archive = OrthancArchive(ArchiveAccess(named["url"], named["username"], named["password"]))
    Forwarder(Spool.open(Path(sys.argv[1]), SIZES), archive).run(threading.Event())

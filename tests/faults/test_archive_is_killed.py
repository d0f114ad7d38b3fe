"""What was acknowledged is in the archive although the archive is killed while it stores (R2)."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

from dicom_gateway.archive import OrthancArchive, OrthancChild
from dicom_gateway.spool import Spool
from tests.faults.processes import forwarder
from tests.faults.run_gateway import SIZES
from tests.integration.gateway.forwarding import put
from tests.integration.gateway.objects import make
from tests.integration.gateway.patience import until

INSTANCES = 600
KILLS = 10
DEADLINE_S = 200.0


def test_an_acknowledged_instance_survives_the_death_of_the_archive(tmp_path: Path, seed: int) -> None:
    moments = random.Random(seed)
    child = OrthancChild(tmp_path / "orthanc")
    access = child.start()
    objects = [make(n, study=f"2.25.62.{n % 5}", series=f"2.25.62.{n % 5}.1", seed=62) for n in range(INSTANCES)]
    spool = Spool.open(tmp_path / "spool", SIZES)
    put(spool, *objects)
    spool.close()
    forwarding = forwarder(tmp_path / "spool", access)
    forwarding.start()
    try:
        with OrthancArchive(access) as archive:
            for stored in sorted(moments.randrange(1, INSTANCES - 20) for _ in range(KILLS)):
                until(lambda n=stored: archive.statistics().instances >= n, f"{stored} stored", DEADLINE_S)  # type: ignore[misc]
                pid = child.pid
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
                if moments.random() < 0.3:
                    forwarding.kill()  # both together
                    forwarding.start()
                until(lambda: not child.alive(), "its death is seen")
                child.start(again=access)
            until(lambda: Spool.open(tmp_path / "spool", SIZES).status().waiting == 0, "the spool is empty", DEADLINE_S)
            differing = [o.sop_uid for o in objects if archive.instance_file(o.sop_uid) != o.part10]
            assert differing == []
            assert archive.statistics().instances == INSTANCES
            assert Spool.open(tmp_path / "spool", SIZES).status().set_aside == ()
    finally:
        forwarding.kill()
        child.stop()

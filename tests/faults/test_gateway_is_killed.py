"""What was acknowledged is in the archive, bit for bit and once, however often the gateway is killed (R1)."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest

from dicom_gateway.archive import ArchiveAccess, OrthancArchive
from dicom_gateway.spool import Spool
from tests.faults.processes import Process, Sender, forwarder, gateway
from tests.faults.run_gateway import SIZES
from tests.integration.gateway.objects import JPEG_BASELINE, Made, make
from tests.integration.gateway.patience import until

STORES = 2_000
ASSOCIATIONS = 4
KILLS_OF_GATEWAY = 20
KILLS_OF_FORWARDER = 6
DEADLINE_S = 400.0


def test_an_acknowledged_instance_survives_every_kill(
    tmp_path: Path, orthanc: ArchiveAccess, archive: OrthancArchive, seed: int
) -> None:
    moments = random.Random(seed)
    objects = [_object(n, moments) for n in range(STORES)]
    port, spool = _free_port(), tmp_path / "spool"
    receiving, forwarding = gateway(spool, port), forwarder(spool, orthanc)
    senders = [Sender(port, objects[n::ASSOCIATIONS]) for n in range(ASSOCIATIONS)]
    kills = _when(moments, KILLS_OF_GATEWAY, receiving) + _when(moments, KILLS_OF_FORWARDER, forwarding)
    receiving.start()
    forwarding.start()
    try:
        for sender in senders:
            sender.start()
        for moment, victim in sorted(kills, key=lambda k: k[0]):
            until(lambda m=moment: _acknowledged(senders) >= m, f"{moment} acknowledged", DEADLINE_S)  # type: ignore[misc]
            victim.kill()
            victim.start()
        for sender in senders:
            sender.join(DEADLINE_S)
        assert _acknowledged(senders) == STORES
        until(lambda: Spool.open(spool, SIZES).status().waiting == 0, "the spool is empty", DEADLINE_S)
    finally:
        receiving.kill()
        forwarding.kill()
    assert sum(s.associations for s in senders) > ASSOCIATIONS  # the kills were felt
    lost = [o.sop_uid for o in objects if len(archive.find_instances(o.sop_uid)) != 1]
    differing = [o.sop_uid for o in objects if not archive.instance_file(o.sop_uid).endswith(o.data_set)]
    assert (lost, differing) == ([], [])
    assert Spool.open(spool, SIZES).status().set_aside == ()


def _object(number: int, moments: random.Random) -> Made:
    side = 200 if number % 50 == 0 else moments.choice((8, 16, 40))  # every fiftieth is large for this spool
    syntax = {"syntax": JPEG_BASELINE} if number % 3 == 0 else {}
    study = f"2.25.61.{number % 8}"
    return make(number, side=side, study=study, series=study + ".1", seed=61, **syntax)


def _when(moments: random.Random, kills: int, victim: Process) -> list[tuple[int, Process]]:
    """At how many acknowledged stores the victim is killed; the last early enough for something to follow."""
    return [(moments.randrange(1, STORES - 50), victim) for _ in range(kills)]


def _acknowledged(senders: list[Sender]) -> int:
    return sum(len(s.acknowledged) for s in senders)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("times", [3])
def test_a_gateway_that_is_killed_at_once_again_and_again_starts_every_time(tmp_path: Path, times: int) -> None:
    port = _free_port()
    receiving = gateway(tmp_path / "spool", port)
    for _ in range(times):
        assert receiving.start() == f"port {port}"
        receiving.kill()

"""Whoever wants to know of studies is told of each, as it grows, and once more when it rests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dicom_gateway.archive import ArchiveAccess, OrthancArchive, OrthancChild
from dicom_gateway.forward.arrivals import ArrivalFeed
from reads.model.errors import Retriable
from reads.model.study import Study
from tests.integration.gateway.objects import Made, make
from tests.integration.gateway.patience import until


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OrthancArchive]:
    """An archive that nobody else writes to."""
    child = OrthancChild(tmp_path / "orthanc", stable_age_s=1)
    with OrthancArchive(child.start()) as archive:
        yield archive
    child.stop()


class Told:
    def __init__(self, fault: Callable[[Study], Exception | None] = lambda _: None) -> None:
        self.studies: list[Study] = []
        self.fault = fault
        self.calls = 0

    def __call__(self, study: Study) -> None:
        self.calls += 1
        fault = self.fault(study)
        if fault:
            raise fault
        self.studies.append(study)

    def last(self, study_uid: str) -> Study | None:
        return next((s for s in reversed(self.studies) if s.study_uid == study_uid), None)

    def rests(self, study_uid: str, instances: int) -> bool:
        last = self.last(study_uid)
        return last is not None and last.stable and last.instances == instances


@contextmanager
def following(archive: OrthancArchive, place: Path, told: Told) -> Iterator[None]:
    stop = threading.Event()
    feed = ArrivalFeed(archive, place, told, poll_s=0.05)
    thread = threading.Thread(target=feed.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def keep(archive: OrthancArchive, *objects: Made) -> None:
    for made in objects:
        archive.store((made.part10,), len(made.part10))


def test_a_study_is_told_while_it_arrives_and_when_it_rests(own: OrthancArchive, tmp_path: Path) -> None:
    told = Told()
    with following(own, tmp_path / "place", told):
        keep(own, make(1, study="2.25.41"))
        first = until(lambda: told.last("2.25.41"), "the study is told")
        assert (first.instances, first.stable, first.patient.identifier) == (1, False, "P-1")
        keep(own, *(make(n, study="2.25.41") for n in range(2, 30)))
        until(lambda: told.rests("2.25.41", 29), "the whole study is told at rest")
    assert told.calls < 29  # changes are gathered


def test_instances_that_come_after_the_rest_are_told_too(own: OrthancArchive, tmp_path: Path) -> None:
    told = Told()
    with following(own, tmp_path / "place", told):
        keep(own, make(1, study="2.25.42"))
        until(lambda: told.rests("2.25.42", 1), "the study rests")
        keep(own, make(2, study="2.25.42"))
        until(lambda: told.rests("2.25.42", 2), "it is told with the late instance, at rest again")


def test_studies_that_come_together_are_kept_apart(own: OrthancArchive, tmp_path: Path) -> None:
    told, counts = Told(), {f"2.25.43.{n}": n for n in range(1, 6)}
    with following(own, tmp_path / "place", told):
        for study, count in counts.items():
            keep(own, *(make(n, study=study, series=study + ".1", patient_id=study) for n in range(count)))
        for study, count in counts.items():
            until(lambda s=study, c=count: told.rests(s, c), f"{study} is told whole")  # type: ignore[misc]


def test_what_came_while_nobody_followed_is_told_afterwards(own: OrthancArchive, tmp_path: Path) -> None:
    told = Told()
    with following(own, tmp_path / "place", told):
        keep(own, make(1, study="2.25.44"))
        until(lambda: told.rests("2.25.44", 1), "the study rests")
    keep(own, make(2, study="2.25.44"), make(1, study="2.25.45"))
    again = Told()
    with following(own, tmp_path / "place", again):
        until(lambda: again.rests("2.25.44", 2) and again.rests("2.25.45", 1), "both are told")


def test_a_study_that_was_told_and_rests_is_not_told_again_after_a_restart(own: OrthancArchive, tmp_path: Path) -> None:
    told = Told()
    with following(own, tmp_path / "place", told):
        keep(own, make(1, study="2.25.46"))
        until(lambda: told.rests("2.25.46", 1), "the study rests")
    again = Told()
    with following(own, tmp_path / "place", again):
        keep(own, make(1, study="2.25.47"))
        until(lambda: again.rests("2.25.47", 1), "the new study is told")
    assert again.last("2.25.46") is None


def test_a_database_that_is_away_is_told_when_it_is_back(own: OrthancArchive, tmp_path: Path) -> None:
    away = threading.Event()
    away.set()
    told = Told(lambda _: Retriable("locked") if away.is_set() else None)
    with following(own, tmp_path / "place", told):
        keep(own, make(1, study="2.25.48"))
        until(lambda: told.calls > 2, "it is tried in vain")
    with following(own, tmp_path / "place", told):  # nor is it forgotten over a restart
        away.clear()
        until(lambda: told.rests("2.25.48", 1), "it is told in the end")


def test_a_study_that_cannot_be_taken_in_does_not_hold_up_the_others(own: OrthancArchive, tmp_path: Path) -> None:
    told = Told(lambda s: ValueError("bad") if s.study_uid == "2.25.49" else None)
    with following(own, tmp_path / "place", told):
        keep(own, make(1, study="2.25.49"), make(1, study="2.25.50"))
        until(lambda: told.rests("2.25.50", 1), "the other is told")
        told.fault = lambda _: None
        until(lambda: told.rests("2.25.49", 1), "and it is, once it can be")


def test_a_place_that_cannot_be_read_begins_anew(own: OrthancArchive, tmp_path: Path) -> None:
    keep(own, make(1, study="2.25.51"))
    (tmp_path / "place").write_text("{broken")
    told = Told()
    with following(own, tmp_path / "place", told):
        until(lambda: told.rests("2.25.51", 1), "the study is told")


def test_an_archive_that_was_emptied_begins_a_new_log(own: OrthancArchive, tmp_path: Path) -> None:
    (tmp_path / "place").write_text('{"cursor": 100000, "pending": []}')
    told = Told()
    with following(own, tmp_path / "place", told):
        keep(own, make(1, study="2.25.52"))
        until(lambda: told.rests("2.25.52", 1), "the study is told")


def test_an_archive_that_is_killed_in_between_loses_no_study(tmp_path: Path) -> None:
    import os
    import signal

    child = OrthancChild(tmp_path / "orthanc", stable_age_s=1)
    access: ArchiveAccess = child.start()
    told = Told()
    with OrthancArchive(access) as archive, following(archive, tmp_path / "place", told):
        keep(archive, make(1, study="2.25.53"), make(2, study="2.25.53"))
        until(lambda: told.last("2.25.53"), "the study is told")
        assert access.pid is not None
        os.kill(access.pid, signal.SIGKILL)
        until(lambda: not child.alive(), "the child's death is seen")
        child.start(again=access)
        until(lambda: told.rests("2.25.53", 2), "it is told at rest by the archive of after")
    child.stop()

"""Orthanc through our adapter: what it answers, and the traps of its client."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pydicom
import pytest
from orthanc_rest_client import Orthanc, endpoints
from requests.adapters import HTTPAdapter

from dicom_gateway.archive import ArchiveAccess, OrthancArchive, OrthancChild
from dicom_gateway.archive.child import OrthancMissing
from dicom_gateway.archive.wire import ArchiveAway, ArchiveRefused
from reads.model.errors import NotFound, Retriable
from tests.integration.gateway.objects import CT, EXPLICIT, JPEG_BASELINE, Made, make
from tests.integration.gateway.patience import until

PARENT = """
import sys, pathlib
from dicom_gateway.archive import OrthancChild
child = OrthancChild(pathlib.Path(sys.argv[1]))
print(child.start().pid, flush=True)
sys.stdin.read()
"""


def keep(archive: OrthancArchive, *objects: Made) -> None:
    for made in objects:
        archive.store((made.part10,), len(made.part10))


def test_a_study_is_told_in_our_words(archive: OrthancArchive) -> None:
    keep(archive, *(make(n, study="2.25.31", series="2.25.31.1") for n in (2, 1, 3)))
    keep(archive, make(9, study="2.25.31", series="2.25.31.2", modality="SR"))
    study = archive.study("2.25.31")
    assert study is not None
    patient = study.patient
    assert (patient.identifier, patient.issuer, patient.name) == ("P-1", "H\u00f6spital", "M\u00fcller^J\u00f6rg")
    assert (str(patient.birth_date), patient.sex) == ("1950-12-24", "F")
    assert (str(study.studied_on), study.description, study.body_part) == ("2024-01-31", "Sch\u00e4del nativ", "HEAD")
    assert study.instances == 4
    assert {s.series_uid: s.instances for s in study.series} == {"2.25.31.1": 3, "2.25.31.2": 1}
    assert set(study.modalities) == {"OT", "SR"}
    assert study.sender == "MAKER"
    assert study.first_seen is not None
    assert study.last_seen is not None


def test_instances_come_in_their_order_with_their_class(archive: OrthancArchive) -> None:
    objects = [make(n, study="2.25.32", series="2.25.32.1", sop_class=CT) for n in (10, 2, 1)]
    keep(archive, *objects)
    refs = archive.series_instances("2.25.32.1")
    assert [r.instance_number for r in refs] == [1, 2, 10]
    assert [r.sop_uid for r in refs] == [o.sop_uid for o in reversed(objects)]
    assert {(r.sop_class_uid, r.frames) for r in refs} == {(CT, 1)}


def test_files_headers_and_frames_are_as_stored(archive: OrthancArchive) -> None:
    plain, packed = make(1, study="2.25.33"), make(2, study="2.25.33", syntax=JPEG_BASELINE)
    keep(archive, plain, packed)
    assert archive.instance_file(plain.sop_uid) == plain.part10
    header = archive.header(plain.sop_uid)
    assert plain.part10.startswith(header)
    assert len(header) < len(plain.part10) - 200
    assert pydicom.dcmread(io.BytesIO(header)).Rows == 16
    assert archive.frame(plain.sop_uid, 1) == (plain.data_set[-256:], EXPLICIT)
    frame, syntax = archive.frame(packed.sop_uid, 1)
    assert (frame, syntax) == (pydicom.dcmread(io.BytesIO(packed.part10)).PixelData[16:], JPEG_BASELINE)


def test_what_the_archive_does_not_hold_is_not_found(archive: OrthancArchive) -> None:
    made = make(1, study="2.25.34")
    keep(archive, made)
    assert archive.study("2.25.3499") is None
    assert archive.study("not a uid'; --") is None
    for call in (
        lambda: archive.series_instances("2.25.3499"),
        lambda: archive.instance_file("2.25.3499"),
        lambda: archive.header("2.25.3499"),
        lambda: archive.frame("2.25.3499", 1),
        lambda: archive.frame(made.sop_uid, 2),
        lambda: archive.frame(made.sop_uid, 0),
        lambda: archive.instance_file("../../etc/passwd"),
    ):
        with pytest.raises(NotFound):
            call()


def test_what_is_no_dicom_is_refused_with_orthancs_reason(archive: OrthancArchive) -> None:
    with pytest.raises(ArchiveRefused, match="invalid DICOM file"):
        archive.store((b"junk",), 4)


def test_the_archive_counts_what_it_holds(archive: OrthancArchive) -> None:
    before = archive.statistics()
    keep(archive, make(1, study="2.25.35", series="2.25.35.1"))
    after = archive.statistics()
    assert (after.studies, after.instances) == (before.studies + 1, before.instances + 1)
    assert after.disk_bytes > before.disk_bytes


def test_an_archive_that_is_away_can_be_tried_again() -> None:
    away = OrthancArchive(ArchiveAccess("http://127.0.0.1:9", "nobody", "nothing"))
    for call in (
        away.ping,
        away.statistics,
        lambda: away.study("2.25.1"),
        lambda: away.instance_file("2.25.1"),
        lambda: away.store((b"x",), 1),
    ):
        with pytest.raises(ArchiveAway):
            call()


def test_two_clients_do_not_redirect_each_other(orthanc: ArchiveAccess, archive: OrthancArchive) -> None:
    OrthancArchive(ArchiveAccess("http://127.0.0.1:9", "nobody", "nothing"))
    archive.ping()
    assert not hasattr(endpoints.OrthancServer, "domain") or endpoints.OrthancServer.domain != orthanc.url
    Orthanc("http://127.0.0.1:9", warn_insecure=False)  # the library itself would redirect everybody
    archive.ping()
    archive.statistics()


def test_control_calls_share_their_connections(archive: OrthancArchive) -> None:
    adapter = archive._client._session.get_adapter("http://")
    assert isinstance(adapter, HTTPAdapter)
    for _ in range(5):
        archive.statistics()
    assert archive._client._session.get_adapter("http://") is adapter
    (pool,) = adapter.poolmanager.pools._container.values()
    assert pool.num_connections == 1
    assert pool.num_requests >= 5


def test_the_archive_is_closed_to_whoever_has_no_password(orthanc: ArchiveAccess) -> None:
    for path in ("/system", "/studies", "/app/explorer.html", "/tools/execute-script"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(orthanc.url + path)
        assert refused.value.code == 401
        refused.value.close()
    stranger = ArchiveAccess(orthanc.url, orthanc.username, "guess")
    with OrthancArchive(stranger) as guessing, pytest.raises(Retriable, match="password"):
        guessing.ping()


def test_the_password_is_in_no_text_and_no_file_that_others_read(orthanc: ArchiveAccess) -> None:
    assert orthanc.password not in repr(orthanc)
    assert orthanc.folder is not None
    assert (orthanc.folder / "orthanc.json").stat().st_mode & 0o077 == 0
    assert orthanc.pid is not None
    assert orthanc.password.encode() not in Path(f"/proc/{orthanc.pid}/cmdline").read_bytes()


def test_a_killed_orthanc_starts_again_where_it_was(tmp_path: Path) -> None:
    child = OrthancChild(tmp_path / "orthanc")
    access = child.start()
    with OrthancArchive(access) as archive:
        made = make(1, study="2.25.36")
        keep(archive, made)
        assert access.pid is not None
        os.kill(access.pid, signal.SIGKILL)
        until(lambda: not child.alive(), "the child's death is seen")
        again = child.start(again=access)
        assert (again.url, again.username, again.password) == (access.url, access.username, access.password)
        assert archive.instance_file(made.sop_uid) == made.part10
    child.stop()
    assert not child.alive()


def test_each_fresh_orthanc_has_a_password_of_its_own(tmp_path: Path, orthanc: ArchiveAccess) -> None:
    child = OrthancChild(tmp_path)
    access = child.start()
    child.stop()
    assert access.password != orthanc.password
    assert len(access.password) >= 24


def test_orthanc_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            PARENT,
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    until(lambda: not _runs(pid), "Orthanc has ended")


def test_a_missing_orthanc_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(OrthancMissing, match="apt-get install orthanc"):
        OrthancChild(tmp_path, binary="/nonexistent/Orthanc").start()


def test_many_threads_may_use_one_client(archive: OrthancArchive) -> None:
    objects = [make(n, study="2.25.37", series="2.25.37.1") for n in range(24)]
    keep(archive, *objects)
    wrong: list[str] = []

    def read(mine: list[Made]) -> None:
        wrong.extend(m.sop_uid for m in mine if archive.instance_file(m.sop_uid) != m.part10)
        wrong.extend(m.sop_uid for m in mine if archive.frame(m.sop_uid, 1)[1] != EXPLICIT)

    threads = [threading.Thread(target=read, args=(objects[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

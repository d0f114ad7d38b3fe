"""From the spool into a real Orthanc: bit for bit, once, and nothing is ever dropped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from dicom_gateway.archive import ArchiveAccess, OrthancArchive, OrthancChild, StoredInstance
from dicom_gateway.archive.wire import ArchiveFailed
from dicom_gateway.forward import worker
from dicom_gateway.spool import SetAsideKind
from reads.model.errors import NotFound
from tests.integration.gateway.forwarding import forwarding, put, spool_in
from tests.integration.gateway.objects import (
    DEFLATED,
    EXPLICIT,
    HTJ2K,
    IMPLICIT,
    J2K_LOSSLESS,
    JPEG_BASELINE,
    JPEG_LOSSLESS,
    PRIVATE_CLASS,
    RLE,
    Made,
    make,
)
from tests.integration.gateway.patience import until


def drained(folder: Path) -> bool:
    return spool_in(folder).status().waiting == 0


def data_set_in(archive: OrthancArchive, made: Made) -> bytes:
    return archive.instance_file(made.sop_uid)[-len(made.data_set) :]


@pytest.mark.parametrize(
    "syntax", [EXPLICIT, IMPLICIT, DEFLATED, JPEG_BASELINE, JPEG_LOSSLESS, RLE, J2K_LOSSLESS, HTJ2K]
)
def test_the_archive_holds_what_was_sent_bit_for_bit(tmp_path: Path, archive: OrthancArchive, syntax: str) -> None:
    made = make(1, syntax=syntax, study="2.25.11", series=f"2.25.11.{syntax[-3:].strip('.')}")
    put(spool_in(tmp_path), made)
    with forwarding(tmp_path, archive):
        until(lambda: drained(tmp_path), "the spool is empty")
    assert archive.instance_file(made.sop_uid) == made.part10
    if syntax in (JPEG_BASELINE, RLE):
        fragment, told = archive.frame(made.sop_uid, 1)
        assert (fragment[:2], told) == (b"\xff\xd8", syntax)


def test_an_object_of_a_private_class_reaches_the_archive(tmp_path: Path, archive: OrthancArchive) -> None:
    made = make(2, sop_class=PRIVATE_CLASS, study="2.25.12")
    put(spool_in(tmp_path), made)
    with forwarding(tmp_path, archive):
        until(lambda: drained(tmp_path), "the spool is empty")
    assert data_set_in(archive, made) == made.data_set


def test_a_large_object_is_streamed_and_kept_bit_for_bit(tmp_path: Path, archive: OrthancArchive) -> None:
    made = make(3, side=3000, study="2.25.13")
    put(spool_in(tmp_path), made)
    with forwarding(tmp_path, archive):
        until(lambda: drained(tmp_path), "the spool is empty")
    assert archive.instance_file(made.sop_uid) == made.part10


def test_segments_go_when_all_of_them_is_archived(tmp_path: Path, archive: OrthancArchive) -> None:
    spool = spool_in(tmp_path)
    put(spool, *(make(n, study="2.25.14", seed=14) for n in range(40)))
    spool.close()
    with forwarding(tmp_path, archive) as forwarder:
        until(lambda: not list((tmp_path / "segments").iterdir()), "the segments are released")
    assert forwarder.counts.delivered == 40


def test_the_same_instance_again_is_done_and_stored_once(tmp_path: Path, archive: OrthancArchive) -> None:
    made = make(4, study="2.25.15")
    put(spool_in(tmp_path), made)
    put(spool_in(tmp_path), made, sender="ANOTHER")  # other file meta, same data set
    with forwarding(tmp_path, archive) as forwarder:
        until(lambda: drained(tmp_path), "the spool is empty")
    study = archive.study("2.25.15")
    assert study is not None
    assert study.instances == 1
    assert (forwarder.counts.delivered, forwarder.counts.already_there) == (2, 1)
    assert spool_in(tmp_path).status().set_aside == ()


def test_the_same_data_set_with_another_source_title_is_the_same_instance(
    tmp_path: Path, archive: OrthancArchive
) -> None:
    made = make(5, study="2.25.16")
    other_meta = Made(made.sop_class_uid, made.sop_uid, made.transfer_syntax_uid, made.data_set)
    archive.store((other_meta.part10.replace(b"MAKER ", b"BAKER ", 1),), len(other_meta.part10))
    put(spool_in(tmp_path), made)
    with forwarding(tmp_path, archive) as forwarder:
        until(lambda: drained(tmp_path), "the spool is empty")
    assert forwarder.counts.already_there == 1
    assert spool_in(tmp_path).status().set_aside == ()


@pytest.mark.parametrize("second_syntax", [EXPLICIT, JPEG_BASELINE])
def test_the_same_uid_with_other_content_is_kept_aside_and_told(
    tmp_path: Path, archive: OrthancArchive, second_syntax: str
) -> None:
    uid = f"2.25.17{len(second_syntax)}"
    first = make(6, sop_uid=uid, study="2.25.17")
    second = make(6, sop_uid=uid, study="2.25.17", seed=99, syntax=second_syntax)
    put(spool_in(tmp_path), first, second, make(7, study="2.25.17", seed=len(second_syntax)))
    with forwarding(tmp_path, archive) as forwarder:
        until(lambda: drained(tmp_path), "the spool is empty")
    assert archive.instance_file(uid) == first.part10
    (note,) = spool_in(tmp_path).status().set_aside
    assert (note.kind, note.sop_instance_uid) == (SetAsideKind.OTHER_CONTENT, uid)
    assert (tmp_path / "aside" / note.file).read_bytes() == second.part10
    assert forwarder.counts.delivered == 2


def test_the_same_uid_under_another_patient_is_kept_aside_and_never_guessed_at(
    tmp_path: Path, archive: OrthancArchive
) -> None:
    first = make(6, sop_uid="2.25.1799", study="2.25.179", patient_id="P-1")
    second = make(6, sop_uid="2.25.1799", study="2.25.179", patient_id="P-2")
    put(spool_in(tmp_path), first, second)
    with forwarding(tmp_path, archive):
        until(lambda: drained(tmp_path), "the spool is empty")
    assert archive.instance_file("2.25.1799") == first.part10
    (note,) = spool_in(tmp_path).status().set_aside
    assert note.kind is SetAsideKind.OTHER_CONTENT
    archive.store((second.part10,), len(second.part10))  # by some other way
    with OrthancArchive(archive.access) as fresh, pytest.raises(NotFound, match="two patients"):
        fresh.instance_file("2.25.1799")


def test_what_the_archive_refuses_is_kept_aside_and_does_not_hold_up_the_rest(
    tmp_path: Path, archive: OrthancArchive
) -> None:
    junk = Made("1.2.3", "2.25.181", EXPLICIT, b"this is no data set at all")
    good = make(8, study="2.25.18")
    put(spool_in(tmp_path), junk, good)
    with forwarding(tmp_path, archive):
        until(lambda: drained(tmp_path), "the spool is empty")
    assert archive.instance_file(good.sop_uid) == good.part10
    (note,) = spool_in(tmp_path).status().set_aside
    assert note.kind is SetAsideKind.REFUSED
    assert "refused" in note.reason
    assert (tmp_path / "aside" / note.file).read_bytes().endswith(junk.data_set)


def test_an_archive_that_is_away_is_waited_for(tmp_path: Path) -> None:
    child = OrthancChild(tmp_path / "orthanc")
    access = child.start()
    child.stop()
    objects = [make(n, study="2.25.19", seed=19) for n in range(20)]
    put(spool_in(tmp_path / "spool"), *objects)
    with OrthancArchive(access) as archive, forwarding(tmp_path / "spool", archive) as forwarder:
        until(lambda: forwarder.counts.retried > 4, "the forwarder tries in vain")
        assert spool_in(tmp_path / "spool").status().waiting == 20
        again = child.start(again=access)
        assert (again.url, again.password) == (access.url, access.password)
        until(lambda: drained(tmp_path / "spool"), "the spool is empty")
        assert all(archive.instance_file(o.sop_uid) == o.part10 for o in objects)
    child.stop()


def test_a_wrong_password_sets_nothing_aside(tmp_path: Path, orthanc: ArchiveAccess) -> None:
    put(spool_in(tmp_path), make(9, study="2.25.20"))
    stranger = ArchiveAccess(orthanc.url, orthanc.username, "wrong")
    with OrthancArchive(stranger) as wrong, forwarding(tmp_path, wrong) as forwarder:
        until(lambda: forwarder.counts.retried > 1, "the forwarder tries in vain")
    status = spool_in(tmp_path).status()
    assert (status.waiting, status.set_aside) == (1, ())


class FailsOn:
    """A real archive that fails on one object: the fault that a bug in it would be."""

    def __init__(self, archive: OrthancArchive, poison: bytes) -> None:
        self._archive = archive
        self._poison = poison
        self.ping, self.stored_md5, self.find_instances = archive.ping, archive.stored_md5, archive.find_instances
        self.holds_data_set, self.settle = archive.holds_data_set, archive.settle

    def store(self, part10: Iterable[bytes], length: int) -> StoredInstance:
        whole = b"".join(part10)
        if self._poison in whole:
            raise ArchiveFailed("The archive failed with HTTP status 500; trying again.")
        return self._archive.store((whole,), length)


def test_an_object_on_which_the_archive_always_fails_is_set_aside_in_the_end(
    tmp_path: Path, archive: OrthancArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "FIRST_WAIT_S", 0.001)
    poison, good = make(10, study="2.25.21"), [make(n, study="2.25.21") for n in range(11, 20)]
    put(spool_in(tmp_path), poison, *good)
    with forwarding(tmp_path, FailsOn(archive, poison.data_set)):
        until(lambda: drained(tmp_path), "the spool is empty")
    (note,) = spool_in(tmp_path).status().set_aside
    assert (note.kind, note.sop_instance_uid) == (SetAsideKind.FAILED, poison.sop_uid)
    assert all(archive.instance_file(o.sop_uid) == o.part10 for o in good)


class Spoils:
    """A real archive behind something that spoils a byte on the way, once."""

    def __init__(self, archive: OrthancArchive) -> None:
        self._archive = archive
        self.spoilt = 0
        self.ping, self.stored_md5, self.find_instances = archive.ping, archive.stored_md5, archive.find_instances
        self.holds_data_set, self.settle = archive.holds_data_set, archive.settle

    def store(self, part10: Iterable[bytes], length: int) -> StoredInstance:
        whole = bytearray(b"".join(part10))
        if not self.spoilt:
            self.spoilt = 1
            whole[-10] ^= 0xFF
        return self._archive.store((bytes(whole),), length)


def test_an_answer_of_success_is_not_believed_without_the_digest(tmp_path: Path, archive: OrthancArchive) -> None:
    made = make(30, study="2.25.22")
    put(spool_in(tmp_path), made)
    with forwarding(tmp_path, Spoils(archive)):
        until(lambda: drained(tmp_path), "the spool is empty")
    (note,) = spool_in(tmp_path).status().set_aside
    assert (tmp_path / "aside" / note.file).read_bytes() == made.part10

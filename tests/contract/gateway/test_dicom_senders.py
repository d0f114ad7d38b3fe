"""What the receiver promises to senders, held with DCMTK's tools and pynetdicom as senders."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import UID
from pynetdicom import AE, AllStoragePresentationContexts
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from dicom_gateway.receive.server import CannotListen, Receiver, ReceiverConfig
from dicom_gateway.scu.association import NoAssociation, association
from dicom_gateway.scu.echo import echo
from dicom_gateway.scu.store import store
from dicom_gateway.spool import Spool, SpoolConfig
from tests.contract.gateway.receiving import Receiving, receiving
from tests.integration.gateway.objects import (
    CT,
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

BIG_ENDIAN = "1.2.840.10008.1.2.2"
SYNTAXES = [EXPLICIT, IMPLICIT, DEFLATED, JPEG_BASELINE, JPEG_LOSSLESS, RLE, J2K_LOSSLESS, HTJ2K]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiving]:
    with receiving(tmp_path / "spool") as running:
        yield running


def dcmtk(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program of DCMTK by its path: pynetdicom installs programs of the same names into the environment."""
    program = str(Path("/usr/bin") / command[0])
    return subprocess.run(
        [program, *(str(c) for c in command[1:])], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_dicom_echo_is_answered(receiver: Receiving) -> None:
    answer = dcmtk("echoscu", "-v", "-aec", "ANYTHING", "127.0.0.1", str(receiver.port))
    assert answer.returncode == 0, answer.stderr
    assert "Received Echo Response (Success)" in answer.stderr + answer.stdout
    assert receiver.events == [("echo", None)]


def test_storescu_gets_success_and_its_bytes_are_kept(receiver: Receiving, tmp_path: Path) -> None:
    made = [make(n, syntax=s) for n, s in enumerate((IMPLICIT, EXPLICIT))]
    for option, one in zip(("-xi", "-xe"), made, strict=True):
        sent = dcmtk("storescu", "-v", option, "127.0.0.1", str(receiver.port), one.write(tmp_path))
        assert sent.returncode == 0, sent.stderr
    kept = receiver.data_sets()
    # DCMTK parses what it sends; this holds that we kept what was on the wire, decoded to the same values.
    for one in made:
        before = pydicom.dcmread(BytesIO(one.part10))
        after = pydicom.dcmread(BytesIO(_part10_like(one, kept[one.sop_uid])))
        assert after == before


@pytest.mark.parametrize("syntax", [EXPLICIT, JPEG_BASELINE, JPEG_LOSSLESS, RLE, J2K_LOSSLESS])
def test_dcmsend_does_not_need_to_convert(receiver: Receiving, tmp_path: Path, syntax: str) -> None:
    made = make(syntax=syntax)
    sent = dcmtk("dcmsend", "-v", "127.0.0.1", str(receiver.port), made.write(tmp_path))
    assert sent.returncode == 0, sent.stderr + sent.stdout
    (item,) = receiver.stored()
    assert item.arrival.transfer_syntax_uid == syntax
    assert pydicom.dcmread(BytesIO(item.read())).PixelData == pydicom.dcmread(BytesIO(made.part10)).PixelData


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_data_set_is_kept_byte_for_byte(receiver: Receiving, tmp_path: Path, syntax: str) -> None:
    made = make(syntax=syntax)
    (result,) = store("127.0.0.1", receiver.port, "SECONDREAD", [made.write(tmp_path)], calling_ae="CT_1")
    assert result.status == 0x0000
    (item,) = receiver.stored()
    assert b"".join(item.chunks(item.data_set_at)) == made.data_set
    meta = pydicom.filereader.read_file_meta_info(_written(item.read(), tmp_path))
    assert meta.MediaStorageSOPInstanceUID == made.sop_uid
    assert meta.TransferSyntaxUID == syntax
    assert meta.SourceApplicationEntityTitle == "CT_1"
    arrival = item.arrival
    assert (arrival.calling_ae, arrival.called_ae, arrival.peer) == ("CT_1", "SECONDREAD", "127.0.0.1")
    if syntax != DEFLATED:
        assert (arrival.study_uid, arrival.modality) == ("2.25.1000", "OT")


def test_python_m_pynetdicom_storescu_can_send(receiver: Receiving, tmp_path: Path) -> None:
    import sys

    made = make()
    command = [sys.executable, "-W", "ignore", "-m", "pynetdicom", "storescu", "127.0.0.1", str(receiver.port)]
    sent = dcmtk(*command, made.write(tmp_path), "-cx")
    assert sent.returncode == 0, sent.stderr
    assert receiver.data_sets() == {made.sop_uid: made.data_set}


def test_every_storage_class_and_private_ones_are_accepted(receiver: Receiving) -> None:
    classes = [str(c.abstract_syntax) for c in AllStoragePresentationContexts] + [PRIVATE_CLASS]
    for first in range(0, len(classes), 128):
        batch = classes[first : first + 128]
        assoc = AE().associate("127.0.0.1", receiver.port, [build_context(uid, EXPLICIT) for uid in batch])
        assert {str(c.abstract_syntax) for c in assoc.accepted_contexts} == set(batch)
        assoc.release()


def test_an_object_of_a_private_class_is_stored(receiver: Receiving, tmp_path: Path) -> None:
    made = make(sop_class=PRIVATE_CLASS)
    (result,) = store("127.0.0.1", receiver.port, "SECONDREAD", [made.write(tmp_path)])
    assert result.stored, result
    assert receiver.data_sets() == {made.sop_uid: made.data_set}


@pytest.mark.parametrize(
    ("proposed", "taken"),
    [
        ([IMPLICIT, EXPLICIT, BIG_ENDIAN, JPEG_BASELINE], JPEG_BASELINE),
        ([JPEG_BASELINE, IMPLICIT, JPEG_LOSSLESS], JPEG_LOSSLESS),
        ([IMPLICIT, EXPLICIT, DEFLATED], EXPLICIT),
        ([BIG_ENDIAN, IMPLICIT], IMPLICIT),
        ([DEFLATED], DEFLATED),
    ],
)
@pytest.mark.parametrize("sop_class", [CT, PRIVATE_CLASS])
def test_the_transfer_syntax_is_the_first_of_our_order(
    receiver: Receiving, sop_class: str, proposed: list[str], taken: str
) -> None:
    assoc = AE().associate("127.0.0.1", receiver.port, [build_context(sop_class, proposed)])
    (context,) = assoc.accepted_contexts
    assert context.transfer_syntax == [UID(taken)]
    assoc.release()


@pytest.mark.parametrize("sop_class", [CT, PRIVATE_CLASS])
def test_big_endian_alone_is_refused(receiver: Receiving, sop_class: str) -> None:
    assoc = AE().associate("127.0.0.1", receiver.port, [build_context(sop_class, BIG_ENDIAN)])
    assert not assoc.accepted_contexts
    assoc.abort()


def test_other_services_are_not_accepted(receiver: Receiving) -> None:
    assoc = AE().associate("127.0.0.1", receiver.port, [build_context("1.2.840.10008.5.1.4.1.2.2.1")])
    assert not assoc.accepted_contexts
    assoc.abort()


def test_no_success_is_answered_before_the_data_is_synced(
    receiver: Receiving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    syncing, may_finish, real = threading.Event(), threading.Event(), os.fdatasync

    def held(fd: int) -> None:
        if b"2READREC" in os.pread(fd, 1024, 0):  # a record is being synced, not a new segment
            syncing.set()
            assert may_finish.wait(30)
        real(fd)

    monkeypatch.setattr("dicom_gateway.spool.segment.os.fdatasync", held)
    answered: list[int | None] = []
    paths = [make().write(tmp_path)]
    sender = threading.Thread(
        target=lambda: answered.extend(r.status for r in store("127.0.0.1", receiver.port, "SECONDREAD", paths))
    )
    sender.start()
    assert syncing.wait(30)
    assert answered == []
    may_finish.set()
    sender.join(30)
    assert answered == [0x0000]


def test_a_full_disk_is_answered_with_out_of_resources(tmp_path: Path) -> None:
    made = make()
    free = shutil.disk_usage(tmp_path).free
    with receiving(tmp_path / "spool", sizes=SpoolConfig(reserve_bytes=2 * free)) as receiver:
        (result,) = store("127.0.0.1", receiver.port, "SECONDREAD", [made.write(tmp_path)])
        assert result.status == 0xA700
        assert "nearly full" in result.comment
        assert not result.stored
        echo("127.0.0.1", receiver.port, "SECONDREAD")
        assert receiver.stored() == []


def test_an_object_of_another_class_than_negotiated_is_refused(receiver: Receiving, tmp_path: Path) -> None:
    from pynetdicom.dimse_primitives import C_STORE

    made = make()
    assoc = AE().associate("127.0.0.1", receiver.port, [build_context(CT, EXPLICIT)])
    request = C_STORE()
    request.MessageID, request.Priority = 1, 2
    request.AffectedSOPClassUID, request.AffectedSOPInstanceUID = made.sop_class_uid, made.sop_uid
    request.DataSet = BytesIO(made.data_set)
    assoc._reactor_checkpoint.clear()
    until(lambda: assoc._is_paused, "pynetdicom pauses its reactor")
    assoc.dimse.send_msg(request, assoc.accepted_contexts[0].context_id or 0)
    _, answer = assoc.dimse.get_msg(block=True)
    assoc._reactor_checkpoint.set()
    assoc.abort()
    assert isinstance(answer, C_STORE)
    assert answer.Status == 0xA900
    assert receiver.stored() == []


# pynetdicom leaves a socket whose shutdown failed to the garbage collector, which closes it with a warning.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_instance_whose_sender_dies_in_the_middle_is_not_kept(receiver: Receiving, tmp_path: Path) -> None:
    made = make(side=200)
    whole = AE().associate("127.0.0.1", receiver.port, [build_context(made.sop_class_uid, EXPLICIT)], max_pdu=16384)
    assert whole.dul.socket is not None
    raw = whole.dul.socket.socket
    assert isinstance(raw, socket.socket)
    command = _c_store_command(made)
    pdv = struct.pack(">IBB", len(command) + 2, whole.accepted_contexts[0].context_id, 3) + command
    part = made.data_set[:1000]
    pdv_data = struct.pack(">IBB", len(part) + 2, whole.accepted_contexts[0].context_id, 0) + part
    raw.sendall(b"".join(struct.pack(">BxI", 4, len(p)) + p for p in (pdv, pdv_data)))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    whole.abort()
    echo("127.0.0.1", receiver.port, "SECONDREAD")
    (result,) = store("127.0.0.1", receiver.port, "SECONDREAD", [make(2).write(tmp_path)])
    assert result.stored
    assert list(receiver.data_sets()) == [make(2).sop_uid]


def test_one_association_too_many_is_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    with receiving(tmp_path / "spool", ReceiverConfig(port=0, maximum_associations=2)) as receiver:
        opened = [AE().associate("127.0.0.1", receiver.port, [build_context("1.2.840.10008.1.1")]) for _ in range(2)]
        with pytest.raises(NoAssociation):
            echo("127.0.0.1", receiver.port, "SECONDREAD")
        assert [a.send_c_echo().Status for a in opened] == [0, 0]
        for assoc in opened:
            assoc.release()
        until(lambda: _echoes(receiver.port), "a place becomes free")


def test_a_port_that_is_taken_is_told_in_words(receiver: Receiving, tmp_path: Path) -> None:
    with pytest.raises(CannotListen, match="--dicom-port"):
        Receiver(ReceiverConfig(port=receiver.port), Spool.open(tmp_path / "other")).start()


def test_our_sender_reports_each_file_and_sends_what_it_can(receiver: Receiving, tmp_path: Path) -> None:
    junk = tmp_path / "readme.txt"
    junk.write_text("no DICOM")
    paths = [make(1).write(tmp_path), junk, make(2, syntax=JPEG_BASELINE).write(tmp_path)]
    told: list[Path] = []
    results = store("127.0.0.1", receiver.port, "SECONDREAD", paths, on_progress=lambda r: told.append(r.path))
    assert {r.path: r.stored for r in results} == {paths[0]: True, junk: False, paths[2]: True}
    assert sorted(told) == sorted(paths)


def test_more_kinds_of_object_than_an_association_holds_are_sent_over_several(
    receiver: Receiving, tmp_path: Path
) -> None:
    made = [make(n, sop_class=f"{PRIVATE_CLASS}.{n}") for n in range(130)]
    results = store("127.0.0.1", receiver.port, "SECONDREAD", [m.write(tmp_path) for m in made])
    assert all(r.stored for r in results)
    assert receiver.data_sets() == {m.sop_uid: m.data_set for m in made}


def _echoes(port: int) -> bool:
    try:
        echo("127.0.0.1", port, "SECONDREAD")
    except NoAssociation:
        return False
    return True


def _written(data: bytes, folder: Path) -> Path:
    path = folder / "kept.dcm"
    path.write_bytes(data)
    return path


def _part10_like(made: Made, data_set: bytes) -> bytes:
    return made.part10[: -len(made.data_set)] + data_set


def _c_store_command(made: Made) -> bytes:
    def element(number: int, value: bytes) -> bytes:
        value += b"\0" * (len(value) % 2)
        return struct.pack("<HHI", 0, number, len(value)) + value

    body = b"".join(
        (
            element(0x0002, made.sop_class_uid.encode()),
            element(0x0100, struct.pack("<H", 0x0001)),
            element(0x0110, struct.pack("<H", 1)),
            element(0x0700, struct.pack("<H", 0)),
            element(0x0800, struct.pack("<H", 0x0001)),
            element(0x1000, made.sop_uid.encode()),
        )
    )
    return element(0x0000, struct.pack("<I", len(body))) + body


def test_only_who_asks_takes_the_answers(receiver: Receiving) -> None:
    """Else pynetdicom's own loop now and then takes one, and the request waits for nothing until its timeout."""
    takers = set()
    with association(
        "127.0.0.1", receiver.port, "PACS", ReceiverConfig().ae_title, [build_context(Verification)]
    ) as opened:
        take = opened.dimse.get_msg

        def noted(block: bool = False) -> tuple[int | None, object]:
            takers.add(threading.current_thread())
            return take(block)

        opened.dimse.get_msg = noted  # type: ignore[method-assign, assignment]
        for _ in range(20):
            assert opened.send_c_echo().Status == 0x0000
        assert takers == {threading.current_thread()}

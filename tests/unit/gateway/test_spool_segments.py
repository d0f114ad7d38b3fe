"""What is in a segment survives; what was never committed does not come back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom_gateway.spool import Arrival, DamagedRecord, SetAsideKind, Spool, SpoolBusy, SpoolConfig, SpoolFull, Waiting
from dicom_gateway.spool.record import (
    BLOCK,
    BadHeader,
    RecordHeader,
    pack_record_header,
    pack_segment_header,
    unpack_record_header,
    unpack_segment_header,
)
from dicom_gateway.spool.segment import SegmentWriter

PREFIX = bytes(128) + b"DICM meta"
SMALL = SpoolConfig(segment_bytes=1 << 20, large_bytes=1 << 16, reserve_bytes=0)


def arrival(number: int, **other: str) -> Arrival:
    return Arrival("1.2.3", f"1.2.3.{number}", "1.2.840.10008.1.2.1", received_at_ns=number, **other)


def fill(spool: Spool, *contents: bytes) -> None:
    for number, content in enumerate(contents):
        spool.append(arrival(number), PREFIX, (content,))


def drain(spool: Spool) -> list[Waiting]:
    return spool.take(1_000_000)


def contents(items: list[Waiting]) -> list[bytes]:
    return [b"".join(i.chunks(i.data_set_at)) for i in items]


def segments(folder: Path) -> list[Path]:
    return sorted((folder / "segments").glob("*.seg"))


def reopened(spool: Spool, folder: Path) -> Spool:
    spool.close()
    return Spool.open(folder, SMALL)


def test_what_was_stored_is_read_back_in_order_with_its_label(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    label = arrival(7, calling_ae="CT1", called_ae="SECONDREAD", peer="10.0.0.7", study_uid="1.2.9", modality="CT")
    spool.append(label, PREFIX, (b"abc", b"def"))
    fill(spool, b"one", b"two" * 1000)
    items = drain(spool)
    assert contents(items) == [b"abcdef", b"one", b"two" * 1000]
    assert items[0].arrival == label
    assert items[0].read() == PREFIX + b"abcdef"


def test_an_instance_that_is_still_being_written_is_followed_once_it_is_committed(tmp_path: Path) -> None:
    writing, reading = Spool.open(tmp_path, SMALL), Spool.open(tmp_path, SMALL)
    fill(writing, b"first")
    assert contents(drain(reading)) == [b"first"]
    entry = writing.begin(PREFIX)
    entry.write((b"second",))
    assert drain(reading) == []
    entry.commit(arrival(2))
    assert contents(drain(reading)) == [b"second"]


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(0, 1500), min_size=1, max_size=5), cut=st.integers(0, 12_000))
def test_a_torn_segment_gives_every_whole_instance_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    spool = Spool.open(folder, SMALL)
    ends: list[int] = []
    for number, size in enumerate(sizes):
        spool.append(arrival(number), PREFIX, (bytes([number + 1]) * size,))
        ends.append(segments(folder)[0].stat().st_size)
    spool.close()
    os.truncate(segments(folder)[0], min(cut, ends[-1]))
    whole = [bytes([n + 1]) * size for n, (size, end) in enumerate(zip(sizes, ends, strict=True)) if end <= cut]
    again = Spool.open(folder, SMALL)
    items = drain(again)
    assert contents(items) == whole
    for item in items:
        again.verified(item)
    assert drain(again) == []
    again.release(again.finished_segments())
    assert again.status().set_aside == ()
    assert segments(folder) == []
    again.close()


def test_a_taken_back_instance_leaves_no_trace_for_the_next_one_to_end_in(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    entry = spool.begin(PREFIX)
    entry.write((os.urandom(40_000),))
    entry.abort()
    fill(spool, b"short")
    again = reopened(spool, tmp_path)
    assert contents(drain(again)) == [b"short"]
    assert again.status().set_aside == ()


def test_a_data_set_that_imitates_a_record_is_never_read_as_one(tmp_path: Path) -> None:
    forged = pack_record_header(bytes(16), RecordHeader(arrival(666), 100, 10, 0))
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"real")
    entry = spool.begin(PREFIX)
    entry.write((forged * 20,))
    spool.close()  # as if killed: nothing was committed
    entry_file = segments(tmp_path)[0]
    assert entry_file.stat().st_size > BLOCK * 20
    again = Spool.open(tmp_path, SMALL)
    assert contents(drain(again)) == [b"real"]
    entry.abort()


def test_a_large_instance_gets_a_segment_of_its_own_however_it_comes(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    big = os.urandom(SMALL.large_bytes * 3)
    fill(spool, b"small")
    spool.append(arrival(1), PREFIX, (big,), expected=len(big))
    entry = spool.begin(PREFIX)  # its length is not known before
    for start in range(0, len(big), 10_000):
        entry.write((big[start : start + 10_000],))
    entry.commit(arrival(2))
    fill(spool, b"small too")
    again = reopened(spool, tmp_path)
    items = drain(again)
    assert sorted(contents(items), key=len) == [b"small", b"small too", big, big]
    assert all(i.read().startswith(PREFIX) for i in items)
    assert len({i.segment for i in items if i.length > len(big)}) == 2


def test_a_large_instance_that_was_not_finished_is_removed_at_the_next_start(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, hidden=True)
    writer.begin()
    writer.write((b"half",))
    (part,) = tmp_path.glob("*.part")
    (tmp_path / "segments").mkdir()
    left_behind = shutil.copy(part, tmp_path / "segments" / part.name)
    Spool.open(tmp_path, SMALL)
    assert not Path(left_behind).exists()
    writer.discard()


def test_an_unfinished_file_of_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    entry = spool.begin(PREFIX, expected=SMALL.large_bytes * 2)
    entry.write((b"x" * 100,))
    Spool.open(tmp_path, SMALL)
    entry.commit(arrival(1))
    assert contents(drain(spool)) == [b"x" * 100]


def test_a_segment_is_removed_only_when_each_of_its_instances_is_verified(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"a", b"b", b"c")
    spool = reopened(spool, tmp_path)
    first, second, third = drain(spool)
    spool.verified(first)
    spool.verified(third)
    drain(spool)
    assert spool.finished_segments() == []
    spool.verified(second)
    spool.release(spool.finished_segments())
    assert list((tmp_path / "segments").iterdir()) == []


def test_a_segment_that_may_still_grow_is_kept_although_all_of_it_is_verified(tmp_path: Path) -> None:
    writing, reading = Spool.open(tmp_path, SMALL), Spool.open(tmp_path, SMALL)
    fill(writing, b"a")
    for item in drain(reading):
        reading.verified(item)
    drain(reading)
    assert reading.finished_segments() == []
    fill(writing, b"b")
    assert contents(drain(reading)) == [b"b"]


def test_verified_instances_are_not_taken_again_after_a_restart(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"a", b"b")
    spool.verified(drain(spool)[0])
    assert contents(drain(reopened(spool, tmp_path))) == [b"b"]


def test_without_its_journal_or_after_a_power_cut_every_instance_is_verified_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"a", b"b")
    for item in drain(spool):
        spool.verified(item)
    monkeypatch.setattr("dicom_gateway.spool.journal._boot_id", lambda: "boot another")
    again = reopened(spool, tmp_path)
    assert contents(drain(again)) == [b"a", b"b"]
    monkeypatch.undo()
    for journal in (tmp_path / "segments").glob("*.verified"):
        journal.unlink()
    assert contents(drain(reopened(again, tmp_path))) == [b"a", b"b"]


def test_a_journal_with_a_torn_line_is_read_as_far_as_it_is_sound(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"a", b"b")
    spool.verified(drain(spool)[0])
    spool.close()
    (journal,) = (tmp_path / "segments").glob("*.verified")
    with journal.open("ab") as out:
        out.write(b"400 deadbeef\n\0\0\0\0\n4")
    assert contents(drain(Spool.open(tmp_path, SMALL))) == [b"b"]


def test_two_forwarders_cannot_empty_one_spool(tmp_path: Path) -> None:
    one, two = Spool.open(tmp_path, SMALL), Spool.open(tmp_path, SMALL)
    one.take(1)
    with pytest.raises(SpoolBusy):
        two.take(1)
    one.close()
    assert two.take(1) == []


def test_a_spoilt_instance_is_recognised_and_the_others_are_not_held_up(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"a" * 100, b"b" * 100, b"c" * 100)
    path = segments(tmp_path)[0]
    at = path.read_bytes().index(b"b" * 100)
    with path.open("r+b") as out:
        out.seek(at)
        out.write(b"X")
    first, second, third = drain(spool)
    assert (first.read()[-1:], third.read()[-1:]) == (b"a", b"c")
    with pytest.raises(DamagedRecord):
        second.read()
    with pytest.raises(DamagedRecord):
        second.check()


def test_a_segment_that_cannot_be_read_on_is_kept_and_reported(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"a", b"b", b"c")
    path = segments(tmp_path)[0]
    second = path.read_bytes().index(b"2READREC", 2 * BLOCK)
    with path.open("r+b") as out:
        out.seek(second + 20)
        out.write(b"spoilt")
    again = reopened(spool, tmp_path)
    (item,) = drain(again)
    again.verified(item)
    drain(again)
    again.release(again.finished_segments())
    (note,) = again.status().set_aside
    assert note.kind is SetAsideKind.DAMAGED
    assert (tmp_path / "aside" / note.file).stat().st_size > BLOCK


def test_what_is_set_aside_is_kept_whole_with_its_reason(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"strange", b"fine")
    strange, fine = drain(spool)
    spool.set_aside(strange, SetAsideKind.REFUSED, "No DICOM.")
    spool.verified(fine)
    status = spool.status()
    (note,) = status.set_aside
    assert (note.kind, note.reason, note.sop_instance_uid) == (SetAsideKind.REFUSED, "No DICOM.", "1.2.3.0")
    assert (tmp_path / "aside" / note.file).read_bytes() == PREFIX + b"strange"
    assert status.waiting == 0
    assert contents(drain(reopened(spool, tmp_path))) == []


def test_the_status_counts_what_waits_and_since_when(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path, SMALL)
    assert (spool.status().waiting, spool.status().oldest_at_ns) == (0, None)
    spool.append(arrival(50), PREFIX, (b"x" * 63,))
    spool.append(arrival(40), PREFIX, (b"x" * 63,))
    status = Spool.open(tmp_path, SMALL).status()
    assert (status.waiting, status.waiting_bytes, status.oldest_at_ns) == (2, 2 * (len(PREFIX) + 63), 40)


def test_nothing_is_accepted_into_the_reserve(tmp_path: Path) -> None:
    free = Spool.open(tmp_path, SMALL).status().free_bytes
    spool = Spool.open(tmp_path, SpoolConfig(reserve_bytes=2 * free))
    with pytest.raises(SpoolFull):
        spool.begin(PREFIX)
    assert list((tmp_path / "segments").iterdir()) == []


def test_a_disk_that_takes_no_more_refuses_and_keeps_what_it_has(tmp_path: Path) -> None:
    import resource

    spool = Spool.open(tmp_path, SMALL)
    fill(spool, b"kept")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(SpoolFull):
            spool.append(arrival(9), PREFIX, (bytes(30_000),))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    fill(spool, b"after")
    assert contents(drain(reopened(spool, tmp_path))) == [b"kept", b"after"]


def test_a_uid_never_becomes_a_path(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path / "spool", SMALL)
    spool.append(Arrival("1.2", "../../../escaped", "1.2.840.10008.1.2"), PREFIX, (b"x",))
    (item,) = drain(spool)
    spool.set_aside(item, SetAsideKind.REFUSED, "No UID.")
    assert {p.name for p in tmp_path.iterdir()} == {"spool"}
    assert not any("escaped" in p.name for p in tmp_path.rglob("*"))


@given(position=st.integers(0, BLOCK - 1), flip=st.integers(1, 255))
def test_no_spoilt_header_is_believed(position: int, flip: int) -> None:
    generation = bytes(range(16))
    for block, read in (
        (pack_segment_header(generation, 5), unpack_segment_header),
        (
            pack_record_header(generation, RecordHeader(arrival(1), 10, 5, 99)),
            lambda b: unpack_record_header(generation, b),
        ),
    ):
        spoilt = bytearray(block)
        spoilt[position] ^= flip
        with pytest.raises(BadHeader):
            read(bytes(spoilt))

"""What the receiver makes and looks at without a network."""

from __future__ import annotations

from io import BytesIO

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynetdicom import AllStoragePresentationContexts

from dicom_gateway.archive.content import DataSetDigest, data_set_begins
from dicom_gateway.receive.negotiation import Negotiation
from dicom_gateway.receive.part10 import IMPLEMENTATION_CLASS_UID, part10_prefix
from dicom_gateway.receive.refusals import data_set_fault, uid_fault
from dicom_gateway.receive.screen import RoutingTags, screen
from dicom_gateway.receive.syntaxes import BIG_ENDIAN, accepted_transfer_syntaxes
from tests.integration.gateway.objects import DEFLATED, EXPLICIT, IMPLICIT, JPEG_BASELINE, PRIVATE_CLASS, make


def test_compressed_syntaxes_come_first_and_big_endian_never() -> None:
    syntaxes = accepted_transfer_syntaxes()
    assert syntaxes[-3:] == [EXPLICIT, IMPLICIT, DEFLATED]
    assert BIG_ENDIAN not in syntaxes
    assert len(set(syntaxes)) == len(syntaxes)
    assert not any("JPIP" in pydicom.uid.UID(s).name for s in syntaxes)


def test_a_lossless_syntax_is_preferred_to_every_lossy_one() -> None:
    syntaxes = accepted_transfer_syntaxes()
    names = [pydicom.uid.UID(s).name for s in syntaxes]
    lossless = [n for n, name in enumerate(names) if "Lossless" in name and "Lossy" not in name]
    assert len(lossless) > 8
    assert max(lossless) < syntaxes.index(JPEG_BASELINE)


def test_every_storage_class_is_taken_and_private_and_newer_ones_too() -> None:
    negotiation = Negotiation()
    known = {str(c.abstract_syntax) for c in AllStoragePresentationContexts}
    newer = "1.2.840.10008.5.1.4.1.1.999.1"
    accepted = {str(c.abstract_syntax) for c in negotiation.contexts_for(known | {PRIVATE_CLASS, newer})}
    assert known | {PRIVATE_CLASS, newer} <= accepted


@pytest.mark.parametrize(
    "uid",
    ["1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.31", "1.2.840.10008.1.20.1", "1.2.840.10008.5.1.1.9"],
    ids=["query", "worklist", "commitment", "printing"],
)
def test_other_services_are_not_taken_for_storage(uid: str) -> None:
    assert not Negotiation().is_storage(uid)


@pytest.mark.parametrize("source", ["", "CT", "A_TITLE_OF_16_CH"])
def test_the_file_meta_is_what_the_standard_demands(source: str) -> None:
    made = make()
    prefix = part10_prefix(made.sop_class_uid, made.sop_uid, made.transfer_syntax_uid, source)
    meta = pydicom.dcmread(BytesIO(prefix + made.data_set)).file_meta
    assert meta.MediaStorageSOPClassUID == made.sop_class_uid
    assert meta.MediaStorageSOPInstanceUID == made.sop_uid
    assert meta.TransferSyntaxUID == EXPLICIT
    assert meta.ImplementationClassUID == IMPLEMENTATION_CLASS_UID
    assert meta.get("SourceApplicationEntityTitle", "") == source
    assert data_set_begins(prefix + made.data_set) == len(prefix)


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, JPEG_BASELINE])
def test_the_screen_finds_the_routing_tags(syntax: str) -> None:
    made = make(5, syntax=syntax)
    assert screen(made.data_set, syntax) == RoutingTags(
        character_set="ISO_IR 100",
        sop_class_uid=made.sop_class_uid,
        sop_instance_uid=made.sop_uid,
        accession="ACC5",
        modality="OT",
        patient_id="P-1",
        study_uid="2.25.1000",
        series_uid="2.25.2000",
    )


def test_a_data_set_of_another_object_than_the_message_says_is_refused() -> None:
    made = make(5)
    tags = screen(made.data_set, EXPLICIT)
    assert data_set_fault(made.sop_class_uid, made.sop_uid, tags) is None
    for fault in (data_set_fault(made.sop_class_uid, "2.25.9", tags), data_set_fault("1.2.3", made.sop_uid, tags)):
        assert fault is not None
        assert fault.Status == 0xA900
    assert data_set_fault("1.2.3", "2.25.9", RoutingTags()) is None


def test_the_screen_does_not_look_into_a_compressed_stream() -> None:
    assert screen(make(syntax=DEFLATED).data_set, DEFLATED) == RoutingTags()


@given(junk=st.binary(max_size=4000), syntax=st.sampled_from([EXPLICIT, IMPLICIT, DEFLATED]))
def test_the_screen_never_fails(junk: bytes, syntax: str) -> None:
    screen(junk, syntax)


@given(cut=st.integers(0, 900), flip=st.integers(0, 400), to=st.integers(0, 255))
def test_the_screen_stands_a_spoilt_data_set(cut: int, flip: int, to: int) -> None:
    data = bytearray(make().data_set[:cut])
    if flip < len(data):
        data[flip] = to
    screen(bytes(data), EXPLICIT)


@pytest.mark.parametrize("uid", ["", "1", "1..2", "1.2.", "1.2.x", "1.2/3", "1.2 ", "1." + "2" * 63])
def test_what_is_no_uid_is_refused_with_its_reason(uid: str) -> None:
    fault = uid_fault("1.2.3", uid)
    assert fault is not None
    assert fault.Status == 0xC000
    assert "SOP Instance UID" in fault.ErrorComment


def test_a_uid_with_a_leading_zero_is_let_pass() -> None:
    assert uid_fault("1.2.3", "1.2.03.4") is None


@given(pieces=st.lists(st.integers(1, 400), max_size=12))
def test_the_digest_of_a_data_set_does_not_depend_on_how_it_comes(pieces: list[int]) -> None:
    made = make()
    whole, parts = DataSetDigest(), DataSetDigest()
    whole.add(made.part10)
    at = 0
    for size in pieces:
        parts.add(made.part10[at : at + size])
        at += size
    parts.add(made.part10[at:])
    assert whole.hexdigest() == parts.hexdigest()

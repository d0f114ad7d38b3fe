from __future__ import annotations

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import highdicom as hd
import pydicom
import pytest
from pydicom.dataset import Dataset

from reads.documents.kos import key_objects
from reads.documents.read_back import differences, findings_of, verify
from reads.documents.sr import structured_report
from reads.model.errors import Permanent
from reads.model.finding import Finding
from tests.integration.documents.cases import dossier, findings_on
from tests.integration.frames.images import ct, radiograph, ultrasound

DCIODVFY = Path(__import__("sys").executable).with_name("dciodvfy")
IMAGES = {"CT": (ct(1, 10.0), 1), "US": (ultrasound(), 2), "CR": (radiograph(), 1)}


def errors_of(document: bytes, folder: Path) -> list[str]:
    """What dciodvfy, the validator of dicom3tools, calls an error."""
    file = folder / "document.dcm"
    file.write_bytes(document)
    done = subprocess.run([DCIODVFY, "-new", file], capture_output=True, text=True, timeout=60)
    assert "88.3" in done.stderr or "KeyObject" in done.stderr or "Comprehensive" in done.stderr, done.stderr
    return [line for line in done.stderr.splitlines() if line.startswith("Error")]


def written(modality: str, findings: tuple[Finding, ...] | None = None) -> tuple[bytes, bytes, Dataset]:
    image, frame = IMAGES[modality]
    case = dossier(image, findings_on(image, frame) if findings is None else findings)
    images = {str(image.SOPInstanceUID): image}
    report = structured_report(case, images, "Sankt Elsewhere")
    return report, key_objects(case, images, report, "Sankt Elsewhere"), image


@pytest.mark.parametrize("modality", IMAGES)
def test_the_validator_finds_no_error_in_what_we_write(modality: str, tmp_path: Path) -> None:
    report, selection, _ = written(modality)
    assert errors_of(report, tmp_path) == []
    assert errors_of(selection, tmp_path) == []


@pytest.mark.parametrize("modality", IMAGES)
def test_the_structured_report_gives_back_what_was_signed(modality: str) -> None:
    report, _, image = written(modality)
    signed = findings_on(image, IMAGES[modality][1])
    back = findings_of(report, {str(image.SOPInstanceUID): image})
    assert differences(signed, back) == ()
    assert [f.anchor and f.anchor.frame for f in back] == [f.anchor and f.anchor.frame for f in signed]
    assert [f.note for f in back] == [f.note.strip(" ") for f in signed]
    assert [m.value for f in back for m in f.measurements] == [m.value for f in signed for m in f.measurements]
    for one, other in zip(signed, back, strict=True):
        if one.anchor and other.anchor:
            assert other.anchor.frame_of_reference_uid == one.anchor.frame_of_reference_uid
            assert len(other.anchor.world) == len(one.anchor.world)


def test_a_read_without_findings_is_a_document_too(tmp_path: Path) -> None:
    report, selection, _ = written("CT", ())
    assert errors_of(report, tmp_path) == []
    assert errors_of(selection, tmp_path) == []
    assert findings_of(report) == ()


def test_writing_twice_makes_the_same_bytes() -> None:
    assert written("CT")[:2] == written("CT")[:2]


def test_other_content_gets_another_identity() -> None:
    image = IMAGES["CT"][0]
    images = {str(image.SOPInstanceUID): image}
    uids = {
        pydicom.dcmread(BytesIO(structured_report(dossier(image, (), comment=c), images, "H"))).SOPInstanceUID
        for c in ("one", "two")
    }
    assert len(uids) == 2


def test_a_changed_report_is_noticed_before_it_is_kept() -> None:
    report, _, image = written("CT")
    signed = findings_on(image)
    moved = replace(signed[0], anchor=replace(signed[0].anchor, points=((40.25, 24.5), (53.0, 39.125))))  # type: ignore[type-var]
    with pytest.raises(Permanent, match="F1 place"):
        verify(report, (moved, *signed[1:]))
    with pytest.raises(Permanent, match="not the same ones"):
        verify(report, signed[1:])
    verify(report, signed)


def test_the_key_objects_are_for_peer_review_and_name_each_image_and_the_report() -> None:
    report, selection, image = written("CT")
    document = hd.ko.KeyObjectSelectionDocument.from_dataset(pydicom.dcmread(BytesIO(selection)))
    title = document.ConceptNameCodeSequence[0]
    assert (title.CodeValue, title.CodingSchemeDesignator) == ("113008", "DCM")
    uid = pydicom.dcmread(BytesIO(report)).SOPInstanceUID
    assert {document.resolve_reference(u)[2] for u in (uid, image.SOPInstanceUID)} == {uid, image.SOPInstanceUID}


def test_the_second_reader_verifies_as_reviewer() -> None:
    report = pydicom.dcmread(BytesIO(written("CT")[0]))
    assert report.VerificationFlag == "VERIFIED"
    assert str(report.VerifyingObserverSequence[0].VerifyingObserverName) == "Dr. Åsa Öberg^"
    assert "C54634" in str(report.ContentSequence)
    assert str(report.PatientName) == "Ωμέγα^Canary"
    assert report.SpecificCharacterSet == "ISO_IR 192"
    assert "Author" not in str(report)


def test_types_and_scores_are_coded(tmp_path: Path) -> None:
    words = str(pydicom.dcmread(BytesIO(written("CT")[0])))
    for code in ("122776", "122775", "MISS", "OVER", "RP2A", "RID12", "99SECREAD"):
        assert f"'{code}'" in words


def test_a_place_on_an_image_that_is_gone_is_refused() -> None:
    image = IMAGES["CT"][0]
    other = ct(2, 20.0)
    with pytest.raises(Permanent, match="F1"):
        structured_report(dossier(image, findings_on(image)), {str(other.SOPInstanceUID): other}, "H")


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    image = IMAGES["CT"][0]
    images = {str(image.SOPInstanceUID): image}
    signed = (replace(findings_on(image)[3], note="=1+1\x00\x1b[31m<script>alert(1)</script>\x85"),)
    case = dossier(image, signed, comment="@SUM(A1)\\\x07")
    report = structured_report(case, images, "Org\\with=signs^" + "x" * 100)
    assert errors_of(report, tmp_path) == []
    assert "<script>" in findings_of(report)[0].note  # text in a text value, shown by nobody as markup
    assert "\x00" not in findings_of(report)[0].note

from __future__ import annotations

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from dicom_gateway.frames.frames import SeriesFrames
from dicom_gateway.frames.picture import Mark
from reads.documents.pdf import Picture, discrepancy_report
from reads.model.discrepancy import Score
from tests.integration.documents.cases import SENTENCES, dossier, findings_on
from tests.integration.frames.files import ArchiveOfFiles
from tests.integration.frames.images import ct


def picture(tmp_path: Path) -> Picture:
    image = ct(1, 0)
    frames = SeriesFrames(ArchiveOfFiles([image]), tmp_path)
    anchor = findings_on(image)[0].anchor
    assert anchor is not None
    return Picture(frames.rendered(image.SOPInstanceUID, marks=[Mark(anchor, "F1")]), "CT, image 1")


def words(pdf: bytes) -> str:
    """All text of a PDF as poppler reads it."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_one_discrepancy_fits_one_page_with_its_picture_and_says_what_where_and_how_large(tmp_path: Path) -> None:
    image = ct(1, 0)
    case = dossier(image, findings_on(image)[:1])
    case = replace(case, discrepancies=case.discrepancies[:1])
    made = discrepancy_report(case, {1: picture(tmp_path)}, "Sankt Elsewhere", "Under-reading")
    pages = PdfReader(BytesIO(made)).pages
    assert len(pages) == 1
    assert len(pages[0].images) == 1
    told = words(made)
    for expected in (
        "Privileged",
        "4F2K",
        "2a",
        "Missed finding",
        SENTENCES[0],
        "Nodule",
        "Lung structure, left",
        "18.8 mm",
        "Under-reading",
        "Seen in retrospect.",
        case.comparison.signature.digest,
        "Dr. Åsa Öberg",
    ):
        assert expected in told, expected


def test_the_page_names_neither_the_patient_nor_the_author(tmp_path: Path) -> None:
    image = ct(1, 0)
    made = discrepancy_report(dossier(image, findings_on(image)), {1: picture(tmp_path)}, "Sankt Elsewhere")
    assert "anary" not in words(made)
    assert b"anary" not in made
    assert "1950" not in words(made)


def test_a_concordant_case_has_a_page_too() -> None:
    made = discrepancy_report(dossier(ct(1, 0), ()), {}, "Sankt Elsewhere")
    assert "Comparison without discrepancy" in words(made)
    assert all(sentence in words(made) for sentence in SENTENCES)


def test_hostile_words_are_shown_as_words_and_load_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("HIDDEN")
    hostile = f'<script>alert(1)</script><img src="file://{secret}"><a href="javascript:x">x</a>'
    image = ct(1, 0)
    case = dossier(image, tuple(replace(f, note=hostile) for f in findings_on(image)), comment=hostile)
    case = replace(case, study=replace(case.study, description="<object data='file:///etc/passwd'>"))
    made = discrepancy_report(case, {}, hostile)
    reader = PdfReader(BytesIO(made))
    assert "<script>alert(1)</script>" in words(made)
    assert "HIDDEN" not in words(made)
    assert not any(
        key in str(reader.trailer["/Root"]) for key in ("/JavaScript", "/OpenAction", "/EmbeddedFiles", "/AA")
    )
    assert not any("/Annots" in page for page in reader.pages)
    assert all(not page.images for page in reader.pages)


def test_the_page_is_tagged_for_screen_readers_and_the_picture_has_words(tmp_path: Path) -> None:
    image = ct(1, 0)
    made = discrepancy_report(dossier(image, findings_on(image)), {1: picture(tmp_path)}, "Sankt Elsewhere")
    root = str(PdfReader(BytesIO(made)).trailer["/Root"])
    assert "'/Marked': True" in root
    assert "'/Lang': 'en'" in root


def test_an_addendum_and_an_actionable_finding_are_told() -> None:
    case = dossier(ct(1, 0), findings_on(ct(1, 0))[3:])
    asked = Score("radpeer2016", "2a", "c", "KM04", 2, True)
    made = discrepancy_report(replace(case, comparison=replace(case.comparison, score=asked)), {}, "H")
    assert "ACR actionable category 2" in words(made)
    assert "addendum to the report was requested" in words(made)

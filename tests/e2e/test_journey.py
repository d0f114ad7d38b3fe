"""A case from the PACS to the original reader's acknowledgement, each person in their own browser."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import highdicom as hd
import pydicom
import pytest
from playwright.sync_api import Browser, Page, expect

from sample_studies.manifest import Lesion, SampleStudy
from tests.e2e import senders
from tests.e2e.browser import person
from tests.e2e.room import PATIENCE_MS, Room, picture
from tests.e2e.service import Account, Service, until

COMMENT = "A mass behind the heart; the lower lobes deserve a second look on every film."
PLACE = re.compile(r"lower lobe of lung", re.IGNORECASE)
MINUTE = "Second reader and quality lead agree: visible, and it changes the treatment."


@dataclass(frozen=True)
class Journey:
    """The CT of the chest whose report misses the mass, and the people around it."""

    study: SampleStudy
    case_id: str
    reader: Page
    quality: Page
    original: Page
    complaints: list[str]

    @property
    def lesion(self) -> Lesion:
        """The mass."""
        return self.study.lesions[0]


@pytest.fixture(scope="module")
def journey(
    service: Service,
    browser: Browser,
    samples: dict[str, SampleStudy],
    second_reader: Account,
    quality_lead: Account,
    original_reader: Account,
) -> Iterator[Journey]:
    """The CT and its prior have come by C-STORE and the reports by MLLP; three people are signed in."""
    study = samples["ct-chest"]
    for key in ("ct-chest-prior", "ct-chest"):
        senders.dcmsend(service, list(samples[key].instances()))
        senders.send_report(service, samples[key].report_path().read_bytes())
    people = [person(browser, service, account) for account in (second_reader, quality_lead, original_reader)]
    (_, reader, complaints), (_, quality, _), (_, original, _) = people
    reader.goto("/worklist")
    row = reader.locator("tr", has_text=study.description).filter(has_text="ready to read")
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    yield Journey(study, row.get_attribute("data-case-id") or "", reader, quality, original, complaints)
    for context, _, _ in people:
        context.close()


def paper(journey: Journey, name: str, folder: Path) -> Path:
    """A document of the case as the quality lead downloads it, once the worker has written it."""
    request = journey.quality.request
    address = f"/quality/cases/{journey.case_id}/{name}"
    until(lambda: request.get(address).ok, name)
    target = folder / name
    target.write_bytes(request.get(address).body())
    return target


def errors_of(path: Path) -> list[str]:
    """What dciodvfy calls an error in a DICOM object."""
    command = [str(Path(sys.executable).with_name("dciodvfy")), "-new", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (said.stdout + said.stderr).splitlines()
    assert lines, "dciodvfy names at least the kind of object"
    return [line for line in lines if line.startswith("Error")]


def test_the_reader_sees_the_image_before_anything_of_the_report(journey: Journey) -> None:
    page = journey.reader
    picture(page, "worklist")
    page.locator(f"[data-case-id='{journey.case_id}'] a").press("Enter")
    page.wait_for_url("**/cases/*")
    room = Room(page)
    room.painted(0)
    room.painted(1)
    assert room.shades(0) > 50
    assert room.shades(1) > 50
    assert journey.study.report.statement not in page.content()
    assert "Okafor" not in page.content()


def test_a_length_across_the_mass_measures_its_true_diameter(journey: Journey) -> None:
    room = Room(journey.reader)
    room.go_to(journey.lesion)
    room.page.keyboard.press("l")
    room.drag(*journey.lesion.endpoints_px)
    label = room.by("shape-label").first
    expect(label).to_contain_text("mm")
    shown = re.search(r"([\d.]+)\s*mm", label.inner_text())
    assert shown is not None
    assert float(shown.group(1)) == pytest.approx(journey.lesion.long_axis_mm, rel=0.10)


def test_the_finding_takes_size_and_side_from_the_length(journey: Journey) -> None:
    room = Room(journey.reader)
    room.page.keyboard.press("f")
    room.choose("what", "mass")
    room.choose("where", "left lower lobe")
    expect(room.by("side-left")).to_be_checked()
    room.by("certainty-probable").check()
    room.by("finding-done").click()
    expect(room.by("finding-F1")).to_contain_text("Lower lobe of lung, left")
    room.saved()
    picture(room.page, "reading-independent")


def test_a_reload_loses_nothing(journey: Journey) -> None:
    room = Room(journey.reader)
    room.page.reload()
    room.painted(0)
    expect(room.by("finding-F1")).to_contain_text("mm")
    room.by("finding-F1").get_by_role("button", name="F1").click()
    expect(room.by("shape-label").first).to_contain_text("F1")


def test_only_after_the_commit_the_report_appears(journey: Journey) -> None:
    room = Room(journey.reader)
    assert journey.study.report.statement not in room.page.content()
    room.commit()
    expect(room.by("report")).to_contain_text(journey.study.report.statement)
    assert "Okafor" not in room.page.content(), "the author stays hidden"


def test_the_reader_marks_the_miss_scores_3b_and_signs(journey: Journey) -> None:
    room, keyboard = Room(journey.reader), journey.reader.keyboard
    missed = room.page.locator("[data-testid^=statement-]", has_text=journey.study.report.statement)
    count = room.page.locator("[data-testid^=statement-]").count()
    number = int((missed.first.get_attribute("data-testid") or "").removeprefix("statement-"))
    for at in range(1, count + 1):
        room.by(f"statement-{at}").click()
        if at == number:
            keyboard.press("d")
            room.by("differ-MISS").click()
            pair = room.by("pair-F1")
            if pair.get_attribute("aria-pressed") != "true":
                pair.click()
        else:
            keyboard.press("a")
    room.saved()
    room.by(f"statement-{number}").click()
    room.page.keyboard.press("Enter")
    picture(room.page, "reading")
    keyboard.press("Control+Enter")
    room.by("score-3b").check()
    room.by("comment").fill(COMMENT)
    room.by("cause").select_option(label="Under-reading")
    picture(room.page, "reading-score")
    keyboard.press("Control+Enter")
    expect(room.by("sign-dialog")).to_be_visible()
    keyboard.press("Enter")
    expect(room.by("done")).to_be_visible(timeout=PATIENCE_MS)
    picture(room.page, "reading-signed")
    assert not journey.complaints


def test_the_quality_lead_finds_the_discrepancy_with_picture_place_and_size(journey: Journey, tmp_path: Path) -> None:
    page = journey.quality
    page.goto("/quality")
    row = page.locator("tr", has_text=journey.case_id)
    expect(row).to_contain_text("3b")
    expect(row).to_contain_text(PLACE)
    expect(row).to_contain_text(re.compile(r"\d+ mm"))
    row.get_by_role("link").first.click()
    page.wait_for_url("**/quality/discrepancies/*")

    def drawn() -> bool:
        page.reload()
        image = page.locator("img").first
        return image.count() > 0 and bool(image.evaluate("i => i.complete && i.naturalWidth > 100"))

    until(drawn, "the picture of the discrepancy")
    expect(page.locator("main")).to_contain_text(journey.study.report.statement)
    expect(page.locator("main")).to_contain_text(COMMENT)
    picture(page, "discrepancy")

    pdf = paper(journey, "report.pdf", tmp_path)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    words = " ".join(text.split())
    assert "3b" in words
    assert PLACE.search(words)
    assert re.search(rf"\b{round(journey.lesion.long_axis_mm) // 10}\d(\.\d)? ?mm", words)
    images = subprocess.run(["pdfimages", "-list", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert len(images.splitlines()) > 2, "the picture is in the PDF"

    rows = list(csv.DictReader(io.StringIO(page.request.get("/quality/discrepancies.csv").text())))
    mine = [r for r in rows if journey.case_id in r.values()]
    assert len(mine) == 1
    assert "3b" in mine[0].values()


def test_the_signed_findings_are_read_back_from_a_valid_sr(journey: Journey, tmp_path: Path) -> None:
    sr, kos = (paper(journey, f"{kind}.dcm", tmp_path) for kind in ("sr", "kos"))
    assert not errors_of(sr)
    assert not errors_of(kos)
    view = journey.reader.request.get(f"/api/v1/cases/{journey.case_id}").json()
    (signed,) = view["read"]["findings"]
    report = hd.sr.Comprehensive3DSR.from_dataset(pydicom.dcmread(sr))
    content: Any = report.content
    (group,) = content.get_planar_roi_measurement_groups()
    (length,) = group.get_measurements()
    assert group.tracking_uid == signed["tracking_uid"]
    assert group.finding_type.value == signed["what"]["value"]
    assert [site.value.value for site in group.finding_sites] == [signed["where"]["value"]]
    assert length.value == pytest.approx(signed["measurements"][0]["value"])
    assert group.roi.value.tolist() == [pytest.approx(point) for point in signed["anchor"]["points"]]
    assert journey.lesion.sop_instance_uid in [str(item[2]) for item in report.get_evidence()]


def test_neither_sr_nor_kos_is_in_the_clinical_archive(journey: Journey, service: Service, tmp_path: Path) -> None:
    for kind in ("sr", "kos"):
        uid = str(pydicom.dcmread(paper(journey, f"{kind}.dcm", tmp_path)).SOPInstanceUID)
        assert service.archive("/tools/lookup", "POST", uid).json() == []
    assert service.archive("/tools/lookup", "POST", journey.lesion.sop_instance_uid).json() != []
    for modality in ("SR", "KO", "PR", "DOC"):
        query = json.dumps({"Level": "Series", "Query": {"Modality": modality}})
        assert service.archive("/tools/find", "POST", query).json() == []


def test_the_original_reader_finds_it_in_the_inbox_and_acknowledges(journey: Journey) -> None:
    page = journey.quality
    page.get_by_label(re.compile("minute", re.IGNORECASE)).fill(MINUTE)
    page.get_by_role("button", name=re.compile("Send to original reader")).click()
    inbox = journey.original
    inbox.goto("/inbox")
    inbox.get_by_role("link", name=re.compile(journey.study.description)).click()
    expect(inbox.locator("main")).to_contain_text(journey.study.report.statement)
    expect(inbox.locator("main")).to_contain_text(COMMENT)
    assert "Marsh" not in inbox.content(), "the second reader stays hidden"
    picture(inbox, "inbox")
    inbox.get_by_role("button", name="Acknowledge").click()
    expect(inbox.locator("main")).to_contain_text(re.compile("acknowledged", re.IGNORECASE))
    page.goto("/quality")
    expect(page.locator("tr", has_text=journey.case_id)).to_contain_text("final")
    picture(page, "quality")

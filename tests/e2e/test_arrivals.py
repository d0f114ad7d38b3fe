"""Images and reports find each other on the worklist, whichever comes first, while the reader looks on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pydicom
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pydicom.uid import generate_uid

from sample_studies.manifest import SampleStudy
from tests.e2e import senders
from tests.e2e.browser import person
from tests.e2e.room import PATIENCE_MS
from tests.e2e.service import Account, Service


@dataclass(frozen=True)
class Arrival:
    """A study of a new patient, and its report."""

    description: str
    images: list[Path]
    report: bytes


def arrival(sample: SampleStudy, name: str, folder: Path) -> Arrival:
    """A sample as another patient's study, so that each test has a row of its own."""
    study, series = generate_uid(), generate_uid()
    images = []
    for source in sample.instances():
        image = pydicom.dcmread(source)
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        image.PatientID, image.AccessionNumber, image.StudyDescription = f"P-{name}", f"A-{name}", f"MR {name}"
        images.append(folder / source.name)
        image.save_as(images[-1], enforce_file_format=True)
    report = sample.report_path().read_text("utf-8").replace(sample.patient.id, f"P-{name}")
    report = report.replace(sample.accession, f"A-{name}").replace(sample.study_uid, study)
    return Arrival(f"MR {name}", images, report.encode("utf-8"))


@pytest.fixture
def worklist(service: Service, browser: Browser, second_reader: Account) -> Iterator[Page]:
    """The worklist, open before anything is sent, and never reloaded."""
    context, page, _ = person(browser, service, second_reader)
    page.goto("/worklist")
    yield page
    context.close()


def row(worklist: Page, study: Arrival) -> Locator:
    """The row of a study."""
    return worklist.locator("tr", has_text=study.description)


def test_a_study_is_shown_as_it_arrives_and_waits_for_its_report(
    service: Service, samples: dict[str, SampleStudy], worklist: Page, tmp_path: Path
) -> None:
    study = arrival(samples["mr-head-pd"], "images first", tmp_path)
    half = len(study.images) // 2
    senders.dcmsend(service, study.images[:half])
    expect(row(worklist, study)).to_contain_text(f"{half}", timeout=PATIENCE_MS)
    expect(row(worklist, study)).to_contain_text("awaited")
    senders.dcmsend(service, study.images[half:])
    expect(row(worklist, study)).to_contain_text(f"{len(study.images)}", timeout=PATIENCE_MS)
    assert b"MSA|AA|" in senders.send_report(service, study.report)
    expect(row(worklist, study)).to_contain_text("✓ arrived", timeout=PATIENCE_MS)
    expect(row(worklist, study)).to_contain_text("ready to read", timeout=PATIENCE_MS)


def test_a_report_that_comes_before_its_images_is_bound_to_them(
    service: Service, samples: dict[str, SampleStudy], worklist: Page, tmp_path: Path
) -> None:
    study = arrival(samples["mr-head-pd"], "report first", tmp_path)
    assert b"MSA|AA|" in senders.send_report(service, study.report)
    senders.dcmsend(service, study.images)
    expect(row(worklist, study)).to_contain_text("✓ arrived", timeout=PATIENCE_MS)
    expect(row(worklist, study)).to_contain_text("ready to read", timeout=PATIENCE_MS)

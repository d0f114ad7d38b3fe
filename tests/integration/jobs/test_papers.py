"""The worker with the real store, the real archive and the real DBOS."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from PIL import Image

from dicom_gateway.archive.child import OrthancChild
from dicom_gateway.archive.orthanc import OrthancArchive
from dicom_gateway.frames.frames import SeriesFrames
from reads.documents.read_back import findings_of
from reads.model.discrepancy import AGREE, LedgerRow, Score
from reads.model.errors import NotFound
from reads.model.finding import AnchorKind
from reads.model.read import Draft
from reads.model.study import Series
from reads.store import Store
from reads.workflow.dossier import dossier
from tests.hospital import NOW, Hospital, finding, message, study
from tests.integration.documents.cases import anchor
from tests.integration.frames.images import STUDY, ct
from tests.integration.gateway.patience import until
from viewer.jobs.images import ArchiveImages
from viewer.jobs.papers import Papers
from viewer.jobs.services import ImageSource, JobServices
from viewer.jobs.worker import run_worker

IMAGES = [ct(n, 5.0 * n) for n in (1, 2, 3)]
SERIES = str(IMAGES[0].SeriesInstanceUID)
# DBOS ends its threads with the worker; the archive's connection of a thread is closed when it is collected.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[OrthancArchive]:
    child = OrthancChild(tmp_path / "orthanc")
    held = OrthancArchive(child.start())
    for image in IMAGES:
        file = BytesIO()
        pydicom.dcmwrite(file, image, enforce_file_format=True)
        held.store([file.getvalue()], len(file.getvalue()))
    yield held
    held.close()
    child.stop()


def scored(store: Store, with_findings: bool) -> str:
    """A signed case about the images in the archive."""
    hospital = Hospital(store)
    hospital.study_comes(study(STUDY, series=(Series(SERIES, "CT", "", 1, "CHEST", 3),)))
    hospital.report_comes(message("The lungs are clear. No nodule.", study_uid=STUDY))
    case_id = hospital.case(STUDY).case_id
    hospital.claim(case_id)
    place = anchor(IMAGES[1], AnchorKind.LENGTH, ((40.5, 30.5), (52.0, 30.5)))
    found = (finding(1, anchor=place, note="neu, größer"), finding(2, anchor=None)) if with_findings else ()
    saved = hospital.save(case_id, Draft(findings=found, no_abnormality=not found, clock_s=60))
    hospital.commit(case_id, saved.revision)
    if found:
        rows = (LedgerRow(1, None, AGREE), LedgerRow(2, 1, "MISS"), LedgerRow(None, 2, "MISS"))
        hospital.score(case_id, rows, Score("radpeer2016", "2a", "An 8 mm nodule was missed.", "KM04"))
    else:
        hospital.score(case_id, (LedgerRow(1, None, AGREE), LedgerRow(2, None, AGREE)), Score("radpeer2016", "1"))
    return case_id


def work(store: Store, archive: OrthancArchive, jobs_url: str, cache: Path, case_id: str) -> dict[str, bytes]:
    """Let the worker do what waits; the documents of the case by kind."""
    papers = Papers(
        store, ArchiveImages(archive, SeriesFrames(archive, cache)), dossier, lambda: NOW, "Sankt Elsewhere"
    )
    stop = threading.Event()
    thread = threading.Thread(
        target=run_worker, args=(JobServices(store, papers, lambda: NOW), jobs_url, stop), daemon=True
    )
    thread.start()

    def documents() -> dict[str, bytes]:
        with store.unit(write=False) as unit:
            return {d.kind: unit.documents.data(d.document_id) for d in unit.documents.list(case_id)}

    try:
        until(lambda: {"index", "problem"} & set(documents()), "the papers of the case", 60)
    finally:
        stop.set()
        thread.join()
    return documents()


def test_a_signed_comparison_gets_its_papers_and_the_archive_gets_nothing(
    store: Store, archive: OrthancArchive, tmp_path: Path
) -> None:
    case_id = scored(store, with_findings=True)
    before = archive.statistics()
    made = work(store, archive, f"sqlite:///{tmp_path / 'jobs.sqlite'}", tmp_path / "cache", case_id)
    assert set(made) == {"picture-1", "sr", "kos", "pdf", "index"}, made.get("problem")
    with store.unit(write=False) as unit:
        full = dossier(unit, case_id)
        assert unit.outbox.waiting() == ()
        digests = {d.kind: d.digest for d in unit.documents.list(case_id) if d.kind != "index"}
    assert json.loads(made["index"]) == digests
    back = findings_of(made["sr"], {str(i.SOPInstanceUID): i for i in IMAGES})
    assert [f.tracking_uid for f in back] == [f.tracking_uid for f in full.read.findings]
    assert back[0].anchor == full.read.findings[0].anchor
    assert Image.open(BytesIO(made["picture-1"])).size == (1024, 1024)
    assert made["pdf"].startswith(b"%PDF-")
    for kind in ("sr", "kos"):
        file = tmp_path / f"{kind}.dcm"
        file.write_bytes(made[kind])
        said = subprocess.run(
            [Path(sys.executable).with_name("dciodvfy"), "-new", file], capture_output=True, text=True
        )
        assert "Error" not in said.stderr
    # The privilege firewall: not one object, report or series more than the modality sent.
    assert archive.statistics() == before
    held = archive.study(STUDY)
    assert held is not None
    assert held.modalities == ("CT",)


def test_a_case_without_findings_gets_papers_too(sqlite_store: Store, archive: OrthancArchive, tmp_path: Path) -> None:
    case_id = scored(sqlite_store, with_findings=False)
    made = work(sqlite_store, archive, f"sqlite:///{tmp_path / 'jobs.sqlite'}", tmp_path / "cache", case_id)
    assert set(made) == {"sr", "kos", "pdf", "index"}, made.get("problem")


def test_jobs_live_on_postgresql_too(
    sqlite_store: Store, archive: OrthancArchive, empty_postgresql_url: str, tmp_path: Path
) -> None:
    case_id = scored(sqlite_store, with_findings=True)
    assert "pdf" in work(sqlite_store, archive, empty_postgresql_url, tmp_path / "cache", case_id)


def test_no_patient_data_is_kept_by_the_job_system(
    sqlite_store: Store, archive: OrthancArchive, tmp_path: Path
) -> None:
    case_id = scored(sqlite_store, with_findings=True)
    jobs = tmp_path / "jobs.sqlite"
    work(sqlite_store, archive, f"sqlite:///{jobs}", tmp_path / "cache", case_id)
    kept = b"".join(p.read_bytes() for p in tmp_path.glob("jobs.sqlite*"))
    assert case_id.encode() in kept
    for canary in (b"TEST^PATIENT", b"P-100", b"CANARY", b"Canary", b"SMITH", b"nodule", STUDY.encode()):
        assert canary not in kept


def test_a_superseded_comparison_gets_no_papers(sqlite_store: Store, archive: OrthancArchive, tmp_path: Path) -> None:
    case_id = scored(sqlite_store, with_findings=True)
    images = ArchiveImages(archive, SeriesFrames(archive, tmp_path / "cache"))
    papers = Papers(sqlite_store, images, dossier, lambda: NOW, "H")
    assert papers.kinds(case_id, 1) == ("picture-1", "sr", "kos", "pdf")
    assert papers.kinds(case_id, 2) == ()


def test_a_job_cannot_write_to_the_clinical_archive() -> None:
    """What a job gets of the archive has reading calls and no other."""
    calls = {name for name, _ in inspect.getmembers(ImageSource, inspect.isfunction) if not name.startswith("_")}
    assert calls == {"header", "series_sop_uids", "picture"}
    given = {name for name, _ in inspect.getmembers(ArchiveImages, inspect.isfunction) if not name.startswith("_")}
    assert given == calls


def test_a_paper_is_never_made_over(sqlite_store: Store, archive: OrthancArchive, tmp_path: Path) -> None:
    case_id = scored(sqlite_store, with_findings=True)
    images = ArchiveImages(archive, SeriesFrames(archive, tmp_path / "cache"))
    first = Papers(sqlite_store, images, dossier, lambda: NOW, "One").make(case_id, 1, "sr")
    assert Papers(sqlite_store, images, dossier, lambda: NOW, "Two").make(case_id, 1, "sr") == first


def test_an_image_that_left_the_archive_is_told_without_naming_anyone(
    sqlite_store: Store, archive: OrthancArchive, tmp_path: Path
) -> None:
    case_id = scored(sqlite_store, with_findings=True)
    images = ArchiveImages(archive, SeriesFrames(archive, tmp_path / "cache"))

    def moved(unit: object, of: str) -> object:
        full = dossier(unit, of)  # type: ignore[arg-type]
        gone = replace(full.read.findings[0], anchor=replace(full.read.findings[0].anchor, sop_uid="1.2.3"))  # type: ignore[type-var]
        return replace(full, read=replace(full.read, findings=(gone,)))

    papers = Papers(sqlite_store, images, moved, lambda: NOW, "H")  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="archive"):
        papers.make(case_id, 1, "sr")

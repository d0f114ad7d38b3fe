"""The sample studies are sound DICOM and HL7, hide whom they came from, and are what the manifest says."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hl7
import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.pixels.utils import pixel_array
from pydicom.uid import CTImageStorage
from scipy.ndimage import map_coordinates

from sample_studies.catalogue import PLANS
from sample_studies.identity import new_object, uid
from sample_studies.lesion import measure
from sample_studies.manifest import Lesion, SampleStudy, load
from sample_studies.report import SECTIONS
from sample_studies.volume import Volume

ROOT = Path(__file__).resolve().parents[2]
STUDIES = load()
KEYS = [study.key for study in STUDIES]
MEASURED = [(study.key, at) for study in STUDIES for at, lesion in enumerate(study.lesions) if lesion.method == "mask"]
# What the sources say of people, places and devices.
SOURCE_IDENTITY = (
    "BAPTIST|MVME22|4121885|PHILIPS MEDICAL SYSTEMS HAMBURG|THORAVISION|92.00.003|COMPRESSEDSAMPLES|26210|RUBO|556342B|"
    "GALLIERA|642341|13002689|ANONYM|123565|MRS1|ABCD|123456|REF^PHY|SONOPPS|MICROMAXX"
).split("|")


def headers(study: SampleStudy) -> list[Dataset]:
    """All data sets of a study without their pixels."""
    return [dcmread(path, stop_before_pixels=True) for path in study.instances()]


def volume_of(study: SampleStudy) -> Volume:
    """The study's first series as a volume, by the files' own geometry."""
    images = [dcmread(path) for path in study.instances()]
    stored = np.stack([image.pixel_array.astype(np.int32) for image in images])
    values = stored * int(images[0].get("RescaleSlope", 1)) + int(images[0].get("RescaleIntercept", 0))
    first, last = (np.array(image.ImagePositionPatient, float) for image in (images[0], images[-1]))
    row_mm, column_mm = (float(mm) for mm in images[0].PixelSpacing)
    step = float(last[2] - first[2]) / (len(images) - 1)
    return Volume(values.astype(np.int16), (column_mm, row_mm, step), (first[0], first[1], first[2]))


def mask_of(lesion: Lesion, root: Path) -> NDArray[np.bool_]:
    """The lesion's mask [slice, row, column], in the order of the images."""
    outline = SimpleITK.ReadImage(str(root / lesion.mask))
    return SimpleITK.GetArrayFromImage(outline) > 0


def test_every_object_passes_dciodvfy(samples: dict[str, SampleStudy]) -> None:
    dciodvfy = ROOT / ".venv" / "bin" / "dciodvfy"

    def errors(path: Path) -> list[str]:
        done = subprocess.run([dciodvfy, path], capture_output=True, check=False)
        lines = (done.stdout + done.stderr).decode(errors="replace").splitlines()
        assert lines, f"dciodvfy said nothing of {path}"
        return [f"{path.parent.parent.name}/{path.name}: {line}" for line in lines if line.startswith("Error")]

    paths = [path for study in samples.values() for path in study.instances()]
    with ThreadPoolExecutor(2) as pool:
        found = [line for lines in pool.map(errors, paths) for line in lines]

    assert len(paths) == sum(series.instances for study in samples.values() for series in study.series)
    assert found == []


@pytest.mark.parametrize("key", KEYS)
def test_a_study_is_what_the_manifest_says(samples: dict[str, SampleStudy], key: str) -> None:
    study = samples[key]
    images = headers(study)

    assert {image.StudyInstanceUID for image in images} == {study.study_uid}
    assert {image.SeriesInstanceUID for image in images} == {series.uid for series in study.series}
    assert len(images) == sum(series.instances for series in study.series)
    assert len({image.SOPInstanceUID for image in images}) == len(images)
    assert [int(image.InstanceNumber) for image in images] == list(range(1, len(images) + 1))
    for image in images:
        assert (image.PatientID, image.IssuerOfPatientID) == (study.patient.id, "SRDEMO")
        assert (image.PatientName, image.PatientBirthDate) == (study.patient.name, study.patient.birth_date)
        assert (image.AccessionNumber, image.StudyDate) == (study.accession, study.study_date)
        assert (image.Modality, image.PatientSex) == (study.modality, study.patient.sex)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_tells_whom_the_anatomy_came_from(samples: dict[str, SampleStudy], key: str) -> None:
    for image in headers(samples[key]):
        elements = [element for element in image.iterall() if element.VR != "SQ"]
        assert not any(element.tag.is_private for element in elements)
        said = " ".join(str(element.value) for element in elements if element.VR not in ("OB", "OW", "UN", "DS", "FD"))
        assert [word for word in SOURCE_IDENTITY if word in said.upper()] == []
        own = [image[name].value for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")]
        own += [image.FrameOfReferenceUID] if "FrameOfReferenceUID" in image else []
        assert all(value.startswith("2.25.") for value in own)
        assert samples[key].provenance.package in image.ContributingEquipmentSequence[0].ContributionDescription


@pytest.mark.parametrize(("key", "at"), MEASURED)
def test_a_lesion_measured_again_from_its_mask_is_as_stated(
    samples: dict[str, SampleStudy], sample_root: Path, key: str, at: int
) -> None:
    study = samples[key]
    stated = study.lesions[at]

    found = measure(volume_of(study), mask_of(stated, sample_root), study.modality)

    assert found.slice_number == stated.slice_number
    assert found.long_axis_mm == pytest.approx(stated.long_axis_mm, abs=0.1)
    assert found.short_axis_mm == pytest.approx(stated.short_axis_mm, abs=0.1)
    assert found.volume_ml == pytest.approx(stated.volume_ml, abs=0.1)
    assert found.centre_mm == pytest.approx(stated.centre_mm, abs=0.1)
    assert found.radius_mm == pytest.approx(stated.radius_mm, abs=0.1)
    assert found.side == stated.side


@pytest.mark.parametrize(("key", "at"), MEASURED)
def test_the_ends_of_a_diameter_lie_in_the_named_image(samples: dict[str, SampleStudy], key: str, at: int) -> None:
    lesion = samples[key].lesions[at]
    (image,) = [image for image in headers(samples[key]) if image.SOPInstanceUID == lesion.sop_instance_uid]
    assert int(image.InstanceNumber) == lesion.slice_number
    position = np.array(image.ImagePositionPatient, float)
    along_row, down_column = np.array(image.ImageOrientationPatient, float).reshape(2, 3)
    row_mm, column_mm = (float(mm) for mm in image.PixelSpacing)

    for (column, row), point in zip(lesion.endpoints_px, lesion.endpoints_mm, strict=True):
        assert position + along_row * column_mm * column + down_column * row_mm * row == pytest.approx(point, abs=0.02)
    first, second = (np.array(point) for point in lesion.endpoints_mm)
    assert np.linalg.norm(second - first) == pytest.approx(lesion.long_axis_mm, abs=0.02)


@pytest.mark.parametrize(("key", "at"), MEASURED)
def test_the_side_follows_from_the_image_orientation(samples: dict[str, SampleStudy], key: str, at: int) -> None:
    """On an axial image the patient's left is on the right: the orientation says so, not the picture."""
    lesion = samples[key].lesions[at]
    (path,) = [p for p in samples[key].instances() if dcmread(p).SOPInstanceUID == lesion.sop_instance_uid]
    image = dcmread(path)
    body = image.pixel_array > (700 if samples[key].modality == "CT" else 150)
    columns_to_the_left = float(image.ImageOrientationPatient[0]) > 0
    right_in_picture = np.mean([column for column, _ in lesion.endpoints_px]) > np.nonzero(body)[1].mean()

    assert lesion.side == ("L" if right_in_picture == columns_to_the_left else "R")


def test_the_prior_is_the_current_scan_moved_as_stated(samples: dict[str, SampleStudy]) -> None:
    current, prior = volume_of(samples["ct-chest"]), volume_of(samples["ct-chest-prior"])
    study, matrix = samples["ct-chest-prior"], np.array(samples["ct-chest-prior"].prior_to_current)
    slices, rows, columns = (axis.ravel() for axis in np.mgrid[5:50:3, 20:490:9, 20:490:9])
    points = np.array(prior.origin) + np.stack([columns, rows, slices], 1) * np.array(prior.spacing)
    there = (points @ matrix[:3, :3].T + matrix[:3, 3] - np.array(current.origin)) / np.array(current.spacing)
    # The mass is the one place where the two differ.
    far = np.linalg.norm(points - np.array(study.lesions[0].centre_mm), axis=1) > 60
    expected = map_coordinates(current.voxels.astype(float), there[far].T[::-1], order=1, cval=-1024)
    found = prior.voxels[slices[far], rows[far], columns[far]]

    assert study.prior_of == "ct-chest"
    assert np.median(np.abs(found - expected)) < 2
    assert np.mean(np.abs(found - expected) < 5) > 0.95
    assert matrix[:3, :3] @ matrix[:3, :3].T == pytest.approx(np.eye(3), abs=1e-6)


def test_the_mass_has_grown_where_it_was(samples: dict[str, SampleStudy]) -> None:
    (now,), (then,) = samples["ct-chest"].lesions, samples["ct-chest-prior"].lesions
    matrix = np.array(samples["ct-chest-prior"].prior_to_current)
    moved = matrix[:3, :3] @ np.array(then.centre_mm) + matrix[:3, 3]

    assert np.linalg.norm(moved - np.array(now.centre_mm)) < 3
    assert then.long_axis_mm < 0.5 * now.long_axis_mm
    frames = {headers(samples[key])[0].FrameOfReferenceUID for key in ("ct-chest", "ct-chest-prior")}
    assert len(frames) == 2


def test_the_verdicts_give_a_second_reader_something_to_find(samples: dict[str, SampleStudy]) -> None:
    assert {study.report.verdict for study in samples.values()} == {"right", "miss", "wrong_side", "over_call"}
    assert {study.report.binding for study in samples.values()} == {"study_uid", "accession", "zds"}
    assert samples["ecg"].report.author == "R2001"
    for study in samples.values():
        assert bool(study.report.statement) == bool(study.report.truth) == (study.report.verdict != "right")


@pytest.mark.parametrize("key", KEYS)
def test_a_report_is_a_sound_oru_message(samples: dict[str, SampleStudy], key: str) -> None:
    study = samples[key]
    data = study.report_path().read_bytes()
    message = hl7.parse(data.decode("utf-8"))
    request = message.segment("OBR")

    assert b"\n" not in data
    assert data.endswith(b"\r")
    assert (str(message.segment("MSH")[9]), str(message.segment("MSH")[12])) == ("ORU^R01^ORU_R01", "2.5.1")
    assert str(message.segment("MSH")[18]) == "UNICODE UTF-8"
    assert str(message.segment("PID")[3]) == f"{study.patient.id}^^^SRDEMO^MR"
    assert str(message.segment("PID")[5]) == study.patient.name
    assert (str(request[18]), str(request[24]), str(request[25])) == (study.accession, study.modality, "F")
    family, given = study.report.author_name.split(", ")
    assert str(request[32]) == f"{study.report.author}&{family}&{given}&&&Dr."
    assert data.decode().count(family) == 1
    known = {code for code, _ in SECTIONS.values()} | {"113014"}
    for observation in message.segments("OBX"):
        assert str(observation[3]).split("^")[0] in known
        assert str(observation[11]) == "F"
    assert study.report.statement in data.decode()


@pytest.mark.parametrize("key", KEYS)
def test_a_report_names_its_study_as_its_binding_says(samples: dict[str, SampleStudy], key: str) -> None:
    study = samples[key]
    text = study.report_path().read_text(encoding="utf-8")

    assert (f"113014^DICOM Study^DCM|1|^{study.study_uid}^ISO" in text) == (study.report.binding == "study_uid")
    assert (f"ZDS|{study.study_uid}^" in text) == (study.report.binding == "zds")


@pytest.mark.parametrize(("key", "frames"), [("us-cine", 120), ("xa-coronary", 96)])
def test_a_compressed_cine_keeps_all_its_frames(samples: dict[str, SampleStudy], key: str, frames: int) -> None:
    (path,) = samples[key].instances()
    image = dcmread(path)

    assert (image.NumberOfFrames, image.file_meta.TransferSyntaxUID.is_compressed) == (frames, True)
    assert pixel_array(path, index=frames - 1).std() > 5


def test_the_ecg_has_twelve_leads_and_no_opinion(samples: dict[str, SampleStudy]) -> None:
    (path,) = samples["ecg"].instances()
    image = dcmread(path)

    assert [group.NumberOfWaveformChannels for group in image.WaveformSequence] == [12, 12]
    assert not any("UnformattedTextValue" in note for note in image.WaveformAnnotationSequence)


def test_no_institution_is_left_in_the_picture(samples: dict[str, SampleStudy]) -> None:
    (path,) = samples["us-node"].instances()

    assert not pixel_array(path)[24:41, 16:176].any()


def test_the_same_plan_gives_the_same_object(tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        image = new_object(PLANS[0], CTImageStorage, 1, 7)
        image.save_as(tmp_path / name, enforce_file_format=True)
        written.append((tmp_path / name).read_bytes())

    assert written[0] == written[1]
    assert str(uid("ct-chest", 1, 7)).encode() in written[0]


def test_a_second_build_does_nothing_and_imports_nothing_heavy(sample_root: Path) -> None:
    script = (
        "import sys; from sample_studies.build import main; status = main([]);"
        "print([name for name in ('numpy', 'pydicom', 'SimpleITK', 'rich') if name in sys.modules]); sys.exit(status)"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Sample studies: up to date in sample_studies/studies.", "[]"]

"""What holds for the archive of files holds for Orthanc."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from dicom_gateway.archive.child import OrthancChild
from dicom_gateway.archive.orthanc import OrthancArchive
from dicom_gateway.frames.frames import SeriesFrames
from reads.model.errors import NotFound
from reads.ports import ImageArchive
from tests.integration.frames.files import ArchiveOfFiles
from tests.integration.frames.images import STUDY, ct, radiograph, sample, ultrasound


def images() -> list[Dataset]:
    ecg, coded = sample("waveform_ecg.dcm"), sample("MR_small_jp2klossless.dcm")
    return [ct(1, 0.0), ct(2, 5.0), ct(3, 10.0), ultrasound(), radiograph(), ecg, coded]


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OrthancArchive]:
    child = OrthancChild(tmp_path_factory.mktemp("orthanc"))
    held = OrthancArchive(child.start())
    for image in images():
        file = BytesIO()
        pydicom.dcmwrite(file, image, enforce_file_format=True)
        held.store([file.getvalue()], len(file.getvalue()))
    yield held
    held.close()
    child.stop()


@pytest.fixture(params=["files", "orthanc"])
def archive(request: pytest.FixtureRequest) -> ImageArchive:
    if request.param == "files":
        return ArchiveOfFiles(images())
    held: OrthancArchive = request.getfixturevalue("orthanc")
    return held


def test_a_series_comes_in_viewing_order_with_all_that_a_viewer_needs(archive: ImageArchive, tmp_path: Path) -> None:
    listed = json.loads(SeriesFrames(archive, tmp_path).metadata(STUDY + ".1"))
    assert [i["00200013"]["Value"] for i in listed] == [[1], [2], [3]]
    needed = (
        "00080018",
        "00280010",
        "00280011",
        "00280100",
        "00281050",
        "00281052",
        "00200037",
        "00280030",
        "00083002",
    )
    assert all(key in i for key in needed for i in listed)


def test_one_frame_of_a_loop_is_its_own_bytes(archive: ImageArchive, tmp_path: Path) -> None:
    loop = ultrasound()
    length = len(loop.PixelData) // 3
    got = SeriesFrames(archive, tmp_path).frame(str(loop.SOPInstanceUID), 2)
    assert got.data == loop.PixelData[length : 2 * length]
    assert got.transfer_syntax == "1.2.840.10008.1.2.1"


def test_a_coded_frame_stays_coded(archive: ImageArchive, tmp_path: Path) -> None:
    coded = sample("MR_small_jp2klossless.dcm")
    got = SeriesFrames(archive, tmp_path).frame(str(coded.SOPInstanceUID))
    assert got.data.startswith(b"\xff\x4f\xff\x51")
    assert got.transfer_syntax == str(coded.file_meta.TransferSyntaxUID)


def test_every_shape_is_rendered_and_has_a_thumbnail(archive: ImageArchive, tmp_path: Path) -> None:
    frames = SeriesFrames(archive, tmp_path)
    for image in images():
        assert frames.thumbnail(str(image.SeriesInstanceUID)).startswith(b"\x89PNG")
        if "Rows" in image:
            assert frames.rendered(str(image.SOPInstanceUID)).startswith(b"\x89PNG")
        else:
            assert frames.ecg(str(image.SOPInstanceUID)).startswith(b"<svg")


def test_what_is_not_there_is_told(archive: ImageArchive, tmp_path: Path) -> None:
    frames = SeriesFrames(archive, tmp_path)
    with pytest.raises(NotFound):
        frames.metadata("1.2.3.4")
    with pytest.raises(NotFound):
        frames.frame("1.2.3.4")
    with pytest.raises(NotFound):
        frames.frame(str(ultrasound().SOPInstanceUID), 4)

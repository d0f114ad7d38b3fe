from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import BasicTextSRStorage, ExplicitVRBigEndian

from dicom_gateway.frames.frames import SeriesFrames
from dicom_gateway.frames.picture import Mark
from dicom_gateway.frames.presentable import Kind, kind_of, presentable
from reads.model.errors import Invalid, NotFound
from reads.model.finding import AnchorKind, ImageAnchor
from tests.integration.frames.files import ArchiveOfFiles
from tests.integration.frames.images import ct, radiograph, sample, ultrasound

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


def a_report(series: str) -> Dataset:
    report = ct(99, 0, series)
    report.SOPClassUID = BasicTextSRStorage
    report.file_meta.MediaStorageSOPClassUID = BasicTextSRStorage
    del report.PixelData
    return report


def picture(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def test_metadata_lists_a_ct_by_place_whatever_its_numbers_say(tmp_path: Path) -> None:
    heights = {1: 10.0, 2: 30.0, 3: 20.0, 4: 0.0}
    archive = ArchiveOfFiles(ct(n, z) for n, z in heights.items())
    listed = json.loads(SeriesFrames(archive, tmp_path).metadata(ct(1, 0).SeriesInstanceUID))
    assert [i["00200032"]["Value"][2] for i in listed] == [30.0, 20.0, 10.0, 0.0]


def test_the_phases_of_a_dynamic_series_follow_one_another_instead_of_alternating(tmp_path: Path) -> None:
    archive = ArchiveOfFiles(ct(n, z) for n, z in ((1, 0.0), (3, 0.0), (2, 5.0), (4, 5.0)))
    listed = json.loads(SeriesFrames(archive, tmp_path).metadata(ct(1, 0).SeriesInstanceUID))
    assert [i["00200013"]["Value"][0] for i in listed] == [1, 2, 3, 4]


def test_a_stack_starts_where_its_instance_numbers_start(tmp_path: Path) -> None:
    for step in (5.0, -5.0):
        archive = ArchiveOfFiles(ct(n, step * n) for n in (3, 1, 2))
        listed = json.loads(SeriesFrames(archive, tmp_path / str(step)).metadata(ct(1, 0).SeriesInstanceUID))
        assert [i["00200013"]["Value"][0] for i in listed] == [1, 2, 3]


def test_metadata_names_neither_the_patient_nor_anyone_who_read_or_made_the_images(tmp_path: Path) -> None:
    image = ct(1, 0)
    physician = Dataset()
    physician.PersonName = "Nested^Canary"
    item = Dataset()
    item.PersonIdentificationCodeSequence = [physician]
    item.CodeMeaning = "kept"
    image.PhysiciansReadingStudyIdentificationSequence = [item]
    image.ProcedureCodeSequence = [item]
    image.add_new(0x00091001, "LO", "private CANARY")
    told = SeriesFrames(ArchiveOfFiles([image]), tmp_path).metadata(image.SeriesInstanceUID, blind=True)
    assert b"anary" not in told.lower()
    listed = json.loads(told)[0]
    assert listed["00100040"]["Value"] == ["F"]
    assert listed["00101010"]["Value"] == ["074Y"]
    assert listed["00081032"]["Value"][0]["00080104"]["Value"] == ["kept"]


def test_an_open_read_still_never_learns_the_patients_name(tmp_path: Path) -> None:
    image = ct(1, 0)
    told = SeriesFrames(ArchiveOfFiles([image]), tmp_path).metadata(image.SeriesInstanceUID, blind=False)
    assert "00081070" in json.loads(told)[0]
    assert not {"00100010", "00100020", "00100030", "00080050", "00080090"} & set(json.loads(told)[0])


def test_an_instance_that_arrives_later_is_listed_and_the_others_are_not_read_again(tmp_path: Path) -> None:
    archive = ArchiveOfFiles([ct(1, 0), ct(2, 5)])
    frames = SeriesFrames(archive, tmp_path)
    series = ct(1, 0).SeriesInstanceUID
    assert len(json.loads(frames.metadata(series))) == 2
    archive.add(ct(3, 10))
    archive.headers_read = 0
    assert len(json.loads(frames.metadata(series))) == 3
    assert archive.headers_read == 1


def test_the_cache_survives_a_restart_and_its_names_hold_no_uid(tmp_path: Path) -> None:
    archive = ArchiveOfFiles([ct(1, 0)])
    series = ct(1, 0).SeriesInstanceUID
    first = SeriesFrames(archive, tmp_path).metadata(series)
    archive.headers_read = 0
    assert SeriesFrames(archive, tmp_path).metadata(series) == first
    assert archive.headers_read == 0
    names = [p.name for p in tmp_path.rglob("*") if p.is_file()]
    assert names
    assert all(re.fullmatch("[0-9a-f]{64}", n) for n in names)


def test_a_cache_that_cannot_be_written_hurts_nobody(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    frames = SeriesFrames(ArchiveOfFiles([ct(1, 0)]), blocked)
    assert len(json.loads(frames.metadata(ct(1, 0).SeriesInstanceUID))) == 1


def test_a_series_of_reports_is_not_there_for_the_browser(tmp_path: Path) -> None:
    series = ct(1, 0).SeriesInstanceUID
    with pytest.raises(NotFound):
        SeriesFrames(ArchiveOfFiles([a_report(series)]), tmp_path).metadata(series)


def test_a_report_hidden_in_an_image_series_is_left_out(tmp_path: Path) -> None:
    series = ct(1, 0).SeriesInstanceUID
    listed = json.loads(SeriesFrames(ArchiveOfFiles([ct(1, 0), a_report(series)]), tmp_path).metadata(series))
    assert len(listed) == 1


def test_palettes_are_inline_in_little_endian_order(tmp_path: Path) -> None:
    image = sample("examples_palette.dcm")
    little = image.RedPaletteColorLookupTableData
    listed = json.loads(SeriesFrames(ArchiveOfFiles([image]), tmp_path).metadata(image.SeriesInstanceUID))[0]
    data = np.frombuffer(pydicom.Dataset.from_json({"00281201": listed["00281201"]})[0x00281201].value, "<u2")
    assert data.tolist() == np.frombuffer(little, "<u2").tolist()
    assert "7FE00010" not in listed


def test_every_kind_of_pixel_becomes_a_picture(tmp_path: Path) -> None:
    names = """examples_palette MR_small MR_small_RLE MR_small_jp2klossless MR_small_jpeg_ls_lossless JPGExtended
        SC_rgb_jpeg_dcmtk SC_rgb_rle_16bit_2frame examples_ybr_color SC_ybr_full_422_uncompressed CT_small
        SC_rgb_dcmtk_+eb+cy+np 693_J2KI MR_small_bigendian image_dfl""".split()
    for name in names:
        image = sample(name + ".dcm")
        frames = SeriesFrames(ArchiveOfFiles([image]), tmp_path)
        drawn = picture(frames.rendered(image.SOPInstanceUID, 1))
        assert max(drawn.shape) == 1024, name
        assert drawn.std() > 5, name


def test_a_window_in_hounsfield_units_is_obeyed(tmp_path: Path) -> None:
    image = ct(1, 0, value=40)
    frames = SeriesFrames(ArchiveOfFiles([image]), tmp_path)
    centre = (slice(480, 500), slice(300, 320), 0)
    assert abs(picture(frames.rendered(image.SOPInstanceUID, window=(40, 400)))[centre].mean() - 128) < 3
    assert picture(frames.rendered(image.SOPInstanceUID, window=(500, 100)))[centre].mean() == 0


def test_monochrome1_shows_low_values_bright(tmp_path: Path) -> None:
    image = radiograph()
    drawn = picture(SeriesFrames(ArchiveOfFiles([image]), tmp_path).rendered(image.SOPInstanceUID))
    assert drawn[512, 410, 0] > 200
    assert drawn[100, 200, 0] < 50


def test_each_frame_of_a_loop_is_itself(tmp_path: Path) -> None:
    loop = ultrasound()
    frames = SeriesFrames(ArchiveOfFiles([loop]), tmp_path)
    assert [picture(frames.rendered(loop.SOPInstanceUID, n))[300, 300, 0] for n in (1, 2, 3)] == [40, 80, 120]


def test_a_mark_stands_where_the_finding_is(tmp_path: Path) -> None:
    image = ct(1, 0)
    anchor = ImageAnchor(
        image.SeriesInstanceUID, image.SOPInstanceUID, image.SOPClassUID, 1, AnchorKind.LENGTH, ((40, 30), (52, 30))
    )
    frames = SeriesFrames(ArchiveOfFiles([image]), tmp_path)
    plain, marked = (picture(frames.rendered(image.SOPInstanceUID, marks=m)) for m in ((), (Mark(anchor, "F1"),)))
    changed = np.argwhere((plain != marked).any(axis=2))
    assert changed[:, 1].min() >= 40 * 16 - 8
    assert 30 * 16 - 24 <= changed[:, 0].min() <= 30 * 16
    assert (marked[30 * 16, 46 * 16] == (255, 205, 70)).all()


def test_a_mark_of_another_frame_is_not_drawn(tmp_path: Path) -> None:
    loop = ultrasound()
    uid = loop.SOPInstanceUID
    mark = Mark(ImageAnchor(loop.SeriesInstanceUID, uid, loop.SOPClassUID, 2, AnchorKind.POINT, ((20, 20),)), "F1")
    frames = SeriesFrames(ArchiveOfFiles([loop]), tmp_path)
    assert frames.rendered(uid, 1, marks=(mark,)) == frames.rendered(uid, 1)
    assert frames.rendered(uid, 2, marks=(mark,)) != frames.rendered(uid, 2)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("1.2.840.10008.5.1.4.1.1.2", Kind.IMAGE),
        ("1.2.840.10008.5.1.4.1.1.2.1", Kind.IMAGE),
        ("1.2.840.10008.5.1.4.1.1.128", Kind.IMAGE),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", Kind.WAVEFORM),
        ("1.2.840.10008.5.1.4.1.1.9.4.1", Kind.OPINION),
        ("1.2.840.10008.5.1.4.1.1.88.59", Kind.OPINION),
        ("1.2.840.10008.5.1.4.1.1.11.1", Kind.OPINION),
        ("1.2.840.10008.5.1.4.1.1.104.1", Kind.OPINION),
        ("1.2.840.10008.5.1.4.1.1.66.4", Kind.OPINION),
        ("1.2.840.10008.5.1.4.1.1.481.3", Kind.OPINION),
        ("1.2.3.4", Kind.OTHER),
    ],
)
def test_opinions_are_told_from_images(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


def test_a_series_is_an_opinion_as_soon_as_one_instance_or_its_modality_is() -> None:
    image = "1.2.840.10008.5.1.4.1.1.2"
    assert presentable("CT", [image]) is Kind.IMAGE
    assert presentable("CT", [image, BasicTextSRStorage]) is Kind.OPINION
    assert presentable("PR", [image]) is Kind.OPINION
    assert presentable("CT", []) is Kind.OTHER


def test_a_broken_codestream_is_told_in_words(tmp_path: Path) -> None:
    image = sample("MR_small_jp2klossless.dcm")
    archive = ArchiveOfFiles([image])
    image.PixelData = encapsulate([b"\x00" * 64])
    with pytest.raises(Invalid, match=r"^cannot be shown: "):
        SeriesFrames(archive, tmp_path).rendered(image.SOPInstanceUID)


def test_the_ecg_has_every_lead_in_true_millivolts_and_no_script_or_style(tmp_path: Path) -> None:
    ecg = sample("waveform_ecg.dcm")
    drawn = SeriesFrames(ArchiveOfFiles([ecg]), tmp_path).ecg(ecg.SOPInstanceUID)
    root = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    names = [t.text for t in root.iter(space + "text")]
    assert names[:12] == ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
    assert root.get("width") == "280mm"  # 10 s at 25 mm/s and two margins
    assert not {e.tag for e in root.iter()} - {space + n for n in ("svg", "rect", "path", "text")}
    assert not any(k == "style" or k.startswith("on") for e in root.iter() for k in e.attrib)
    trace = next(e for e in root.iter(space + "path") if "transform" in e.attrib)
    steps = re.findall(r"[Ml](-?\d+)[ ]?(-?\d+)", trace.get("d") or "")
    heights = np.cumsum([int(y) for _, y in steps])
    stored = np.frombuffer(ecg.WaveformSequence[0].WaveformData, "<i2").reshape(-1, 12)[:, 0]
    assert -heights.min() == pytest.approx(stored.max() * 1.25e-3 * 10 * 100, abs=1)  # 1.25 uV, 10 mm/mV


def test_an_ecg_without_sensitivity_is_not_drawn_on_a_grid(tmp_path: Path) -> None:
    ecg = sample("waveform_ecg.dcm")
    del ecg.WaveformSequence[0].ChannelDefinitionSequence[3].ChannelSensitivity
    with pytest.raises(Invalid, match="aVR"):
        SeriesFrames(ArchiveOfFiles([ecg]), tmp_path).ecg(ecg.SOPInstanceUID)


def test_thumbnails_are_small_for_images_and_for_ecgs(tmp_path: Path) -> None:
    for image in (ct(1, 0), radiograph(), ultrasound(), sample("waveform_ecg.dcm")):
        made = SeriesFrames(ArchiveOfFiles([image]), tmp_path).thumbnail(image.SeriesInstanceUID)
        assert max(Image.open(BytesIO(made)).size) == 128


def test_the_left_edge_of_an_axial_image_is_the_patients_right() -> None:
    from dicom_gateway.frames.picture import edge_letters

    image = ct(1, 0)
    assert edge_letters(image, image) == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    assert edge_letters(radiograph(), radiograph()) == {"left": "R", "right": "L", "top": "H", "bottom": "F"}
    assert edge_letters(ultrasound(), ultrasound()) == {}


def test_big_endian_pixels_are_swapped_before_they_are_shown(tmp_path: Path) -> None:
    image = sample("MR_small_bigendian.dcm")
    same = sample("MR_small.dcm")
    assert image.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
    drawn = [picture(SeriesFrames(ArchiveOfFiles([i]), tmp_path).rendered(i.SOPInstanceUID)) for i in (image, same)]
    assert (drawn[0] == drawn[1]).all()

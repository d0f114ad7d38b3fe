"""The pictures of a series for a browser: metadata, stored frames, thumbnails, rendered images and ECG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pydicom

from dicom_gateway.frames import ecg, picture
from dicom_gateway.frames.cache import Cache
from dicom_gateway.frames.decoder import shared_decoder
from dicom_gateway.frames.picture import Mark
from dicom_gateway.frames.pixels import Pixels
from dicom_gateway.frames.presentable import Kind, kind_of
from dicom_gateway.frames.series import SeriesMetadata
from reads.model.errors import Invalid
from reads.ports import ImageArchive


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it is stored, and the Transfer Syntax UID of its bytes."""

    data: bytes
    transfer_syntax: str


class SeriesFrames:
    """What the browser reads of a series, from the archive and a folder of files made from it.

    Parameters
    ----------
    archive
        Where the images are.
    cache
        A folder for derived files; made when needed, may be deleted at any time.
    """

    def __init__(self, archive: ImageArchive, cache: Path) -> None:
        self._archive = archive
        self._cache = Cache(cache)
        self._series = SeriesMetadata(archive, self._cache)

    def metadata(self, series_uid: str, blind: bool = True) -> bytes:
        """DICOM JSON of all images of a series in viewing order (UTF-8); see :class:`SeriesMetadata`.

        Never names the patient; with ``blind`` also leaves out whoever read or made the images, and their words.
        """
        return self._series.json(series_uid, blind)

    def order(self, series_uid: str) -> tuple[str, ...]:
        """SOP Instance UIDs in viewing order."""
        return self._series.order(series_uid)

    def frame(self, sop_uid: str, number: int = 1) -> Frame:
        """One stored frame (1-based), still compressed if it is so in the archive; no other frame is read."""
        data, syntax = self._archive.frame(sop_uid, number)
        return Frame(data, syntax)

    def thumbnail(self, series_uid: str) -> bytes:
        """PNG of at most 128 x 128 pixels: the middle frame of the middle image, or the start of lead II."""
        instances = {i.sop_uid: i for i in self._series.instances(series_uid)}
        order = self._series.order(series_uid)
        middle = instances[order[len(order) // 2]]
        kept = self._cache.read("thumbnail", series_uid, middle.sop_uid)
        if kept is not None:
            return kept
        if kind_of(middle.sop_class_uid) is Kind.WAVEFORM:
            made = ecg.thumbnail(self._whole(middle.sop_uid))
        else:
            made = picture.thumbnail(self._pixels(middle.sop_uid, (max(middle.frames, 1) + 1) // 2))
        self._cache.write(made, "thumbnail", series_uid, middle.sop_uid)
        return made

    def rendered(
        self, sop_uid: str, frame: int = 1, window: tuple[float, float] | None = None, marks: Sequence[Mark] = ()
    ) -> bytes:
        """PNG of a frame, 1024 pixels on its longer side, with the patient's sides and the marks of this frame.

        Parameters
        ----------
        window
            (centre, width) in modality units (HU in CT); by default the image's own.
        marks
            Those whose anchor names another image or frame are not drawn.
        """
        here = [m for m in marks if (m.anchor.sop_uid, m.anchor.frame) == (sop_uid, frame)]
        return picture.draw(self._pixels(sop_uid, frame), window, here)

    def ecg(self, sop_uid: str) -> bytes:
        """SVG of a waveform instance, true to scale; see :func:`dicom_gateway.frames.ecg.svg`."""
        return ecg.svg(self._whole(sop_uid))

    def _pixels(self, sop_uid: str, frame: int) -> Pixels:
        data, syntax = self._archive.frame(sop_uid, frame)
        return shared_decoder().decode(self._archive.header(sop_uid), data, syntax, frame)

    def _whole(self, sop_uid: str) -> pydicom.Dataset:
        try:
            return pydicom.dcmread(BytesIO(self._archive.instance_file(sop_uid)))
        except (pydicom.errors.InvalidDicomError, EOFError, ValueError) as why:
            raise Invalid("cannot be shown: the archived file is not readable DICOM") from why

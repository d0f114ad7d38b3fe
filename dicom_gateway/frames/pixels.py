"""One stored frame to numbers: decoded, and turned into what the modality measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import UID

from dicom_gateway.frames.metadata import read_header
from reads.model.errors import Invalid

MAXIMUM_SAMPLES = 200_000_000
"""Largest frame that is decoded (rows x columns x samples); a mammogram has 13 million."""


@dataclass(frozen=True)
class Pixels:
    """A decoded frame.

    ``values`` is (rows, columns) in modality units (float32), or (rows, columns, 3) 8-bit RGB; ``dataset`` its header.
    """

    values: npt.NDArray[Any]
    dataset: Dataset
    frame: int

    @property
    def is_colour(self) -> bool:
        """Whether the frame is RGB already."""
        return self.values.ndim == 3

    def macro(self, name: str) -> Dataset:
        """The item of a functional group macro (PS3.3 C.7.6.16.2) of this frame, else the data set itself."""
        for groups in (
            self.dataset.get("PerFrameFunctionalGroupsSequence", [])[self.frame - 1 : self.frame],
            self.dataset.get("SharedFunctionalGroupsSequence", [])[:1],
        ):
            if groups and groups[0].get(name):
                item: Dataset = groups[0][name][0]
                return item
        return self.dataset


def decode(header: bytes, data: bytes, transfer_syntax: str, frame: int) -> Pixels:
    """Decode one frame.

    Parameters
    ----------
    header
        Part 10 bytes of its instance, up to the pixel data or whole.
    data
        The frame as stored.
    transfer_syntax
        Transfer Syntax UID of ``data``.
    frame
        Its number, 1-based.

    Raises
    ------
    Invalid
        In words, when it cannot be shown.
    """
    dataset = read_header(header)
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    if rows <= 0 or columns <= 0:
        raise Invalid("cannot be shown: this instance holds no image")
    if rows * columns * int(dataset.get("SamplesPerPixel") or 1) > MAXIMUM_SAMPLES:
        raise Invalid("cannot be shown: the image is larger than this viewer decodes")
    one = _single_frame(dataset, data, UID(transfer_syntax))
    try:
        values = pixel_array(one)
        if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
            values = _to_eight_bits(apply_color_lut(values, dataset))[..., :3]
        elif values.ndim == 3:
            values = _to_eight_bits(values, int(dataset.get("BitsStored") or 8))
    # Codecs raise whatever they like for a broken codestream.
    except Exception as why:
        raise Invalid("cannot be shown: the pixel data of this image cannot be decoded") from why
    pixels = Pixels(values, dataset, frame)
    if pixels.is_colour:
        return pixels
    return Pixels(_measured(pixels), dataset, frame)


def _single_frame(dataset: Dataset, data: bytes, syntax: UID) -> Dataset:
    """A data set of only this frame, so that no other frame needs to be in memory."""
    if syntax.is_private or not syntax.is_transfer_syntax:
        raise Invalid("cannot be shown: the transfer syntax of this image is not known")
    one = Dataset()
    for tag in dataset.group_dataset(0x0028):
        one[tag.tag] = tag
    one.file_meta = dataset.file_meta
    one.file_meta.TransferSyntaxUID = syntax
    if "NumberOfFrames" in one:
        one.NumberOfFrames = 1
    one.set_original_encoding(syntax.is_implicit_VR, syntax.is_little_endian)
    one.PixelData = encapsulate([data]) if syntax.is_encapsulated else data + b"\0" * (len(data) % 2)
    one["PixelData"].VR = "OB" if syntax.is_encapsulated or int(dataset.get("BitsAllocated") or 8) <= 8 else "OW"
    one["PixelData"].is_undefined_length = syntax.is_encapsulated
    return one


def _measured(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Modality LUT or rescale (PS3.3 C.11.1); per frame in enhanced objects."""
    transformation = pixels.macro("PixelValueTransformationSequence")
    return np.asarray(apply_modality_lut(pixels.values, transformation), dtype=np.float32)


def _to_eight_bits(values: npt.NDArray[Any], stored: int = 0) -> npt.NDArray[np.uint8]:
    bits = stored or values.dtype.itemsize * 8
    if bits > 8:
        values = values >> (bits - 8)
    return values.astype(np.uint8)

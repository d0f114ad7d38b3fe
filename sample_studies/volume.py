"""A volume in patient space, and its slices as CT or MR images (PS3.3 A.3, A.4)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID, CTImageStorage, MRImageStorage

from sample_studies.catalogue import Plan
from sample_studies.identity import new_object, uid

Voxels = NDArray[np.int16]
Mask = NDArray[np.bool_]
HU_OF_ZERO = -1024


@dataclass(frozen=True)
class Volume:
    """Axial voxels [slice, row, column] in viewing order.

    Columns run to the patient's left, rows to the back. `spacing` is (column, row, slice) in mm, the last one negative
    when the first slice is the highest; `origin` is the centre of the first voxel in patient mm (LPS).
    """

    voxels: Voxels
    spacing: tuple[float, float, float]
    origin: tuple[float, float, float]

    def to_mm(self, column: float, row: float, slice_index: float) -> tuple[float, float, float]:
        """Return the patient point (LPS, mm) of a voxel index."""
        (dx, dy, dz), (ox, oy, oz) = self.spacing, self.origin
        return (ox + dx * column, oy + dy * row, oz + dz * slice_index)


def read_nrrd(image: Path, label: Path, *, head_first: bool) -> tuple[Volume, Mask]:
    """Read a volume and its mask, turned to LPS; `head_first` puts the highest slice first."""
    picture = SimpleITK.DICOMOrient(SimpleITK.ReadImage(str(image)), "LPS")
    outline = SimpleITK.DICOMOrient(SimpleITK.ReadImage(str(label)), "LPS")
    voxels = SimpleITK.GetArrayFromImage(picture).astype(np.int16)
    mask = SimpleITK.GetArrayFromImage(outline) > 0
    dx, dy, dz = (round(value, 7) for value in picture.GetSpacing())
    ox, oy, oz = (round(value, 6) for value in picture.GetOrigin())
    if not head_first:
        return Volume(voxels, (dx, dy, dz), (ox, oy, oz)), mask
    top = round(oz + dz * (len(voxels) - 1), 6)
    return Volume(voxels[::-1].copy(), (dx, dy, -dz), (ox, oy, top)), mask[::-1].copy()


def ct_slices(plan: Plan, volume: Volume, derivation: str) -> list[Dataset]:
    """Return the CT images of a volume in Hounsfield units."""
    slices = []
    for index in range(len(volume.voxels)):
        d = _slice(plan, volume, index, CTImageStorage)
        d.ImageType = ["DERIVED" if derivation else "ORIGINAL", "PRIMARY", "AXIAL"]
        if derivation:
            d.DerivationDescription = derivation
        d.SeriesDescription = "Lung 5 mm"
        d.KVP = None
        d.RescaleIntercept, d.RescaleSlope, d.RescaleType = HU_OF_ZERO, 1, "HU"
        d.WindowCenter, d.WindowWidth = [-600, 40], [1500, 400]
        d.WindowCenterWidthExplanation = ["Lung", "Soft tissue"]
        stored = (volume.voxels[index].astype(np.int32) - HU_OF_ZERO).clip(0, 4095)
        _pixels(d, stored.astype("<u2"), bits_stored=12)
        slices.append(d)
    return slices


def mr_slices(plan: Plan, volume: Volume) -> list[Dataset]:
    """Return the MR images of a contrast-enhanced T1 volume; what the source does not state is left empty."""
    slices = []
    for index in range(len(volume.voxels)):
        d = _slice(plan, volume, index, MRImageStorage)
        d.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
        d.SeriesDescription = "Ax T1 +C"
        d.ScanningSequence, d.SequenceVariant, d.ScanOptions = "RM", "NONE", ""
        d.MRAcquisitionType = "2D"
        d.RepetitionTime = d.EchoTime = None
        d.EchoTrainLength = None
        d.SpacingBetweenSlices = abs(volume.spacing[2])
        d.ContrastBolusAgent = "Gadolinium-based"
        d.WindowCenter, d.WindowWidth = 900, 1800
        _pixels(d, volume.voxels[index].clip(0, 4095).astype("<u2"), bits_stored=12)
        slices.append(d)
    return slices


def _slice(plan: Plan, volume: Volume, index: int, sop_class: UID) -> Dataset:
    d = new_object(plan, sop_class, 1, index + 1)
    d.BodyPartExamined = plan.body_part
    d.PatientPosition = "HFS"
    d.AcquisitionNumber = 1
    d.AcquisitionDate, d.AcquisitionTime = plan.date, plan.time
    d.FrameOfReferenceUID = uid(plan.key, "frame of reference")
    d.PositionReferenceIndicator = ""
    position = [round(value, 4) for value in volume.to_mm(0, 0, index)]
    d.ImagePositionPatient = position
    d.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    d.SliceLocation = position[2]
    d.SliceThickness = abs(volume.spacing[2])
    d.PixelSpacing = [volume.spacing[1], volume.spacing[0]]
    return d


def _pixels(d: Dataset, stored: NDArray[np.uint16], bits_stored: int) -> None:
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.Rows, d.Columns = stored.shape
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, bits_stored, bits_stored - 1, 0
    d.PixelData = stored.tobytes()

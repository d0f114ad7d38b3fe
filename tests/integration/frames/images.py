"""Small images made by code, one of each shape that a hospital sends."""

from __future__ import annotations

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    CTImageStorage,
    ExplicitVRLittleEndian,
    UltrasoundMultiFrameImageStorage,
    generate_uid,
)

STUDY = "1.2.826.0.1.3680043.8.498.1"


def _image(sop_class: UID, modality: str, series: str, number: int) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[series, str(number)])
    dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.StudyInstanceUID = STUDY
    dataset.SeriesInstanceUID = series
    dataset.Modality = modality
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "Ωμέγα^Canary"
    dataset.PatientID = "CANARY-17"
    dataset.PatientBirthDate = "19500102"
    dataset.PatientSex = "F"
    dataset.PatientAge = "074Y"
    dataset.AccessionNumber = "CANARY-ACC"
    dataset.ReferringPhysicianName = "Referrer^Canary"
    dataset.StudyDate = "20240503"
    dataset.StudyTime = "101500"
    dataset.StudyID = "1"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = number
    dataset.Manufacturer = "made by code"
    return dataset


def _pixels(dataset: Dataset, array: np.ndarray, photometric: str, stored: int) -> None:
    colour = array.ndim == 4 or (array.ndim == 3 and array.shape[-1] == 3)
    dataset.Rows, dataset.Columns = (
        array.shape[-3:-1] if colour else array.shape[-2:]  # (…, rows, columns[, samples])
    )
    dataset.SamplesPerPixel = 3 if colour else 1
    if colour:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = array.dtype.itemsize * 8
    dataset.BitsStored = stored
    dataset.HighBit = stored - 1
    dataset.PixelRepresentation = 1 if array.dtype.kind == "i" else 0
    dataset.PixelData = array.tobytes()
    dataset["PixelData"].VR = "OB" if array.dtype.itemsize == 1 else "OW"


def ct(number: int, z: float, series: str = STUDY + ".1", value: int = 40) -> Dataset:
    """A 64 x 64 axial CT at height ``z``: air, and a body of ``value`` HU with a bright spot on the patient's left."""
    dataset = _image(CTImageStorage, "CT", series, number)
    array = np.full((64, 64), 24, np.int16)
    array[8:56, 8:56] = 1024 + value
    array[24:40, 40:52] = 1024 + 400
    dataset.ImagePositionPatient = [-32.0, -32.0, z]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [1.0, 1.0]
    dataset.SliceThickness = 2.0
    dataset.FrameOfReferenceUID = STUDY + ".9"
    dataset.PositionReferenceIndicator = ""
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1024, "HU"
    dataset.WindowCenter, dataset.WindowWidth = 40, 400
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.KVP = "120"
    dataset.AcquisitionNumber = 1
    dataset.OperatorsName = "Operator^Canary"
    dataset.NameOfPhysiciansReadingStudy = "Reader^Canary"
    _pixels(dataset, array, "MONOCHROME2", 16)
    return dataset


def ultrasound(frames: int = 3, series: str = STUDY + ".2") -> Dataset:
    """A colour loop, 48 x 64, whose n-th frame is of red level 40 n."""
    dataset = _image(UltrasoundMultiFrameImageStorage, "US", series, 1)
    array = np.zeros((frames, 48, 64, 3), np.uint8)
    for i in range(frames):
        array[i, ..., 0] = 40 * (i + 1)
    dataset.NumberOfFrames = frames
    dataset.FrameTime = "40"
    dataset.FrameIncrementPointer = 0x00181063
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.LossyImageCompression = "00"
    _pixels(dataset, array, "RGB", 8)
    return dataset


def radiograph(series: str = STUDY + ".3") -> Dataset:
    """A MONOCHROME1 chest radiograph, 80 x 64, 12 bits; stored 0 is white. No plane in the patient."""
    dataset = _image(ComputedRadiographyImageStorage, "CR", series, 1)
    array = np.full((80, 64), 4000, np.uint16)
    array[20:60, 10:54] = 500
    dataset.PatientOrientation = ["L", "F"]
    dataset.ImagerPixelSpacing = [0.2, 0.2]
    dataset.BodyPartExamined = "CHEST"
    dataset.ViewPosition = "PA"
    _pixels(dataset, array, "MONOCHROME1", 12)
    return dataset


def sample(name: str) -> Dataset:
    """One of the files that pydicom brings for tests."""
    path = get_testdata_file(name)
    assert isinstance(path, str)
    return pydicom.dcmread(path)

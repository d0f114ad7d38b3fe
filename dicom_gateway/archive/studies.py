"""Orthanc's JSON of a study, made into :class:`reads.model.study.Study`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from reads.model.study import PatientIdentity, Series, Study


def study_from(
    study: dict[str, Any], series: Sequence[dict[str, Any]], issuer: str, first_seen: datetime | None, sender: str
) -> Study:
    """A study from ``/studies/{id}`` and ``/studies/{id}/series``; texts come as Unicode whatever was sent."""
    tags = _tags(study, "MainDicomTags")
    patient = _tags(study, "PatientMainDicomTags")
    return Study(
        study_uid=tags.get("StudyInstanceUID", ""),
        patient=PatientIdentity(
            identifier=patient.get("PatientID", ""),
            issuer=issuer,
            name=patient.get("PatientName", ""),
            birth_date=day(patient.get("PatientBirthDate")),
            sex=patient.get("PatientSex", ""),
        ),
        accession=tags.get("AccessionNumber", ""),
        studied_on=day(tags.get("StudyDate")),
        description=tags.get("StudyDescription", ""),
        series=tuple(sorted((_series(s) for s in series), key=_order)),
        stable=bool(study.get("IsStable")),
        first_seen=first_seen,
        last_seen=moment(str(study.get("LastUpdate", ""))),
        sender=sender,
    )


def number(text: object) -> int | None:
    """An integer string (IS), or None if it is none."""
    try:
        return int(str(text).strip())
    except ValueError:
        return None


def day(text: str | None) -> date | None:
    """A DICOM date (DA, also with the dots of old ACR-NEMA), or None if it is none."""
    try:
        digits = (text or "").strip().replace(".", "")
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == len("YYYYMMDD") else None
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """Orthanc's time stamp ``20240131T235959``, UTC."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _series(series: dict[str, Any]) -> Series:
    tags = _tags(series, "MainDicomTags")
    return Series(
        series_uid=tags.get("SeriesInstanceUID", ""),
        modality=tags.get("Modality", ""),
        description=tags.get("SeriesDescription", ""),
        number=number(tags.get("SeriesNumber")),
        body_part=tags.get("BodyPartExamined", ""),
        instances=len(series.get("Instances", ())),
    )


def _order(series: Series) -> tuple[bool, int, str]:
    return (series.number is None, series.number or 0, series.series_uid)


def _tags(resource: dict[str, Any], name: str) -> dict[str, str]:
    return {k: str(v).strip() for k, v in resource.get(name, {}).items()}

"""Who may see the images of a study: the second reader of a case of it, or of a newer study of the same patient."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Flask, current_app

from dicom_gateway.frames.presentable import Kind, kind_of, presentable
from reads.model.errors import NotFound
from reads.model.people import Person
from reads.model.study import Study
from reads.ports import InstanceRef
from reads.store.database import Unit
from reads.workflow.reading import check_study
from viewer.web.dicomweb.instances import instances
from viewer.web.dicomweb.recent import Recent
from viewer.web.services import services

FRESH_S = 2.0
_KEY = "secondread_image_access"
_UID = re.compile(r"[0-9.]{1,64}\Z")
_NOTHING = "There are no such images, or they are not part of a case of yours."


@dataclass(frozen=True, slots=True)
class ImageAccess:
    """A series that a person may see now.

    ``blind`` is True as long as one of their cases about this patient waits for its independent read.
    """

    series_uid: str
    instances: tuple[InstanceRef, ...]
    kind: Kind
    blind: bool


def series_for(person: Person, study_uid: str, series_uid: str) -> ImageAccess:
    """What the person may see of a series.

    Raises
    ------
    NotFound
        When it is not theirs, does not exist, or holds somebody's opinion. All three sound the same.
    """
    if not (_UID.match(study_uid) and _UID.match(series_uid)):
        raise NotFound(_NOTHING)
    with services().store.unit(write=False) as unit:
        check_study(unit, person, study_uid)
        study = unit.studies.get(study_uid)
        blind = study is None or _is_blind(unit, person, study)
    series = next((s for s in study.series if s.series_uid == series_uid), None) if study else None
    if series is None:
        raise NotFound(_NOTHING)
    found = instances(series_uid)
    kind = presentable(series.modality, (i.sop_class_uid for i in found))
    if kind not in (Kind.IMAGE, Kind.WAVEFORM):
        raise NotFound(_NOTHING)
    return ImageAccess(series_uid, found, kind, blind)


def install(app: Flask) -> None:
    """One memory for each app."""
    app.extensions[_KEY] = Recent[ImageAccess](FRESH_S)


def pictures_for(person: Person, study_uid: str, series_uid: str) -> ImageAccess:
    """As :func:`series_for`, at most :data:`FRESH_S` old. For pixels only: what is blind is always asked anew."""
    recent: Recent[ImageAccess] = current_app.extensions[_KEY]
    key = (person.user_id, study_uid, series_uid)
    return recent.get(key, lambda: series_for(person, study_uid, series_uid))


def instance_of(access: ImageAccess, sop_uid: str) -> tuple[InstanceRef, Kind]:
    """One instance of a series that may be seen, and whether it is an image or a waveform."""
    found = next((i for i in access.instances if i.sop_uid == sop_uid), None)
    kind = kind_of(found.sop_class_uid) if found else Kind.OTHER
    if found is None or kind not in (Kind.IMAGE, Kind.WAVEFORM):
        raise NotFound(_NOTHING)
    return found, kind


def _is_blind(unit: Unit, person: Person, study: Study) -> bool:
    """Whether a case of theirs about this patient still waits for its independent read."""
    family = unit.studies.of_patient(study.patient.identifier, study.patient.issuer) or (study,)
    cases = (case for member in family for case in unit.cases.of_study(member.study_uid))
    return any(case.reader_id == person.user_id and case.state.is_blind for case in cases)

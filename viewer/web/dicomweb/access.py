"""Who may see the images of a study: the second reader of a case of it, or of a newer study of the same patient."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dicom_gateway.frames.presentable import Kind, kind_of, presentable
from reads.model.case import CaseState
from reads.model.errors import NotFound
from reads.model.people import Person
from reads.model.study import Study
from reads.ports import InstanceRef
from reads.store.database import Unit
from viewer.web.dicomweb.instances import instances
from viewer.web.services import services

_UID = re.compile(r"[0-9.]{1,64}\Z")
_NOT_THEIRS = frozenset({CaseState.RECEIVED, CaseState.READY, CaseState.ON_HOLD, CaseState.CANCELLED})
_NOTHING = "There are no such images, or they are not part of a case of yours."


@dataclass(frozen=True, slots=True)
class ImageAccess:
    """A series that a person may see now.

    ``blind`` is True as long as one of their cases with these images waits for its independent read.
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
        blind = _blind(unit, person, study_uid)
        study = unit.studies.get(study_uid)
    series = next((s for s in study.series if s.series_uid == series_uid), None) if study else None
    if series is None:
        raise NotFound(_NOTHING)
    found = instances(series_uid)
    kind = presentable(series.modality, (i.sop_class_uid for i in found))
    if kind not in (Kind.IMAGE, Kind.WAVEFORM):
        raise NotFound(_NOTHING)
    return ImageAccess(series_uid, found, kind, blind)


def instance_of(access: ImageAccess, sop_uid: str) -> tuple[InstanceRef, Kind]:
    """One instance of a series that may be seen, and whether it is an image or a waveform."""
    found = next((i for i in access.instances if i.sop_uid == sop_uid), None)
    kind = kind_of(found.sop_class_uid) if found else Kind.OTHER
    if found is None or kind not in (Kind.IMAGE, Kind.WAVEFORM):
        raise NotFound(_NOTHING)
    return found, kind


def _blind(unit: Unit, person: Person, study_uid: str) -> bool:
    """Whether the person must stay blind for a study that is theirs to see."""
    asked = unit.studies.get(study_uid)
    if asked is None:
        raise NotFound(_NOTHING)
    own = [case for case in unit.cases.of_reader(person.user_id) if case.state not in _NOT_THEIRS]
    family = {s.study_uid: s for s in unit.studies.of_patient(asked.patient.identifier, asked.patient.issuer)}
    family[asked.study_uid] = asked
    theirs = [case for case in own if case.study_uid in family and _shows(family[case.study_uid], asked)]
    if not theirs:
        raise NotFound(_NOTHING)
    return any(case.state.is_blind for case in theirs)


def _shows(current: Study, asked: Study) -> bool:
    """Whether a case of ``current`` shows ``asked``: itself, or an older study of the same patient."""
    if current.study_uid == asked.study_uid:
        return True
    if current.studied_on is None or asked.studied_on is None:
        return False
    return asked.studied_on <= current.studied_on

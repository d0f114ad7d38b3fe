"""Which series of a case the reading room shows: images and waveforms, never anybody's opinion."""

from __future__ import annotations

from typing import Literal

from dicom_gateway.frames.presentable import Kind, presentable
from reads.model.study import Series, Study
from reads.workflow.views import ReadingView
from viewer.web.api.case_view import SeriesOut, StudyOut
from viewer.web.dicomweb.instances import instances


def studies_of(view: ReadingView) -> tuple[StudyOut, ...]:
    """The current study first, then its priors, newest first as the use case gave them."""
    current = _study(view.study, "current")
    return (current, *(_study(prior, "prior") for prior in view.priors))


def _study(study: Study, role: Literal["current", "prior"]) -> StudyOut:
    shown = (_series(series) for series in study.series)
    return StudyOut(
        study_uid=study.study_uid,
        role=role,
        studied_on=study.studied_on,
        description=study.description,
        series=tuple(s for s in shown if s is not None),
    )


def _series(series: Series) -> SeriesOut | None:
    found = instances(series.series_uid)
    kind = presentable(series.modality, (i.sop_class_uid for i in found))
    if kind not in (Kind.IMAGE, Kind.WAVEFORM):
        return None
    return SeriesOut(
        series_uid=series.series_uid,
        modality=series.modality,
        description=series.description,
        number=series.number,
        instances=len(found),
        frames=sum(i.frames for i in found),
        kind="image" if kind is Kind.IMAGE else "waveform",
    )

"""A case as the reading room gets it: only what its reader may see at this step."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from reads.model.case import CaseState
from reads.model.discrepancy import LedgerRow, Score
from reads.model.finding import Finding
from reads.model.read import BlindRead, Draft, ImageQuality
from reads.model.report import ReportSection, ReportStatus, Statement
from reads.model.scheme import Scheme
from reads.workflow.views import Position, ReadingView, Step
from viewer.web import words
from viewer.web.api.operation import Answer


class PatientOut(Answer):
    """What a reader needs of the patient; no name, no identifier."""

    sex: str
    age_years: int | None


class SeriesOut(Answer):
    """One series that can be shown."""

    series_uid: str
    modality: str
    description: str
    number: int | None
    instances: int
    frames: int
    kind: Literal["image", "waveform"]


class StudyOut(Answer):
    """The study that is read, or a prior of it."""

    study_uid: str
    role: Literal["current", "prior"]
    studied_on: date | None
    description: str
    series: tuple[SeriesOut, ...]


class ReadOut(Answer):
    """The committed independent read."""

    findings: tuple[Finding, ...]
    no_abnormality: bool
    image_quality: ImageQuality
    committed_at: datetime


class ReportOut(Answer):
    """The original report after the commit: words, status, times; never who wrote it."""

    status: ReportStatus
    version: int
    reported_at: datetime | None
    received_at: datetime
    sections: tuple[ReportSection, ...]
    statements: tuple[Statement, ...]


class OptionOut(Answer):
    """One score that can be given."""

    value: str
    label: str
    definition: str
    discrepancy: bool
    significant: bool | None
    consensus: bool


class SchemeOut(Answer):
    """The scoring scheme of the case."""

    key: str
    title: str
    options: tuple[OptionOut, ...]


class CaseView(Answer):
    """Everything the reading room shows of a case now."""

    case_id: str
    state: CaseState
    step: Step
    revision: int
    title: str
    patient: PatientOut
    due_at: datetime | None
    position: Position | None
    next_case_id: str | None
    opened_at: datetime
    signer_name: str
    studies: tuple[StudyOut, ...]
    draft: Draft
    read: ReadOut | None
    report: ReportOut | None
    rows: tuple[LedgerRow, ...]
    score: Score | None
    scheme: SchemeOut
    newer_report: bool
    returned_because: str


def case_view(view: ReadingView, studies: tuple[StudyOut, ...]) -> CaseView:
    """Put a reading view into the words of the interface."""
    case = view.case
    return CaseView(
        case_id=case.case_id,
        state=case.state,
        step=view.step,
        revision=case.revision,
        title=words.study(view.study),
        patient=PatientOut(sex=view.study.patient.sex, age_years=view.age_years),
        due_at=case.due_at,
        position=view.position,
        next_case_id=view.next_case_id,
        opened_at=case.opened_at,
        signer_name=view.signer_name,
        studies=studies,
        draft=view.draft,
        read=_read(view.read),
        report=ReportOut.model_validate(view.report) if view.report else None,
        rows=view.rows,
        score=view.score,
        scheme=_scheme(view.scheme),
        newer_report=view.newer_report,
        returned_because=view.returned_because,
    )


def _read(read: BlindRead | None) -> ReadOut | None:
    if read is None:
        return None
    return ReadOut(
        findings=read.findings,
        no_abnormality=read.no_abnormality,
        image_quality=read.image_quality,
        committed_at=read.signature.signed_at,
    )


def _scheme(scheme: Scheme) -> SchemeOut:
    options = tuple(OptionOut.model_validate(o) for o in scheme.options if not o.retired)
    return SchemeOut(key=scheme.key, title=scheme.title, options=options)

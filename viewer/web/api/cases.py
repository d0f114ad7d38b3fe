"""Claiming, reading, committing, comparing and signing a case."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from pydantic import Field

from reads.model.access import Permission
from reads.model.discrepancy import LedgerRow, Score
from reads.model.finding import Finding
from reads.model.read import Draft, ImageQuality
from reads.store.database import Unit
from reads.workflow import claim as claiming
from reads.workflow import commit as committing
from reads.workflow import compare as comparing
from reads.workflow import draft as drafting
from reads.workflow import score as scoring
from reads.workflow.guards import own_case
from reads.workflow.reading import reading_view
from viewer.web import sessions
from viewer.web.api.case_view import CaseView, case_view
from viewer.web.api.operation import Answer, Body, operation
from viewer.web.api.series import studies_of
from viewer.web.case_ids import known
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("api_cases", __name__)


class ReleaseBody(Body):
    """Why a case is given back."""

    reason: str = Field(max_length=2000)


class DraftBody(Body):
    """What the reader has entered so far."""

    findings: tuple[Finding, ...]
    no_abnormality: bool
    image_quality: ImageQuality
    annotations: str = Field(max_length=1_000_000)
    clock_s: int = Field(ge=0, le=10_000_000)
    revision: int = Field(ge=0, le=2_000_000_000)


class DraftAnswer(Answer):
    """The revision to send with the next save."""

    revision: int
    saved_at: datetime


class CommitBody(Body):
    """Sign the independent read. ``key`` is made once by the page, so that a double click signs once."""

    draft_revision: int = Field(ge=0, le=2_000_000_000)
    key: str = Field(min_length=8, max_length=64)


class ScoreBody(Body):
    """How bad, why, and what to do."""

    value: str = Field(max_length=16)
    comment: str = Field(default="", max_length=10_000)
    cause: str = Field(default="", max_length=16)
    actionable: int | None = Field(default=None, ge=1, le=3)
    request_addendum: bool = False


class ComparisonBody(Body):
    """The ledger so far."""

    rows: tuple[LedgerRow, ...] = Field(max_length=1000)
    score: ScoreBody | None = None


class SavedAnswer(Answer):
    """When it was saved."""

    saved_at: datetime


class SignBody(Body):
    """Sign the comparison and the score."""

    rows: tuple[LedgerRow, ...] = Field(max_length=1000)
    score: ScoreBody
    key: str = Field(min_length=8, max_length=64)


@blueprint.get("/cases/<case_id>")
@needs(Permission.READ_CASE)
@operation(CaseView)
def show(case_id: str) -> CaseView:
    """The case as its reader may see it now."""
    return _view(known(case_id), is_a_look=True)


@blueprint.post("/cases/<case_id>/claim")
@needs(Permission.READ_CASE)
@operation(CaseView)
def claim(case_id: str) -> CaseView:
    """Take the case, or go on with one's own."""
    with services().store.unit() as unit:
        claiming.claim(unit, sessions.signed_in(), known(case_id), now())
    return _view(known(case_id))


@blueprint.post("/cases/<case_id>/release")
@needs(Permission.READ_CASE)
@operation(SavedAnswer, body=ReleaseBody)
def release(case_id: str, body: ReleaseBody) -> SavedAnswer:
    """Give the case back, with a reason."""
    moment = now()
    with services().store.unit() as unit:
        claiming.release(unit, sessions.signed_in(), known(case_id), body.reason.strip(), moment)
    return SavedAnswer(saved_at=moment)


@blueprint.put("/cases/<case_id>/draft")
@needs(Permission.READ_CASE)
@operation(DraftAnswer, body=DraftBody)
def save_draft(case_id: str, body: DraftBody) -> DraftAnswer:
    """Save what has been entered so far; 409 when another window saved later."""
    moment = now()
    draft = Draft(**{name: getattr(body, name) for name in DraftBody.model_fields})
    with services().store.unit() as unit:
        saved = drafting.save(unit, sessions.signed_in(), known(case_id), draft, moment)
    return DraftAnswer(revision=saved.revision, saved_at=moment)


@blueprint.post("/cases/<case_id>/commit")
@needs(Permission.READ_CASE)
@operation(CaseView, body=CommitBody)
def commit(case_id: str, body: CommitBody) -> CaseView:
    """Sign the independent read; only now is the original report shown."""
    with services().store.unit() as unit:
        committing.commit(unit, sessions.signed_in(), known(case_id), body.draft_revision, body.key, now())
    return _view(known(case_id))


@blueprint.put("/cases/<case_id>/comparison")
@needs(Permission.READ_CASE)
@operation(SavedAnswer, body=ComparisonBody)
def save_comparison(case_id: str, body: ComparisonBody) -> SavedAnswer:
    """Save the ledger so far."""
    moment = now()
    with services().store.unit() as unit:
        score = _score(unit, known(case_id), body.score)
        comparing.save_comparison(unit, sessions.signed_in(), known(case_id), body.rows, score, moment)
    return SavedAnswer(saved_at=moment)


@blueprint.post("/cases/<case_id>/sign")
@needs(Permission.READ_CASE)
@operation(CaseView, body=SignBody)
def sign(case_id: str, body: SignBody) -> CaseView:
    """Sign the comparison and the score."""
    with services().store.unit() as unit:
        score = _score(unit, known(case_id), body.score)
        if score is not None:
            scoring.score(unit, sessions.signed_in(), known(case_id), body.rows, score, body.key, now())
    return _view(known(case_id))


def _score(unit: Unit, case_id: str, given: ScoreBody | None) -> Score | None:
    """The score in the scheme of the case."""
    if given is None:
        return None
    return Score(scheme=own_case(unit, sessions.signed_in(), case_id).scheme, **given.model_dump())


def _view(case_id: str, *, is_a_look: bool = False) -> CaseView:
    """The case now; ``is_a_look`` writes into the audit trail that it was looked at."""
    with services().store.unit(write=is_a_look) as unit:
        view = reading_view(unit, sessions.signed_in(), case_id, now())
    return case_view(view, studies_of(view))

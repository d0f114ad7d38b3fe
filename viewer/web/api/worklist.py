"""The worklist for programs."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint

from reads.model.access import Permission
from reads.model.case import CaseState
from reads.workflow.worklist import worklist as items
from viewer.web import sessions
from viewer.web.api.operation import Answer, operation
from viewer.web.pages.polling import version_of
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("api_worklist", __name__)


class WorklistCase(Answer):
    """One line."""

    case_id: str
    state: CaseState
    modalities: tuple[str, ...]
    description: str
    studied_on: date | None
    sex: str
    age_years: int | None
    body_part: str
    images: int
    report_arrived: bool
    has_priors: bool
    due_at: datetime | None
    mine: bool
    can_open: bool


class WorklistAnswer(Answer):
    """The list; ``version`` changes when anything in it does."""

    version: str
    cases: tuple[WorklistCase, ...]


@blueprint.get("/worklist")
@needs(Permission.READ_CASE)
@operation(WorklistAnswer)
def worklist() -> WorklistAnswer:
    """The cases this reader may see, in the order to read them."""
    with services().store.unit(write=False) as unit:
        found = items(unit, sessions.signed_in(), now())
    return WorklistAnswer(version=version_of(found), cases=tuple(WorklistCase.model_validate(i) for i in found))

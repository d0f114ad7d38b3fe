"""The second reader's worklist, live while images arrive."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from reads.model.access import Permission
from reads.workflow.views import WorklistItem
from reads.workflow.worklist import worklist
from viewer.web import sessions, words
from viewer.web.pages import polling
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("worklist", __name__)


@blueprint.get("/worklist")
@needs(Permission.READ_CASE)
def page() -> str:
    """The whole page."""
    items = _items()
    return render_template("worklist.html", items=items, version=_version(items))


@blueprint.get("/worklist/rows")
@needs(Permission.READ_CASE, counts_as_use=False)
def rows() -> Response:
    """Only the rows; 204 when nothing has changed since ``version``."""
    items = _items()
    return polling.rows("worklist_rows.html", _version(items), items=items)


def _items() -> tuple[WorklistItem, ...]:
    with services().store.unit(write=False) as unit:
        return worklist(unit, sessions.signed_in(), now())


def _version(items: tuple[WorklistItem, ...]) -> str:
    return polling.version_of(items, [words.due(item.due_at) for item in items])

"""What the quality lead decides about a discrepant case: on to the original reader, or back to the second reader."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from reads.model.access import Permission
from reads.model.errors import Invalid
from reads.workflow import triage
from viewer.web import sessions
from viewer.web.case_ids import known
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("triage", __name__)


@blueprint.post("/quality/cases/<case_id>/accept")
@needs(Permission.SEE_QUALITY)
def accept(case_id: str) -> Redirect:
    """Send the case to its original reader; scores that need a consensus need the committee's minute."""
    recipient = request.form.get("recipient_id", "")
    if not (recipient.isascii() and recipient.isdigit() and len(recipient) < 10):
        raise Invalid("Choose the original reader who is to see this.", "recipient")
    minute = request.form.get("minute", "").strip()
    with services().store.unit() as unit:
        triage.accept(unit, sessions.signed_in(), known(case_id), int(recipient), minute, now())
    return redirect(url_for("discrepancies.case", case_id=known(case_id)), code=303)


@blueprint.post("/quality/cases/<case_id>/return")
@needs(Permission.SEE_QUALITY)
def send_back(case_id: str) -> Redirect:
    """Return the comparison to the second reader, with a reason; the independent read stays as it was signed."""
    reason = request.form.get("reason", "").strip()
    with services().store.unit() as unit:
        triage.send_back(unit, sessions.signed_in(), known(case_id), reason, now())
    return redirect(url_for("quality.page"), code=303)

"""What the reader enters is saved as they go."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from reads.model.case import CaseState
from reads.model.errors import Conflict, Invalid
from reads.model.finding import AnchorKind, Finding, ImageAnchor
from reads.model.people import Person
from reads.model.read import Draft
from reads.store import Unit
from reads.workflow.guards import own_case

POINTS = {AnchorKind.POINT: 1, AnchorKind.LENGTH: 2, AnchorKind.ELLIPSE: 4}
"""Points that each shape has."""
MOST_FINDINGS = 200
LONGEST_ANNOTATIONS = 1_000_000


def save(unit: Unit, actor: Person, case_id: str, draft: Draft, now: datetime) -> Draft:
    """Save a draft over the one that the page last saw; gives it back with its new revision.

    Raises
    ------
    Conflict
        If another window saved later, or the read is committed.
    Invalid
        If something in it cannot be so; ``field`` names it.
    """
    case = own_case(unit, actor, case_id)
    if case.state is not CaseState.READING:
        raise Conflict(
            "The read of this case cannot be changed any more." if not case.state.is_blind else "Open it first."
        )
    check_draft(draft)
    saved = replace(draft, revision=draft.revision + 1)
    if not unit.drafts.put(case_id, actor.user_id, saved, now):
        raise Conflict("This case was saved in another window meanwhile. Load it again to go on from there.")
    return saved


def check_draft(draft: Draft) -> None:
    """Raise Invalid for what can never become right; an unfinished draft is fine."""
    if len(draft.findings) > MOST_FINDINGS:
        raise Invalid(f"More than {MOST_FINDINGS} findings cannot be kept.", "findings")
    if draft.revision < 0 or draft.clock_s < 0:
        raise Invalid("Revision and reading time cannot be negative.", "clock_s")
    _check_annotations(draft.annotations)
    numbers = [f.number for f in draft.findings]
    if len(set(numbers)) != len(numbers) or any(n < 1 for n in numbers):
        raise Invalid("Findings are numbered from 1, each once.", "findings")
    if len({f.tracking_uid for f in draft.findings}) != len(numbers):
        raise Invalid("Two findings have the same tracking UID.", "findings")
    for index, finding in enumerate(draft.findings):
        _check_finding(finding, f"findings.{index}")


def _check_annotations(annotations: str) -> None:
    if len(annotations) > LONGEST_ANNOTATIONS:
        raise Invalid("The drawn shapes are too many to keep.", "annotations")
    try:
        json.loads(annotations)
    except (ValueError, RecursionError):
        raise Invalid("The drawn shapes are not JSON.", "annotations") from None


def _check_finding(finding: Finding, at: str) -> None:
    if not is_uid(finding.tracking_uid):
        raise Invalid("A tracking UID is digits and dots, 64 at most (PS3.5 9.1).", f"{at}.tracking_uid")
    if not finding.what.value or not finding.what.scheme:
        raise Invalid(f"Finding F{finding.number} has no code.", f"{at}.what")
    if finding.anchor is not None:
        _check_anchor(finding.anchor, f"{at}.anchor")


def _check_anchor(anchor: ImageAnchor, at: str) -> None:
    if not all(is_uid(uid) for uid in (anchor.series_uid, anchor.sop_uid, anchor.sop_class_uid)):
        raise Invalid("An anchor names its image by valid UIDs.", at)
    if anchor.frame < 1:
        raise Invalid("Frames are numbered from 1.", f"{at}.frame")
    if len(anchor.points) != POINTS[anchor.kind]:
        raise Invalid(f"A {anchor.kind.value} has {POINTS[anchor.kind]} points.", f"{at}.points")
    if anchor.world and len(anchor.world) != len(anchor.points):
        raise Invalid("Points in the patient are as many as points in the image, or none.", f"{at}.world")


def is_uid(text: str) -> bool:
    """Whether a text can be a UID (PS3.5 9.1)."""
    parts = text.split(".")
    return 0 < len(text) <= 64 and all(p.isascii() and p.isdigit() and (p == "0" or p[0] != "0") for p in parts)

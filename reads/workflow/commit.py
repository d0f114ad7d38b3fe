"""The independent read is committed; only then is the original report revealed."""

from __future__ import annotations

import uuid
from datetime import datetime

from reads.audit import AuditEvent
from reads.compare.pairing import propose
from reads.model.case import Case, CaseState
from reads.model.digest import digest, read_content
from reads.model.errors import Conflict, Invalid, NotFound
from reads.model.machine import Event, advance
from reads.model.people import Person
from reads.model.read import BlindRead, Draft, Meaning, Signature
from reads.store import Unit
from reads.store.drafts import LedgerDraft
from reads.workflow.draft import check_draft
from reads.workflow.guards import find_report, find_study, own_case

LONGEST_KEY = 64


def commit(unit: Unit, actor: Person, case_id: str, draft_revision: int, key: str, now: datetime) -> BlindRead:
    """Sign the draft as the independent read, then reveal the report.

    ``draft_revision`` is what the reader sees on the page; ``key`` makes a repeat of this very act harmless.

    Raises
    ------
    Invalid
        If there is neither a finding nor the explicit word that there is none, or both.
    Conflict
        If a read is committed already, the draft changed meanwhile, or the key belongs to another case.
    """
    check_key(key)
    case = own_case(
        unit, actor, case_id
    )  # first, for it locks the case: of two equal calls the second sees the first's
    repeated = unit.reads.by_key(key)
    if repeated is not None:
        if (repeated.case_id, repeated.reader_id) != (case_id, actor.user_id):
            raise Conflict("This was already used to sign another case. Load the page again.")
        return repeated
    if case.state is not CaseState.READING:
        raise Conflict(f"The read of case {case_id} is committed already; it cannot change.")
    draft = unit.drafts.get(case_id, actor.user_id) or Draft()
    if draft.revision != draft_revision:
        raise Conflict("What is on the page is not what was saved last. Load the case again, then commit.")
    check_complete(draft)
    read = _sign(unit, actor, case, draft, key, now)
    case = advance(case, Event.COMMIT_BLIND, now)
    unit.cases.save(case, Event.COMMIT_BLIND, now, actor.user_id)
    _reveal(unit, actor, case, read, now)
    return read


def check_complete(draft: Draft) -> None:
    """Raise Invalid unless the draft says what was found, or plainly that nothing was."""
    check_draft(draft)
    if draft.no_abnormality and draft.findings:
        raise Invalid("You marked 'no abnormality' and there are findings. Remove one or the other.", "no_abnormality")
    if not draft.no_abnormality and not draft.findings:
        raise Invalid("Add a finding, or mark 'no abnormality'.", "findings")


def check_key(key: str) -> None:
    """Raise Invalid unless this can be a key of one act."""
    if not 8 <= len(key) <= LONGEST_KEY:
        raise Invalid(f"A key has 8 to {LONGEST_KEY} characters.", "key")


def _sign(unit: Unit, actor: Person, case: Case, draft: Draft, key: str, now: datetime) -> BlindRead:
    patient = find_study(unit, case).patient
    content = read_content(
        case.case_id,
        case.study_uid,
        patient,
        actor.user_id,
        draft.findings,
        draft.no_abnormality,
        draft.image_quality,
    )
    read = BlindRead(
        read_id=uuid.uuid4().hex,
        case_id=case.case_id,
        reader_id=actor.user_id,
        findings=draft.findings,
        no_abnormality=draft.no_abnormality,
        image_quality=draft.image_quality,
        clock_s=draft.clock_s,
        signature=Signature(actor.user_id, actor.display_name, now, Meaning.INDEPENDENT_READ, digest(content)),
    )
    unit.reads.add(read, key, patient)
    unit.audit.record(
        AuditEvent.READ_COMMITTED, actor, "case", case.case_id, now, detail={"digest": read.signature.digest}
    )
    return read


def _reveal(unit: Unit, actor: Person, case: Case, read: BlindRead, now: datetime) -> None:
    report = find_report(unit, case)
    if actor.physician_id and report.is_by(actor.physician_id):
        raise NotFound("There is no such case.")
    case = advance(case, Event.REVEAL, now)
    unit.cases.save(case, Event.REVEAL, now, actor.user_id)
    unit.drafts.put_ledger(
        case.case_id, actor.user_id, LedgerDraft(propose(report.statements, read.findings), None), now
    )
    unit.audit.record(AuditEvent.REPORT_REVEALED, actor, "case", case.case_id, now, detail={"report": report.report_id})

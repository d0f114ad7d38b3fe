"""A case is opened for a study."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from reads.audit import AuditEvent
from reads.model.case import Case, CaseState, Source
from reads.model.errors import NotFound
from reads.store import Unit
from reads.terms import scheme
from reads.workflow.binding import bind_case
from reads.workflow.policy import IntakePolicy

# No 0 O 1 I L, no vowels: nothing to mishear on the telephone, nothing that spells a word.
_SAYABLE = "23456789BCDFGHJKMNPQRSTVWXZ"
SHORTEST_ID = 4
TRIES_PER_LENGTH = 20


def open_case(unit: Unit, study_uid: str, source: Source, policy: IntakePolicy, now: datetime) -> Case:
    """Open a case for a study, and make it READY at once if all is there.

    Raises
    ------
    NotFound
        If the study or the scheme is not known.
    """
    study = unit.studies.get(study_uid)
    if study is None:
        raise NotFound("This study has not arrived.")
    case = Case(
        case_id=_new_id(unit),
        study_uid=study_uid,
        state=CaseState.RECEIVED,
        source=source,
        blind=True,
        scheme=scheme(policy.scheme).key,
        opened_at=now,
        due_at=now + timedelta(days=policy.due_days),
    )
    unit.cases.add(case, now)
    unit.audit.record(AuditEvent.CASE_OPENED, None, "case", case.case_id, now, detail={"source": source.value})
    return bind_case(unit, case, now)


def _new_id(unit: Unit) -> str:
    length = SHORTEST_ID
    while True:
        for _ in range(TRIES_PER_LENGTH):
            case_id = "".join(secrets.choice(_SAYABLE) for _ in range(length))
            if not unit.cases.exists(case_id):
                return case_id
        length += 1

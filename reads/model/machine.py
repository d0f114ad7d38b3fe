"""The life of a case as data: every transition, and the one function that takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from reads.model.case import Case, CaseState
from reads.model.errors import Conflict


class Event(StrEnum):
    """What can happen to a case."""

    BIND = "bind"
    HOLD = "hold"
    ASSIGN = "assign"
    DECLINE = "decline"
    EXPIRE = "expire"
    OPEN = "open"
    RELEASE = "release"
    COMMIT_BLIND = "commit_blind"
    OPEN_READ = "open_read"
    REVEAL = "reveal"
    SCORE = "score"
    CLOSE_CONCORDANT = "close_concordant"
    TRIAGE = "triage"
    ACCEPT = "accept"
    RETURN = "return"
    ARBITRATE = "arbitrate"
    DECIDE = "decide"
    FEEDBACK = "feedback"
    ACKNOWLEDGE = "acknowledge"
    TIMEOUT = "timeout"
    DISPUTE = "dispute"
    REARBITRATE = "rearbitrate"
    UPHOLD = "uphold"
    TEACH = "teach"
    CLOSE = "close"
    CANCEL = "cancel"


_S = CaseState
_E = Event

TRANSITIONS: dict[tuple[CaseState, Event], CaseState] = {
    (_S.RECEIVED, _E.BIND): _S.READY,
    (_S.RECEIVED, _E.HOLD): _S.ON_HOLD,
    (_S.ON_HOLD, _E.BIND): _S.READY,
    (_S.READY, _E.ASSIGN): _S.ASSIGNED,
    (_S.ASSIGNED, _E.DECLINE): _S.READY,
    (_S.ASSIGNED, _E.EXPIRE): _S.READY,
    (_S.ASSIGNED, _E.OPEN): _S.READING,
    (_S.READING, _E.RELEASE): _S.READY,
    (_S.READING, _E.COMMIT_BLIND): _S.BLIND_COMMITTED,
    (_S.READING, _E.OPEN_READ): _S.COMPARED,
    (_S.BLIND_COMMITTED, _E.REVEAL): _S.COMPARED,
    (_S.COMPARED, _E.SCORE): _S.SCORED,
    (_S.SCORED, _E.CLOSE_CONCORDANT): _S.CLOSED_CONCORDANT,
    (_S.SCORED, _E.TRIAGE): _S.TRIAGE,
    (_S.TRIAGE, _E.ACCEPT): _S.FEEDBACK,
    (_S.TRIAGE, _E.RETURN): _S.COMPARED,
    (_S.TRIAGE, _E.ARBITRATE): _S.ARBITRATION,
    (_S.ARBITRATION, _E.DECIDE): _S.CONSENSUS,
    (_S.CONSENSUS, _E.FEEDBACK): _S.FEEDBACK,
    (_S.FEEDBACK, _E.ACKNOWLEDGE): _S.FINALISED,
    (_S.FEEDBACK, _E.TIMEOUT): _S.FINALISED,
    (_S.FEEDBACK, _E.DISPUTE): _S.DISPUTED,
    (_S.DISPUTED, _E.REARBITRATE): _S.ARBITRATION,
    (_S.DISPUTED, _E.UPHOLD): _S.FINALISED,
    (_S.FINALISED, _E.TEACH): _S.LEARNING,
    (_S.FINALISED, _E.CLOSE): _S.CLOSED_FINAL,
    (_S.LEARNING, _E.CLOSE): _S.CLOSED_FINAL,
    (_S.RECEIVED, _E.CANCEL): _S.CANCELLED,
    (_S.READY, _E.CANCEL): _S.CANCELLED,
    (_S.ASSIGNED, _E.CANCEL): _S.CANCELLED,
    (_S.ON_HOLD, _E.CANCEL): _S.CANCELLED,
}

END_STATES = frozenset({_S.CLOSED_CONCORDANT, _S.CLOSED_FINAL, _S.CANCELLED})
"""States that nothing leaves."""

_CLOSING = END_STATES | {_S.FINALISED}
_GIVES_BACK = frozenset({_E.RELEASE, _E.DECLINE, _E.EXPIRE})

_NOW = {
    _S.RECEIVED: "is still arriving",
    _S.READY: "is waiting for a reader",
    _S.ASSIGNED: "has been taken by a reader",
    _S.READING: "is being read",
    _S.BLIND_COMMITTED: "has been read",
    _S.COMPARED: "is being compared with the original report",
    _S.SCORED: "has been scored",
    _S.TRIAGE: "is with the quality lead",
    _S.ARBITRATION: "is with a third reader",
    _S.CONSENSUS: "has a consensus",
    _S.FEEDBACK: "is with the original reader",
    _S.DISPUTED: "is disputed",
    _S.FINALISED: "is final",
    _S.LEARNING: "is in the learning queue",
    _S.CLOSED_CONCORDANT: "is closed",
    _S.CLOSED_FINAL: "is closed",
    _S.ON_HOLD: "is on hold",
    _S.CANCELLED: "has been cancelled",
}


def can(case: Case, event: Event) -> bool:
    """Whether the event is possible in the case's state."""
    return (case.state, event) in TRANSITIONS


def advance(case: Case, event: Event, now: datetime) -> Case:
    """The case after the event, its revision one higher.

    Giving a case back clears its reader; reaching FINALISED or an end state sets ``closed_at``.

    Raises
    ------
    Conflict
        If the case is not in a state in which this can happen.
    """
    following = TRANSITIONS.get((case.state, event))
    if following is None:
        raise Conflict(f"Case {case.case_id} {_NOW[case.state]}, so this step is not possible now.")
    changed = replace(case, state=following, revision=case.revision + 1)
    if event in _GIVES_BACK:
        changed = replace(changed, reader_id=None, claimed_at=None)
    if following in _CLOSING and case.closed_at is None:
        changed = replace(changed, closed_at=now)
    return changed

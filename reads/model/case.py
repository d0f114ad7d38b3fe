"""A case: one study, the report version it will be compared with, its reader, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "RECEIVED"
    READY = "READY"
    ASSIGNED = "ASSIGNED"
    READING = "READING"
    BLIND_COMMITTED = "BLIND_COMMITTED"
    COMPARED = "COMPARED"
    SCORED = "SCORED"
    TRIAGE = "TRIAGE"
    ARBITRATION = "ARBITRATION"
    CONSENSUS = "CONSENSUS"
    FEEDBACK = "FEEDBACK"
    DISPUTED = "DISPUTED"
    FINALISED = "FINALISED"
    LEARNING = "LEARNING"
    CLOSED_CONCORDANT = "CLOSED_CONCORDANT"
    CLOSED_FINAL = "CLOSED_FINAL"
    ON_HOLD = "ON_HOLD"
    CANCELLED = "CANCELLED"

    @property
    def is_blind(self) -> bool:
        """Whether the second reader must not see the first opinion yet."""
        return self in BEFORE_REVEAL

    @property
    def counts(self) -> bool:
        """Whether the case may enter a statistic (invariant 6)."""
        return self in COUNTED


BEFORE_REVEAL = frozenset(
    {
        CaseState.RECEIVED,
        CaseState.READY,
        CaseState.ASSIGNED,
        CaseState.READING,
        CaseState.BLIND_COMMITTED,
        CaseState.ON_HOLD,
        CaseState.CANCELLED,
    }
)
COUNTED = frozenset({CaseState.FINALISED, CaseState.LEARNING, CaseState.CLOSED_CONCORDANT, CaseState.CLOSED_FINAL})


class Source(StrEnum):
    """Why a study is read again. Sources are never mixed in one rate."""

    REQUESTED = "requested"
    RANDOM = "random"
    TARGETED = "targeted"


@dataclass(frozen=True, slots=True)
class Case:
    """One second read of one study.

    Parameters
    ----------
    case_id
        Short, random, sayable (``4F2K``); holds no patient data and may stand in a URL.
    study_uid
        The study that is read.
    state
        Where it stands.
    source, blind
        Kept for the statistics: how it was chosen and whether the read was independent.
    scheme
        Scoring scheme the case is scored with (``radpeer2016``).
    report_id
        The version of the original report that the read is bound to, once there is one.
    reader_id
        The second reader's account once assigned.
    newer_report_id
        A later version of the report that came after the reveal; the binding stays, the case is marked.
    revision
        Grows with each change; a page that shows an older one is told so.
    """

    case_id: str
    study_uid: str
    state: CaseState
    source: Source
    blind: bool
    scheme: str
    opened_at: datetime
    report_id: str | None = None
    reader_id: int | None = None
    due_at: datetime | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    newer_report_id: str | None = None
    revision: int = 0

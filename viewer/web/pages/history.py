"""What happened to a case, in words and without persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reads.model.machine import Event
from reads.store.database import Unit

_WORDS = {
    "opened": "The study arrived; the case was opened",
    "marked": "A newer version of the report arrived",
    Event.BIND: "Images and report are complete",
    Event.ASSIGN: "A second reader took the case",
    Event.DECLINE: "Given back",
    Event.RELEASE: "Given back",
    Event.EXPIRE: "The claim ended",
    Event.COMMIT_BLIND: "Independent read signed",
    Event.REVEAL: "Original report shown to the second reader",
    Event.SCORE: "Comparison and score signed",
    Event.CLOSE_CONCORDANT: "Closed: the reads agree",
    Event.ACCEPT: "Sent to the original reader",
    Event.RETURN: "Returned to the second reader",
    Event.ACKNOWLEDGE: "Acknowledged by the original reader",
    Event.CANCEL: "Cancelled",
}
"""Steps that say nothing to a person (a page was opened, a queue was entered) are left out."""


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step: when, in words, and the reason that was given."""

    at: datetime
    words: str
    reason: str


def history(unit: Unit, case_id: str) -> tuple[HistoryStep, ...]:
    """The steps of a case, in order."""
    return tuple(HistoryStep(e.at, _WORDS[e.event], e.reason) for e in unit.cases.history(case_id) if e.event in _WORDS)

"""What a site decides about cases that open by themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """How arriving studies become cases.

    ``open_cases``: a study that arrives opens a case. ``due_days``: days from opening to the due date.
    """

    open_cases: bool = True
    scheme: str = "radpeer2016"
    due_days: int = 3

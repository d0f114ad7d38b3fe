"""Scoring schemes and code lists as values; their contents are data in :mod:`reads.terms`."""

from __future__ import annotations

from dataclasses import dataclass

from reads.model.codes import Code


@dataclass(frozen=True, slots=True)
class ScoreOption:
    """One score of a scheme.

    ``discrepancy`` says whether it needs one; ``significant`` whether it counts as clinically significant
    (None: not said); ``consensus`` whether it must go to arbitration before it counts.
    """

    value: str
    code: Code
    label: str
    definition: str
    discrepancy: bool
    significant: bool | None
    consensus: bool
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scoring scheme: its key, its title, its options in order."""

    key: str
    title: str
    options: tuple[ScoreOption, ...]

    def option(self, value: str) -> ScoreOption | None:
        """The option of this value, or None."""
        return next((o for o in self.options if o.value == value), None)

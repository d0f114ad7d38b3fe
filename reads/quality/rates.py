"""Discrepancy rates with their counts and intervals; never over a mixture of sources or of blind and open reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reads.model.case import Source
from reads.model.errors import Invalid
from reads.quality.intervals import Interval, wilson
from reads.workflow.views import CaseCount

MINIMUM_CASES = 5
"""With fewer cases a percentage says nothing of the group and may point at a person: only the counts are shown."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A proportion as it may be shown.

    ``value`` and ``interval`` (Wilson, 95 %) are None when ``suppressed``, or when there is nothing to divide by.
    """

    count: int
    total: int
    value: float | None
    interval: Interval | None
    suppressed: bool


@dataclass(frozen=True, slots=True)
class ModalityRates:
    """The rates of one modality.

    Parameters
    ----------
    discrepant
        Cases with a discrepancy, of all cases.
    significant
        Cases whose discrepancy was called clinically significant, of all cases whose significance is known: a case
        that is discrepant without saying so is in neither number.
    unsaid
        Discrepant cases whose significance was not said, of the discrepant ones. The larger, the less ``significant``
        is worth.
    """

    modality: str
    discrepant: Rate
    significant: Rate
    unsaid: Rate


@dataclass(frozen=True, slots=True)
class Counted:
    """Final cases of one modality, and how they came to be read: the two that must not be mixed."""

    source: Source
    blind: bool
    cases: CaseCount


@dataclass(frozen=True, slots=True)
class DiscrepancyRates:
    """Rates over one source and one blindness: of everything (``overall``, modality empty) and by modality."""

    source: Source
    blind: bool
    overall: ModalityRates
    by_modality: tuple[ModalityRates, ...]


def rate(count: int, total: int, minimum: int = MINIMUM_CASES) -> Rate:
    """A proportion, suppressed when it stands on fewer than ``minimum`` cases.

    Raises
    ------
    ValueError
        When the count is negative or larger than the total.
    """
    if not 0 <= count <= total:
        raise ValueError("a rate needs 0 <= count <= total")
    if total < max(minimum, 1):
        return Rate(count, total, None, None, suppressed=total > 0)
    return Rate(count, total, count / total, wilson(count, total), suppressed=False)


def discrepancy_rates(counted: Sequence[Counted], minimum: int = MINIMUM_CASES) -> DiscrepancyRates:
    """Rates over all given cases and for each modality.

    Raises
    ------
    Invalid
        When the cases were chosen in different ways or read under different blindness, or when there are none.
    """
    if not counted:
        raise Invalid("There are no final cases to compute a rate of.")
    if len({c.source for c in counted}) > 1:
        raise Invalid("Cases that were requested, drawn at random or targeted cannot be put into one rate.", "source")
    if len({c.blind for c in counted}) > 1:
        raise Invalid("Blind and open reads cannot be put into one rate.", "blind")
    return DiscrepancyRates(
        counted[0].source,
        counted[0].blind,
        _rates("", [c.cases for c in counted], minimum),
        tuple(
            _rates(modality, [c.cases for c in counted if c.cases.modality == modality], minimum)
            for modality in sorted({c.cases.modality for c in counted})
        ),
    )


def _rates(modality: str, counts: Sequence[CaseCount], minimum: int) -> ModalityRates:
    cases = sum(c.cases for c in counts)
    discrepant = sum(c.discrepant for c in counts)
    unsaid = sum(c.unsaid for c in counts)
    return ModalityRates(
        modality,
        rate(discrepant, cases, minimum),
        rate(sum(c.significant for c in counts), cases - unsaid, minimum),
        rate(unsaid, discrepant, minimum),
    )

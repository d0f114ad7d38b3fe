"""The numbers of the quality page: figures, table and picture from the counts, each with interval and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reads.model.errors import Invalid
from reads.quality.rates import Counted, DiscrepancyRates, ModalityRates, Rate, discrepancy_rates
from reads.workflow.views import CaseCount, DiscrepancyFilter
from viewer.web import words
from viewer.web.pages.filters import query_of
from viewer.web.pages.forest import Rated

FEW_CASES = 30
"""Below this an interval is so wide that the page says so in words."""
SHOWN_FROM = 1
"""The quality lead sees every case of a rate anyway: none is held back here, the interval says what few are worth."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number at the top, and the address of its cases."""

    label: str
    value: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table under the picture; ``modality`` is empty for all together."""

    modality: str
    cases: str
    discrepant: str
    rate: str
    interval: str
    significant: str


def rates_of(counts: Iterable[CaseCount], filters: DiscrepancyFilter) -> DiscrepancyRates | None:
    """The rates, or None when no case is final yet."""
    counted = [Counted(filters.source, filters.blind, c) for c in counts if c.cases]
    try:
        return discrepancy_rates(counted, minimum=SHOWN_FROM)
    except Invalid:
        if counted:
            raise
        return None


def figures(rates: DiscrepancyRates | None, filters: DiscrepancyFilter, path: str) -> tuple[Figure, ...]:
    """The top of the page."""
    address = f"{path}?{query_of(filters, show='final')}#list"
    if rates is None:
        return (
            Figure("Final reads", "0", "none is final yet", address),
            Figure("Any discrepancy", words.NOTHING, "needs a final read", address),
            Figure("Clinically significant", words.NOTHING, "needs a final read", address),
            Figure("Significance not said", words.NOTHING, "needs a discrepancy", address),
        )
    whole = rates.overall
    return (
        Figure("Final reads", f"{whole.discrepant.total:,}", "signed and closed, or acknowledged", address),
        Figure("Any discrepancy", _value(whole.discrepant), _detail(whole.discrepant), address),
        Figure("Clinically significant", _value(whole.significant), _detail(whole.significant), address),
        Figure("Significance not said", _value(whole.unsaid), _detail(whole.unsaid), address),
    )


def table(rates: DiscrepancyRates | None) -> tuple[TableRow, ...]:
    """Each modality, then all together."""
    if rates is None:
        return ()
    return tuple(_row(r) for r in (*rates.by_modality, rates.overall))


def rated(rates: DiscrepancyRates | None) -> tuple[Rated, ...]:
    """What the picture draws."""
    if rates is None:
        return ()
    return tuple(
        Rated(r.modality, r.discrepant.total, r.discrepant.count, r.discrepant.value, i.low, i.high)
        for r in rates.by_modality
        if r.discrepant.value is not None and (i := r.discrepant.interval) is not None
    )


def small_numbers(rated: Sequence[Rated]) -> str:
    """What the picture cannot tell by itself."""
    few = [r.modality for r in rated if r.cases < FEW_CASES]
    if not few:
        return ""
    which = ", ".join(few) if len(few) < len(rated) else "Every modality here"
    verb = "have" if len(few) > 1 and len(few) < len(rated) else "has"
    return f"{which} {verb} fewer than {FEW_CASES} final reads: read the interval, not the dot."


def _value(rate: Rate) -> str:
    return words.NOTHING if rate.value is None else words.percent(rate.value)


def _detail(rate: Rate) -> str:
    counts = f"{rate.count:,} of {rate.total:,}"
    return f"{counts} · {words.interval(rate.interval.low, rate.interval.high)} %" if rate.interval else counts


def _row(rates: ModalityRates) -> TableRow:
    rate = rates.discrepant
    return TableRow(
        modality=rates.modality,
        cases=f"{rate.total:,}",
        discrepant=f"{rate.count:,}",
        rate=_value(rate),
        interval=words.interval(rate.interval.low, rate.interval.high) if rate.interval else words.NOTHING,
        significant=f"{rates.significant.count:,} of {rates.significant.total:,}",
    )

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reads.model.case import Source
from reads.model.errors import Invalid
from reads.quality.intervals import wilson, wilson_corrected
from reads.quality.rates import Counted, discrepancy_rates, rate
from reads.workflow.views import CaseCount

# Newcombe RG, Statistics in Medicine 1998;17:857, method 3.
WILSON = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
# Fagerland, Lydersen and Laake, contingency tables, chapter 2; Zan 2010's 347 of 4534.
CORRECTED = [(13, 16, 0.5369, 0.9503), (347, 4534, 0.0690, 0.0847)]


@pytest.mark.parametrize(("count", "total", "low", "high"), WILSON)
def test_wilsons_interval_is_the_published_one(count: int, total: int, low: float, high: float) -> None:
    got = wilson(count, total)
    assert got.low == pytest.approx(low, abs=5e-5)
    assert got.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(("count", "total", "low", "high"), CORRECTED)
def test_the_corrected_interval_is_the_published_one(count: int, total: int, low: float, high: float) -> None:
    got = wilson_corrected(count, total)
    assert got.low == pytest.approx(low, abs=5e-5)
    assert got.high == pytest.approx(high, abs=5e-5)


proportions = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(proportions)
def test_an_interval_holds_its_proportion_and_the_corrected_one_is_wider(proportion: tuple[int, int]) -> None:
    count, total = proportion
    plain, corrected = wilson(count, total), wilson_corrected(count, total)
    assert 0 <= corrected.low <= plain.low <= count / total <= plain.high <= corrected.high <= 1


@given(proportions)
def test_the_interval_of_the_opposite_is_the_mirrored_interval(proportion: tuple[int, int]) -> None:
    count, total = proportion
    assert wilson(count, total).low == pytest.approx(1 - wilson(total - count, total).high, abs=1e-12)


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 4), (5, 4)])
def test_what_is_no_proportion_is_refused(count: int, total: int) -> None:
    for function in (wilson, wilson_corrected, rate):
        with pytest.raises(ValueError, match="count"):
            function(count, total)


def test_a_rate_of_few_cases_shows_its_counts_only() -> None:
    assert rate(1, 4).suppressed
    assert rate(1, 4).value is None
    assert rate(1, 4).interval is None
    assert (rate(1, 4).count, rate(1, 4).total) == (1, 4)
    assert rate(1, 5).value == 0.2
    assert not rate(0, 0).suppressed


def cases(
    modality: str, n: int, discrepant: int, significant: int, unsaid: int, source: Source = Source.REQUESTED
) -> Counted:
    return Counted(source, True, CaseCount(modality, n, discrepant, significant, unsaid, ()))


def test_rates_stand_beside_their_modality_and_over_all() -> None:
    rates = discrepancy_rates([cases("MR", 20, 4, 1, 0), cases("CT", 30, 6, 3, 2)])
    assert [m.modality for m in rates.by_modality] == ["CT", "MR"]
    assert (rates.overall.discrepant.count, rates.overall.discrepant.total) == (10, 50)
    assert rates.by_modality[0].discrepant.value == 0.2


def test_a_discrepancy_of_unsaid_significance_is_not_counted_as_insignificant() -> None:
    ct = discrepancy_rates([cases("CT", 30, 6, 3, 2)]).overall
    assert (ct.significant.count, ct.significant.total) == (3, 28)
    assert (ct.unsaid.count, ct.unsaid.total) == (2, 6)


def test_sources_are_never_mixed_in_one_rate() -> None:
    with pytest.raises(Invalid, match="one rate"):
        discrepancy_rates([cases("CT", 9, 1, 0, 0), cases("CT", 9, 1, 0, 0, Source.RANDOM)])


def test_blind_and_open_reads_are_never_mixed_in_one_rate() -> None:
    blind = cases("CT", 9, 1, 0, 0)
    with pytest.raises(Invalid, match="one rate"):
        discrepancy_rates([blind, Counted(blind.source, False, blind.cases)])


def test_without_cases_there_is_no_rate() -> None:
    with pytest.raises(Invalid, match="no final cases"):
        discrepancy_rates([])

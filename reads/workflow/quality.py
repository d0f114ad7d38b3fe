"""Discrepancies and counts for the quality team. Rates are made of final cases of one source and one blindness only."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from reads.model.access import Permission
from reads.model.case import COUNTED, Case, CaseState
from reads.model.discrepancy import Discrepancy
from reads.model.errors import NotFound
from reads.model.people import Person
from reads.store import Unit
from reads.workflow.dossier import dossier
from reads.workflow.guards import require
from reads.workflow.views import CaseCount, DiscrepancyFilter, DiscrepancyView, Dossier

NOT_FINAL = (CaseState.TRIAGE, CaseState.ARBITRATION, CaseState.CONSENSUS, CaseState.FEEDBACK, CaseState.DISPUTED)
"""States of a signed comparison that does not count yet."""


def discrepancies(unit: Unit, actor: Person, filters: DiscrepancyFilter) -> tuple[DiscrepancyView, ...]:
    """The discrepancies that the filter lets through, the latest signed first."""
    require(actor, Permission.SEE_QUALITY)
    found = [
        _view(full, one)
        for full in _dossiers(unit, filters)
        for one in full.discrepancies
        if not filters.type or one.type.value == filters.type
    ]
    return tuple(sorted(found, key=lambda v: (v.signed_at, v.discrepancy.discrepancy_id), reverse=True))


def discrepancy(unit: Unit, actor: Person, discrepancy_id: int) -> DiscrepancyView:
    """One discrepancy of a comparison that stands, final or not.

    Raises
    ------
    NotFound
        If there is none of this number, or a later comparison replaced it.
    """
    require(actor, Permission.SEE_QUALITY)
    case_id = unit.ledgers.case_of(discrepancy_id)
    case = unit.cases.get(case_id) if case_id else None
    if case is not None and case.state in (*COUNTED, *NOT_FINAL):
        full = dossier(unit, case.case_id)
        for one in full.discrepancies:
            if one.discrepancy_id == discrepancy_id:
                return _view(full, one)
    raise NotFound("There is no such discrepancy.")


def case_counts_by_modality(unit: Unit, actor: Person, filters: DiscrepancyFilter) -> tuple[CaseCount, ...]:
    """How many final cases of each modality ended with which score (invariant 6).

    A study of several modalities counts under the first one of its series. ``filters.type``, ``filters.score`` and
    ``counted_only`` do not matter here: a rate has all its cases in the denominator.
    """
    require(actor, Permission.SEE_QUALITY)
    whole = DiscrepancyFilter(
        filters.source, filters.blind, filters.modality, since=filters.since, until=filters.until, counted_only=True
    )
    by_modality: dict[str, list[Dossier]] = {}
    for full in _dossiers(unit, whole):
        by_modality.setdefault(full.study.modalities[0] if full.study.modalities else "", []).append(full)
    return tuple(_count(modality, group) for modality, group in sorted(by_modality.items()))


def _dossiers(unit: Unit, filters: DiscrepancyFilter) -> list[Dossier]:
    states = tuple(COUNTED) if filters.counted_only else (*COUNTED, *NOT_FINAL)
    cases = [c for c in unit.cases.in_states(states) if _of_kind(c, filters)]
    return [full for full in (dossier(unit, c.case_id) for c in cases) if _matches(full, filters)]


def _of_kind(case: Case, filters: DiscrepancyFilter) -> bool:
    return case.source is filters.source and case.blind is filters.blind


def _matches(full: Dossier, filters: DiscrepancyFilter) -> bool:
    day = _day(full.comparison.signature.signed_at)
    return (
        (not filters.modality or filters.modality in full.study.modalities)
        and (not filters.score or filters.score == full.comparison.score.value)
        and (filters.since is None or day >= filters.since)
        and (filters.until is None or day <= filters.until)
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _count(modality: str, group: list[Dossier]) -> CaseCount:
    scores = Counter(full.comparison.score.value for full in group)
    discrepant = [full.option for full in group if full.option.discrepancy]
    return CaseCount(
        modality=modality,
        cases=len(group),
        discrepant=len(discrepant),
        significant=sum(1 for option in discrepant if option.significant),
        unsaid=sum(1 for option in discrepant if option.significant is None),
        by_score=tuple((option.value, scores[option.value]) for option in group[0].scheme.options),
    )


def _view(full: Dossier, one: Discrepancy) -> DiscrepancyView:
    return DiscrepancyView(
        discrepancy=one,
        finding=full.finding(one.row.finding),
        case_id=full.case.case_id,
        state=full.case.state,
        modalities=full.study.modalities,
        description=full.study.description,
        studied_on=full.study.studied_on,
        score=full.comparison.score,
        option=full.option,
        signed_at=full.comparison.signature.signed_at,
    )

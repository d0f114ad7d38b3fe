"""Which discrepancies the quality page shows, read from and written into its address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from reads.model.case import Source
from reads.model.errors import Invalid
from reads.workflow.views import DiscrepancyFilter

NAMES = ("source", "blind", "modality", "type", "score", "since", "until", "show")


def filters_from(given: Mapping[str, str]) -> DiscrepancyFilter:
    """The filter that an address names; what it does not name is requested, blind, everything.

    Raises
    ------
    Invalid
        When a value is none of those that the form offers.
    """
    try:
        return DiscrepancyFilter(
            source=Source(given.get("source") or Source.REQUESTED),
            blind={"yes": True, "no": False}[given.get("blind") or "yes"],
            modality=given.get("modality", "")[:16],
            type=given.get("type", "")[:16],
            score=given.get("score", "")[:16],
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
            counted_only={"all": False, "final": True}[given.get("show") or "all"],
        )
    except (KeyError, ValueError):
        raise Invalid("These filters are not known. Choose them in the list.") from None


def query_of(filters: DiscrepancyFilter, **other: str) -> str:
    """The filter as the query of an address, some of it changed."""
    values = {
        "source": filters.source.value,
        "blind": "yes" if filters.blind else "no",
        "modality": filters.modality,
        "type": filters.type,
        "score": filters.score,
        "since": filters.since.isoformat() if filters.since else "",
        "until": filters.until.isoformat() if filters.until else "",
        "show": "final" if filters.counted_only else "all",
    }
    return urlencode({name: value for name, value in (values | other).items() if value})


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None

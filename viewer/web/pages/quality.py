"""The quality page: rates with their intervals first, then a picture, then the discrepancies."""

from __future__ import annotations

from dataclasses import asdict, replace

from flask import Blueprint, render_template, request, url_for

from reads import terms
from reads.model.access import Permission
from reads.workflow import quality, triage
from viewer.web import sessions
from viewer.web.pages.figures import figures, rated, rates_of, small_numbers, table
from viewer.web.pages.filters import filters_from, query_of
from viewer.web.pages.forest import forest
from viewer.web.pages.ledger import line
from viewer.web.pages.terms import cause_label
from viewer.web.permissions import needs
from viewer.web.services import services

blueprint = Blueprint("quality", __name__)


@blueprint.get("/quality")
@needs(Permission.SEE_QUALITY)
def page() -> str:
    """Figures, picture, table, list."""
    filters = filters_from(request.args)
    actor = sessions.signed_in()
    with services().store.unit(write=False) as unit:
        found = quality.discrepancies(unit, actor, filters)
        counts = quality.case_counts_by_modality(unit, actor, filters)
        everything = quality.discrepancies(unit, actor, replace(filters, modality="", type="", score=""))
        waiting = triage.queue(unit, actor)
    rates = rates_of(counts, filters)
    shown = rated(rates)
    modalities = {m for view in everything for m in view.modalities} | {c.modality for c in counts}
    return render_template(
        "quality.html",
        filters=filters,
        sources=tuple(type(filters.source)),
        modalities=sorted((modalities | {filters.modality}) - {""}),
        types=terms.discrepancy_types(),
        schemes=terms.schemes(),
        csv_address=f"{url_for('downloads.discrepancies_csv')}?{query_of(filters)}",
        waiting=waiting,
        figures=figures(rates, filters, url_for("quality.page")),
        small_numbers=small_numbers(shown),
        forest=forest(shown),
        rates=[asdict(r) for r in shown],
        rows=table(rates),
        found=[(v, line(v.discrepancy, v.finding), cause_label(v.score.cause)) for v in found],
    )

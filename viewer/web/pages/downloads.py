"""The papers of a case from the quality store, and the list of discrepancies as CSV."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for

from reads.model.access import Permission
from reads.model.errors import NotFound
from reads.store.database import Unit
from reads.workflow import quality
from viewer.web import sessions
from viewer.web.case_ids import known
from viewer.web.pages.filters import filters_from
from viewer.web.permissions import needs
from viewer.web.services import now, services

blueprint = Blueprint("downloads", __name__)
PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a case: its kind in the quality store, its name in an address, its words."""

    kind: str
    file: str
    label: str


PAPERS = (
    Paper("pdf", "report.pdf", "PDF"),
    Paper("sr", "sr.dcm", "DICOM SR"),
    Paper("kos", "kos.dcm", "Key images (KOS)"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A paper that is there, and where."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of the comparison that stands: those that are there, those being written, and whether one failed."""

    written: tuple[Written, ...]
    being_written: tuple[str, ...]
    failed: bool


def papers(unit: Unit, case_id: str) -> Papers:
    """The papers of a case."""
    version = _version(unit, case_id)
    there = {d.kind for d in unit.documents.list(case_id) if d.version == version}
    return Papers(
        tuple(
            Written(p.label, url_for("downloads.paper", case_id=case_id, file=p.file))
            for p in PAPERS
            if p.kind in there
        ),
        tuple(p.label for p in PAPERS if p.kind not in there),
        PROBLEM in there,
    )


def kept_picture(unit: Unit, case_id: str, finding_number: int) -> bytes | None:
    """The picture of a finding that the worker has made, if it has."""
    found = unit.documents.get(case_id, f"picture-{finding_number}", _version(unit, case_id))
    return unit.documents.data(found.document_id) if found else None


@blueprint.get("/quality/cases/<case_id>/<any('report.pdf', 'sr.dcm', 'kos.dcm'):file>")
@needs(Permission.SEE_QUALITY)
def paper(case_id: str, file: str) -> Response:
    """One document of a case, as it was written."""
    case_id = known(case_id)
    kind = next(p.kind for p in PAPERS if p.file == file)
    with services().store.unit(write=False) as unit:
        found = unit.documents.get(case_id, kind, _version(unit, case_id))
        if found is None:
            raise NotFound("This paper is not written yet. Try again in a moment.")
        data = unit.documents.data(found.document_id)
    response = Response(data, content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="case-{case_id}-{file}"'
    return response


@blueprint.get("/quality/discrepancies.csv")
@needs(Permission.SEE_QUALITY)
def discrepancies_csv() -> Response:
    """The discrepancies under the filters of the page: numeric ids, no patient, no person."""
    from reads.documents.discrepancy_csv import discrepancy_csv

    with services().store.unit(write=False) as unit:
        found = quality.discrepancies(unit, sessions.signed_in(), filters_from(request.args))
    response = Response(discrepancy_csv(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="discrepancies-{now():%Y-%m-%d}.csv"'
    return response


def _version(unit: Unit, case_id: str) -> int:
    """The version of the comparison that stands; 0 when none is signed."""
    signed = unit.ledgers.latest(case_id)
    return signed.version if signed else 0

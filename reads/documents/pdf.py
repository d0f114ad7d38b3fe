"""A signed comparison as a PDF page: what differs, where, how large, in whose words, how it was scored, who signed.

It holds no patient data and no author of the report; it names the second reader, so it stays with the quality team.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reads.model.codes import Side
from reads.model.discrepancy import Discrepancy
from reads.model.errors import Permanent
from reads.model.finding import Finding, Measurement
from reads.model.read import Signature
from reads.workflow.views import Dossier

_HERE = Path(__file__).parent
_UNITS = {"cm2": "cm²", "mm2": "mm²", "[hnsf'U]": "HU", "{pixels}": "pixels", "1": "", "deg": "°"}


@dataclass(frozen=True, slots=True)
class Picture:
    """The image of a finding with its mark drawn in (PNG), and where it is (``series 3, image 41``)."""

    png: bytes
    caption: str


def discrepancy_report(dossier: Dossier, pictures: Mapping[int, Picture], organization: str, cause: str = "") -> bytes:
    """The report as PDF/UA-1.

    Parameters
    ----------
    dossier
        The signed case.
    pictures
        By number of the finding; findings without one are told in words only.
    organization
        Whose review this is.
    cause
        The label of the presumed cause, if one was chosen.

    Raises
    ------
    Permanent
        When the page cannot be made.
    """
    from weasyprint import CSS, HTML

    html = _html(dossier, pictures, organization, cause)
    document = HTML(string=html, url_fetcher=_no_fetcher(), base_url=None)
    style = CSS(string=(_HERE / "pdf.css").read_text("utf-8"), url_fetcher=_no_fetcher())
    made = document.write_pdf(
        stylesheets=[style],
        pdf_variant="pdf/ua-1",
        pdf_identifier=dossier.comparison.signature.digest.encode(),
        optimize_images=True,
    )
    if not isinstance(made, bytes):
        raise Permanent("The discrepancy report could not be laid out.")
    return made


def _no_fetcher() -> Any:
    """Only the pictures that a page holds itself are loaded: no file, no network."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",))


def _html(dossier: Dossier, pictures: Mapping[int, Picture], organization: str, cause: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    statements = {s.number: s.text for s in dossier.report.statements}
    minutes, seconds = divmod(dossier.read.clock_s, 60)
    return environment.get_template("report.html.j2").render(
        title="Discrepancy report" if dossier.discrepancies else "Comparison without discrepancy",
        organization=organization,
        case=dossier.case,
        option=dossier.option,
        scheme=dossier.scheme,
        score=dossier.comparison.score,
        cause=cause,
        quality=dossier.read.image_quality.value.replace("_", "-"),
        report=dossier.report,
        comparison_version=dossier.comparison_version,
        study_line=study_line(dossier),
        signed_at_iso=dossier.comparison.signature.signed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        discrepancies=[_discrepancy(dossier, d, pictures) for d in dossier.discrepancies],
        agreed=[
            statements[r.statement] for r in dossier.comparison.rows if not r.differs and r.statement in statements
        ],
        signatures=[_signature(s) for s in (dossier.read.signature, dossier.comparison.signature)],
        read_time=f"{minutes} min {seconds:02d} s",
    )


def study_line(dossier: Dossier) -> str:
    """The study in one line, without the patient: ``CT · CT Thorax · 2024-05-03 · F``."""
    study = dossier.study
    parts = ["/".join(study.modalities), study.description, str(study.studied_on or ""), study.patient.sex]
    return " · ".join(p for p in parts if p)


def _discrepancy(dossier: Dossier, discrepancy: Discrepancy, pictures: Mapping[int, Picture]) -> dict[str, Any]:
    finding = dossier.finding(discrepancy.row.finding)
    picture = pictures.get(finding.number) if finding else None
    return {
        "number": discrepancy.discrepancy_id,
        "type": discrepancy.type.meaning,
        "statement": discrepancy.statement_text,
        "note": discrepancy.row.note,
        "finding": _finding(finding) if finding else None,
        "picture": "data:image/png;base64," + base64.b64encode(picture.png).decode("ascii") if picture else "",
        "picture_words": f"F{finding.number} on {picture.caption}" if picture and finding else "",
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "label": f"F{finding.number}",
        "what": finding.what.meaning,
        "place": place(finding),
        "size": "; ".join(size(m) for m in finding.measurements),
        "certainty": finding.certainty.value,
        "note": finding.note,
    }


def place(finding: Finding) -> str:
    """Where a finding is, with its side: ``Lung structure, left``."""
    parts = [finding.where.meaning if finding.where else "", "" if finding.side is Side.NONE else finding.side.value]
    return ", ".join(p for p in parts if p) or "not said"


def size(measurement: Measurement) -> str:
    """A measurement for people: ``Length 18.8 mm``, three significant figures from 1 on."""
    value = measurement.value
    shown = f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"
    unit = _UNITS.get(measurement.unit, measurement.unit)
    return f"{measurement.concept.meaning} {shown} {unit}".strip()


def _signature(signature: Signature) -> dict[str, str]:
    return {
        "who": signature.signer_name,
        "meaning": signature.meaning.value,
        "at": signature.signed_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        "digest": signature.digest,
    }

"""A signed comparison as a DICOM Comprehensive 3D SR, TID 1500: one measurement group for each finding.

The groups of findings with a place in an image are planar ROI groups (TID 1410), those without are TID 1501 groups, as
are the statements of the report that no finding answers and, last, the case itself with its score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydicom.dataset import Dataset

from reads.documents import concepts
from reads.documents.evidence import (
    document_uid,
    long_string,
    of_case,
    person_name,
    prepared,
    signed_at,
    stamp,
    text,
    written,
)
from reads.model.codes import Code, Side
from reads.model.discrepancy import AGREE, LedgerRow
from reads.model.errors import Permanent
from reads.model.finding import AnchorKind, Finding, ImageAnchor
from reads.terms import causes
from reads.workflow.views import Dossier

SERIES_NUMBER = 9901
PRODUCT = "Second Read"


def structured_report(dossier: Dossier, images: Mapping[str, Dataset], organization: str) -> bytes:
    """The SR document as a Part 10 file.

    Parameters
    ----------
    dossier
        The signed case.
    images
        Headers of the anchored images by SOP Instance UID; when nothing is anchored, of any image of the study.
    organization
        Whose review this is (Verifying Organization).

    Raises
    ------
    Permanent
        When an anchored image is missing, or an anchor cannot be written as it was signed.
    """
    import highdicom as hd

    evidence = [prepared(i) for i in images.values()]
    if not evidence:
        raise Permanent("A structured report needs at least one image of its study.")
    groups = [_finding_group(dossier, f, images) for f in dossier.read.findings]
    groups += [_statement_group(dossier, i, r) for i, r in enumerate(dossier.comparison.rows) if r.finding is None]
    groups.append(_case_group(dossier))
    reader = person_name(dossier.comparison.signature.signer_name)
    observer = hd.sr.ObserverContext(
        observer_type=coded(Code("121006", "DCM", "Person")),
        observer_identifying_attributes=hd.sr.PersonObserverIdentifyingAttributes(
            name=reader, role_in_procedure=coded(concepts.REVIEWER), organization_name=long_string(organization)
        ),
    )
    content = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_person_context=observer),
        procedure_reported=coded(Code("363679005", "SCT", "Imaging procedure")),
        imaging_measurements=groups,
        title=coded(Code("126000", "DCM", "Imaging Measurement Report")),
    )
    document = hd.sr.Comprehensive3DSR(
        evidence=evidence,
        content=content,
        series_instance_uid=document_uid(dossier, "series"),
        series_number=SERIES_NUMBER,
        sop_instance_uid=document_uid(dossier, "sr"),
        instance_number=1,
        manufacturer=PRODUCT,
        manufacturer_model_name=PRODUCT,
        series_description="Second read (privileged)",
        is_complete=True,
        is_final=True,
        is_verified=True,
        verifying_observer_name=reader,
        verifying_organization=long_string(organization),
        specific_character_set="ISO_IR 192",
        **signed_at(dossier),
    )
    stamp(document, dossier)
    return written(document)


def _finding_group(dossier: Dossier, finding: Finding, images: Mapping[str, Dataset]) -> Any:
    import highdicom as hd

    rows = [r for r in dossier.comparison.rows if r.finding == finding.number]
    evaluations = [(concepts.CERTAINTY, concepts.CERTAINTIES[finding.certainty])]
    if finding.where is None and finding.side is not Side.NONE:
        evaluations.append((concepts.LATERALITY, concepts.SIDES[finding.side]))
    for row in rows:
        evaluations += _verdict(dossier, row)
    group: Any
    common = {
        "tracking_identifier": hd.sr.TrackingIdentifier(uid=finding.tracking_uid, identifier=f"F{finding.number}"),
        "finding_type": coded(finding.what),
        "finding_sites": _sites(finding),
        "measurements": [
            hd.sr.Measurement(name=coded(m.concept), value=float(m.value), unit=coded(Code(m.unit, "UCUM", m.unit)))
            for m in finding.measurements
        ],
        "qualitative_evaluations": [_evaluation(*e) for e in evaluations],
    }
    if finding.anchor is None:
        group = hd.sr.MeasurementsAndQualitativeEvaluations(**common)
    else:
        group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            referenced_region=_region(finding, finding.anchor, images), **common
        )
    texts = [(concepts.COMMENT, finding.note)]
    for row in rows:
        texts += _words(dossier, row)
    _add_texts(group, texts)
    return group


def _statement_group(dossier: Dossier, position: int, row: LedgerRow) -> Any:
    """A line of the ledger that has no finding: a statement agreed to, over-called, praised …"""
    import highdicom as hd

    group = hd.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(
            uid=of_case(dossier, f"row {position}"), identifier=f"S{row.statement or 0}"
        ),
        finding_type=coded(concepts.NOT_IN_READ),
        qualitative_evaluations=[_evaluation(*e) for e in _verdict(dossier, row)],
    )
    _add_texts(group, _words(dossier, row))
    return group


def _case_group(dossier: Dossier) -> Any:
    import highdicom as hd

    score = dossier.comparison.score
    evaluations = [
        (concepts.DISCREPANCY_SCORE, dossier.option.code),
        (concepts.QUALITY_OF_IMAGES, concepts.QUALITIES[dossier.read.image_quality]),
    ]
    if dossier.read.no_abnormality:
        evaluations.append((Code("121071", "DCM", "Finding"), concepts.NO_ABNORMALITY))
    if score.cause:
        known = next((c.code for c in causes() if c.code.value == score.cause), None)
        evaluations.append((concepts.CAUSE, known or Code(score.cause, concepts.LOCAL, score.cause)))
    if score.actionable is not None:
        evaluations.append((concepts.ACTIONABLE, concepts.ACTIONABLE_CATEGORIES[score.actionable]))
    group = hd.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(
            uid=of_case(dossier, "case"), identifier=f"CASE {dossier.case.case_id}"
        ),
        finding_type=coded(concepts.SECOND_READ),
        qualitative_evaluations=[_evaluation(*e) for e in evaluations],
    )
    _add_texts(group, [(concepts.SCORE_COMMENT, score.comment)])
    return group


def _verdict(dossier: Dossier, row: LedgerRow) -> list[tuple[Code, Code]]:
    verdict = [(concepts.COMPARISON, concepts.DISAGREEMENT if row.differs else concepts.AGREEMENT)]
    if row.differs:
        found = next((d.type for d in dossier.discrepancies if d.row == row), None)
        verdict.append((concepts.DISCREPANCY_TYPE, found or Code(row.verdict, concepts.LOCAL, row.verdict)))
    elif row.verdict != AGREE:
        verdict.append((concepts.DISCREPANCY_TYPE, concepts.GREAT_CALL))
    return verdict


def _words(dossier: Dossier, row: LedgerRow) -> list[tuple[Code, str]]:
    statement = next((s.text for s in dossier.report.statements if s.number == row.statement), "")
    number = next((str(d.discrepancy_id) for d in dossier.discrepancies if d.row == row), "")
    return [(concepts.STATEMENT, statement), (concepts.ROW_NOTE, row.note), (concepts.DISCREPANCY_ID, number)]


def _add_texts(group: Any, texts: Iterable[tuple[Code, str]]) -> None:
    """Free words of a group; both templates are extensible (PS3.16 TID 1410, TID 1501)."""
    import highdicom as hd

    for name, words in texts:
        if text(words):
            group[0].ContentSequence.append(
                hd.sr.TextContentItem(
                    name=coded(name), value=text(words), relationship_type=hd.sr.RelationshipTypeValues.CONTAINS
                )
            )


def _sites(finding: Finding) -> list[Any]:
    import highdicom as hd

    if finding.where is None:
        return []
    side = None if finding.side is Side.NONE else coded(concepts.SIDES[finding.side])
    return [hd.sr.FindingSite(anatomic_location=coded(finding.where), laterality=side)]


_GRAPHIC_TYPES = {AnchorKind.POINT: "POINT", AnchorKind.LENGTH: "POLYLINE", AnchorKind.ELLIPSE: "ELLIPSE"}


def _region(finding: Finding, anchor: ImageAnchor, images: Mapping[str, Dataset]) -> Any:
    """The place as SCOORD on its image: the points as the reader set them, with or without a frame of reference."""
    import highdicom as hd
    import numpy as np

    image = images.get(anchor.sop_uid)
    if image is None:
        raise Permanent(f"The image of finding F{finding.number} is not in the archive.")
    points = np.asarray(major_axis_first(anchor), dtype=np.float64)
    try:
        return hd.sr.ImageRegion(
            graphic_type=_GRAPHIC_TYPES[anchor.kind],
            graphic_data=points,
            source_image=hd.sr.SourceImageForRegion(
                referenced_sop_class_uid=anchor.sop_class_uid,
                referenced_sop_instance_uid=anchor.sop_uid,
                referenced_frame_numbers=[anchor.frame] if "NumberOfFrames" in image else None,
            ),
        )
    except (ValueError, TypeError, IndexError) as why:
        raise Permanent(f"The place of finding F{finding.number} cannot be written as it was signed.") from why


def major_axis_first(anchor: ImageAnchor) -> tuple[tuple[float, float], ...]:
    """The points in DICOM's order: of an ellipse, the ends of the major axis first (PS3.3 C.18.6.1.2)."""
    if anchor.kind is not AnchorKind.ELLIPSE or len(anchor.points) != 4:
        return anchor.points
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = anchor.points
    if (bx - ax) ** 2 + (by - ay) ** 2 >= (dx - cx) ** 2 + (dy - cy) ** 2:
        return anchor.points
    return anchor.points[2:] + anchor.points[:2]


def _evaluation(name: Code, value: Code) -> Any:
    import highdicom as hd

    return hd.sr.QualitativeEvaluation(name=coded(name), value=coded(value))


def coded(code: Code) -> Any:
    """A code as highdicom's coded concept, its meaning cut to what LO holds."""
    import highdicom as hd

    return hd.sr.CodedConcept(code.value, code.scheme, long_string(code.meaning) or code.value)

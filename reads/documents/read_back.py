"""Reads the findings of our structured report again, to hold what was written against what was signed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pydicom
from pydicom.dataset import Dataset

from reads.documents import concepts
from reads.documents.evidence import text
from reads.documents.sr import major_axis_first
from reads.model.codes import Code, Side
from reads.model.errors import Permanent
from reads.model.finding import AnchorKind, Finding, ImageAnchor, Measurement

_KINDS = {"POINT": AnchorKind.POINT, "POLYLINE": AnchorKind.LENGTH, "ELLIPSE": AnchorKind.ELLIPSE}
_SAME = 1e-6
"""Relative difference that a coordinate's four bytes (FL) and a number's sixteen characters (DS) may make."""


def findings_of(report: bytes, images: Mapping[str, Dataset] | None = None) -> tuple[Finding, ...]:
    """The findings that a structured report of ours holds, by number.

    Parameters
    ----------
    report
        The Part 10 file.
    images
        Headers by SOP Instance UID; with them anchors get their points in the patient's coordinates and their frame of
        reference again.
    """
    import highdicom as hd

    document = hd.sr.Comprehensive3DSR.from_dataset(pydicom.dcmread(BytesIO(report)))
    series = {str(sop): str(series) for _, series, sop, _ in document.get_evidence()}
    content: Any = document.content
    planar = content.get_planar_roi_measurement_groups()
    others = content.get_image_measurement_groups()
    found = [_finding(g, series, images or {}) for g in [*planar, *others] if g.tracking_identifier.startswith("F")]
    return tuple(sorted(found, key=lambda f: f.number))


def differences(signed: tuple[Finding, ...], read: tuple[Finding, ...]) -> tuple[str, ...]:
    """What is not the same, as words for a log without patient data: ``F2 place``. Empty when all is.

    Points in the patient's coordinates are compared when both sides have them.
    """
    if [f.number for f in signed] != [f.number for f in read]:
        return ("the findings are not the same ones",)
    found = []
    for one, other in zip(signed, read, strict=True):
        checks = {
            "tracking UID": one.tracking_uid == other.tracking_uid,
            "finding": one.what.same_concept(other.what),
            "site": _same_code(one.where, other.where),
            "side": one.side is other.side,
            "certainty": one.certainty is other.certainty,
            "note": text(one.note) == text(other.note),
            "measurements": len(one.measurements) == len(other.measurements)
            and all(_same_measurement(a, b) for a, b in zip(one.measurements, other.measurements, strict=True)),
            "place": _same_anchor(one.anchor, other.anchor),
        }
        found += [f"F{one.number} {name}" for name, same in checks.items() if not same]
    return tuple(found)


def verify(report: bytes, signed: tuple[Finding, ...]) -> None:
    """Hold a structured report against the signed findings.

    Raises
    ------
    Permanent
        Naming what differs; such a report must not be kept.
    """
    wrong = differences(signed, findings_of(report))
    if wrong:
        raise Permanent(f"The structured report does not say what was signed: {', '.join(wrong)}.")


def _finding(group: Any, series: Mapping[str, str], images: Mapping[str, Dataset]) -> Finding:
    evaluations = {_code(e.name).value: _code(e.value) for e in group.get_qualitative_evaluations()}
    sites = group.finding_sites
    side = evaluations.get(concepts.LATERALITY.value)
    if sites and sites[0].laterality is not None:
        side = _code(sites[0].laterality)
    certainty = evaluations[concepts.CERTAINTY.value].value
    return Finding(
        number=int(group.tracking_identifier[1:]),
        tracking_uid=str(group.tracking_uid),
        what=_code(group.finding_type),
        where=_code(sites[0].value) if sites else None,
        side=next((s for s, c in concepts.SIDES.items() if side and c.same_concept(side)), Side.NONE),
        certainty=next(c for c, code in concepts.CERTAINTIES.items() if code.value == certainty),
        anchor=_anchor(group, series, images),
        measurements=tuple(
            Measurement(_code(m.name), float(m.value), str(m.unit.value)) for m in group.get_measurements()
        ),
        note=_text(group, concepts.COMMENT),
    )


def _anchor(group: Any, series: Mapping[str, str], images: Mapping[str, Dataset]) -> ImageAnchor | None:
    region = getattr(group, "roi", None)
    if region is None:
        return None
    source = region.ContentSequence[0].ReferencedSOPSequence[0]
    frames = source.get("ReferencedFrameNumber") or 1
    frame = int(frames if isinstance(frames, (int, str)) else frames[0])
    points = tuple((float(x), float(y)) for x, y in region.value)
    uid = str(source.ReferencedSOPInstanceUID)
    image = images.get(uid)
    return ImageAnchor(
        series_uid=str(series.get(uid, "")),
        sop_uid=uid,
        sop_class_uid=str(source.ReferencedSOPClassUID),
        frame=frame,
        kind=_KINDS[str(region.GraphicType)],
        points=points,
        world=() if image is None else in_the_patient(points, image),
        frame_of_reference_uid="" if image is None else str(image.get("FrameOfReferenceUID") or ""),
    )


def in_the_patient(points: tuple[tuple[float, float], ...], image: Dataset) -> tuple[tuple[float, float, float], ...]:
    """Points of an image in the patient's coordinates, mm (PS3.3 C.7.6.2.1.1); empty when the image has no plane."""
    try:
        origin = [float(v) for v in image.ImagePositionPatient]
        cosines = [float(v) for v in image.ImageOrientationPatient]
        down, across = (float(v) for v in image.PixelSpacing)
    except (AttributeError, TypeError, ValueError):
        return ()
    if down <= 0 or across <= 0:
        return ()
    world = []
    for x, y in points:
        # SCOORD counts from the corner of the first pixel, the plane from its centre.
        column, row = (x - 0.5) * across, (y - 0.5) * down
        world.append(
            (
                origin[0] + cosines[0] * column + cosines[3] * row,
                origin[1] + cosines[1] * column + cosines[4] * row,
                origin[2] + cosines[2] * column + cosines[5] * row,
            )
        )
    return tuple(world)


def _text(group: Any, name: Code) -> str:
    for item in group[0].ContentSequence:
        if item.ValueType == "TEXT" and _code(item.ConceptNameCodeSequence[0]).same_concept(name):
            return str(item.TextValue)
    return ""


def _code(concept: Any) -> Code:
    value = concept.get("CodeValue") or concept.get("LongCodeValue") or concept.get("URNCodeValue")
    return Code(str(value), str(concept.get("CodingSchemeDesignator") or ""), str(concept.CodeMeaning))


def _same_code(one: Code | None, other: Code | None) -> bool:
    return one is other if one is None or other is None else one.same_concept(other)


def _same_measurement(one: Measurement, other: Measurement) -> bool:
    return (
        one.concept.same_concept(other.concept)
        and one.unit == other.unit
        and math.isclose(one.value, other.value, rel_tol=_SAME, abs_tol=_SAME)
    )


def _same_anchor(one: ImageAnchor | None, other: ImageAnchor | None) -> bool:
    if one is None or other is None:
        return one is other
    if (one.sop_uid, one.series_uid, one.frame, one.kind) != (other.sop_uid, other.series_uid, other.frame, other.kind):
        return False
    numbers = [v for p in major_axis_first(one) for v in p], [v for p in major_axis_first(other) for v in p]
    if one.world and other.world and one.kind is not AnchorKind.ELLIPSE:
        numbers = numbers[0] + [v for p in one.world for v in p], numbers[1] + [v for p in other.world for v in p]
    return len(numbers[0]) == len(numbers[1]) and all(
        math.isclose(a, b, rel_tol=_SAME, abs_tol=1e-3) for a, b in zip(*numbers, strict=True)
    )

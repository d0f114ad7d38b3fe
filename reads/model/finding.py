"""What a reader saw: a coded finding, where it is, how large it is, and the place in the image."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reads.model.codes import Code, Side


class AnchorKind(StrEnum):
    """The shape of an annotation (PS3.3 C.10.5.1.2 Graphic Type, and what it measures)."""

    POINT = "point"
    LENGTH = "length"
    ELLIPSE = "ellipse"


class Certainty(StrEnum):
    """How sure the reader is."""

    DEFINITE = "definite"
    PROBABLE = "probable"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class ImageAnchor:
    """A place in an image.

    Parameters
    ----------
    series_uid, sop_uid, sop_class_uid
        The image.
    frame
        Frame number, 1-based (PS3.3 C.7.6.6); 1 for a single-frame image.
    kind
        LENGTH: two points, the ends. ELLIPSE: four points, ends of the first axis then of the second.
        POINT: one point.
    points
        (column, row) in pixels, the centre of the upper-left pixel at (0.5, 0.5) (PS3.3 C.18.6.1.2).
    world
        The same points in the patient's coordinates, mm (x to left, y to posterior, z to head);
        empty when the image has no plane.
    frame_of_reference_uid
        (0020,0052), empty when the image has none.
    """

    series_uid: str
    sop_uid: str
    sop_class_uid: str
    frame: int
    kind: AnchorKind
    points: tuple[tuple[float, float], ...]
    world: tuple[tuple[float, float, float], ...] = ()
    frame_of_reference_uid: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number with its unit (UCUM code: ``mm``, ``cm2``, ``[hnsf'U]``, ``{pixels}``)."""

    concept: Code
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of the second reader.

    ``number`` is what the page calls it (F1, F2 …); ``tracking_uid`` is its Tracking Unique Identifier
    (112040, DCM) and never changes.
    """

    number: int
    tracking_uid: str
    what: Code
    where: Code | None
    side: Side
    certainty: Certainty
    anchor: ImageAnchor | None = None
    measurements: tuple[Measurement, ...] = ()
    note: str = ""

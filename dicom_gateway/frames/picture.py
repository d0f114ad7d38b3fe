"""A decoded frame as a picture people can look at: square pixels, side letters, and the marks of findings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset

from dicom_gateway.frames.grey import to_grey
from dicom_gateway.frames.pixels import Pixels
from reads.model.finding import AnchorKind, ImageAnchor

LONG_SIDE_PX = 1024
"""Longer side of a rendered picture; smaller images are enlarged so that marks and letters have one look."""

THUMBNAIL_PX = 128
_MARK = (255, 205, 70)
_SHADE = (0, 0, 0)
_LETTER = (236, 240, 244)
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_AXES = (("L", "R"), ("P", "A"), ("H", "F"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to draw in a picture, and what to write beside it (``F1``)."""

    anchor: ImageAnchor
    label: str


def draw(
    pixels: Pixels, window: tuple[float, float] | None = None, marks: Sequence[Mark] = (), long_side: int = LONG_SIDE_PX
) -> bytes:
    """A PNG of the frame with letters for the patient's sides at its edges and the given marks.

    Parameters
    ----------
    window
        (centre, width) in modality units; see :func:`dicom_gateway.frames.grey.to_grey`.
    marks
        Drawn where they are anchored; those of another frame are for the caller to leave out.
    long_side
        Pixels of the longer side.
    """
    picture, scale = _square(pixels, window, long_side)
    canvas = picture.convert("RGB")
    pen = ImageDraw.Draw(canvas)
    unit = max(1.0, long_side / LONG_SIDE_PX)
    for edge, letter in edge_letters(pixels.dataset, pixels.macro("PlaneOrientationSequence")).items():
        _letter(pen, canvas.size, edge, letter, 38 * unit)
    for mark in marks:
        _mark(pen, canvas.size, mark, scale, unit)
    return _png(canvas)


def thumbnail(pixels: Pixels) -> bytes:
    """A PNG of at most 128 x 128 pixels."""
    return _png(_square(pixels, None, THUMBNAIL_PX)[0])


def edge_letters(dataset: Dataset, plane: Dataset) -> dict[str, str]:
    """Which way the patient lies: letters for the edges ``left``, ``right``, ``top``, ``bottom``.

    From Image Orientation (Patient) (0020,0037), else from Patient Orientation (0020,0020); empty if neither is known.
    The left edge of an image faces away from where its columns grow: on an axial image that is the patient's right.
    """
    cosines = plane.get("ImageOrientationPatient") or dataset.get("ImageOrientationPatient")
    try:
        if cosines and len(cosines) == 6:
            numbers = [float(c) for c in cosines]
            right, bottom = _direction(numbers[:3]), _direction(numbers[3:])
        else:
            right, bottom = (str(v).upper()[:2] for v in dataset.get("PatientOrientation") or ())
    except (TypeError, ValueError):
        return {}
    if not right or not bottom or any(c not in _OPPOSITE for c in right + bottom):
        return {}
    return {"left": _turned(right), "right": right, "top": _turned(bottom), "bottom": bottom}


def _direction(cosines: list[float]) -> str:
    """The one or two letters of a direction, the larger component first (PS3.3 C.7.6.1.1.1)."""
    order = sorted(range(3), key=lambda i: -abs(cosines[i]))
    letters = [_AXES[i][0 if cosines[i] > 0 else 1] for i in order if abs(cosines[i]) > 0.25]
    return "".join(letters[:2])


def _turned(letters: str) -> str:
    return "".join(_OPPOSITE[c] for c in letters)


def _square(
    pixels: Pixels, window: tuple[float, float] | None, long_side: int
) -> tuple[Image.Image, tuple[float, float]]:
    """The picture with square pixels, and how many of its pixels one column and one row of the image take."""
    values = pixels.values if pixels.is_colour else to_grey(pixels, window)
    rows, columns = values.shape[:2]
    height, width = rows * _row_to_column(pixels), float(columns)
    factor = long_side / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    image = Image.fromarray(np.ascontiguousarray(values))
    return image.resize(size, Image.Resampling.LANCZOS), (size[0] / columns, size[1] / rows)


def _row_to_column(pixels: Pixels) -> float:
    """Height of a pixel over its width; 1 when nothing believable is said."""
    measures = pixels.macro("PixelMeasuresSequence")
    for value in (measures.get("PixelSpacing"), pixels.dataset.get("PixelAspectRatio")):
        try:
            down, across = (float(v) for v in value or ())
        except (TypeError, ValueError):
            continue
        if down > 0 and across > 0 and 0.05 < down / across < 20:
            return down / across
    return 1.0


def _letter(pen: ImageDraw.ImageDraw, size: tuple[int, int], edge: str, letter: str, height: float) -> None:
    width, tall = size
    gap = height * 0.5
    at, anchor = {
        "left": ((gap, tall / 2), "lm"),
        "right": ((width - gap, tall / 2), "rm"),
        "top": ((width / 2, gap), "mt"),
        "bottom": ((width / 2, tall - gap), "mb"),
    }[edge]
    font = ImageFont.load_default(height)
    pen.text(at, letter, fill=_LETTER, font=font, anchor=anchor, stroke_width=3, stroke_fill=_SHADE)


def _mark(pen: ImageDraw.ImageDraw, size: tuple[int, int], mark: Mark, scale: tuple[float, float], unit: float) -> None:
    points = [(x * scale[0], y * scale[1]) for x, y in mark.anchor.points]
    lines = _lines(mark.anchor.kind, points, 14 * unit)
    for colour, width in ((_SHADE, 9 * unit), (_MARK, 4 * unit)):
        for line in lines:
            pen.line(line, fill=colour, width=round(width), joint="curve")
    corners = [p for line in lines for p in line]
    right, left = max(x for x, _ in corners), min(x for x, _ in corners)
    middle = sum(y for _, y in corners) / len(corners)
    height = 40 * unit
    font = ImageFont.load_default(height)
    breadth = pen.textlength(mark.label, font=font)
    fits = right + height * 0.5 + breadth < size[0]
    at = (right + height * 0.5, middle) if fits else (left - height * 0.5, middle)
    anchor = "lm" if fits else "rm"
    pen.text(at, mark.label, fill=_MARK, font=font, anchor=anchor, stroke_width=round(3 * unit), stroke_fill=_SHADE)


Point = tuple[float, float]


def _lines(kind: AnchorKind, points: list[Point], tick: float) -> list[list[Point]]:
    """The strokes of a mark, in picture pixels."""
    if kind is AnchorKind.LENGTH and len(points) == 2:
        (x0, y0), (x1, y1) = points
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        across, down = -(y1 - y0) / length * tick, (x1 - x0) / length * tick
        ends = [[(x - across, y - down), (x + across, y + down)] for x, y in points]
        return [points, *ends]
    if kind is AnchorKind.ELLIPSE and len(points) == 4:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
        middle = ((ax + bx) / 2, (ay + by) / 2)
        first, second = ((bx - ax) / 2, (by - ay) / 2), ((dx - cx) / 2, (dy - cy) / 2)
        turn = [i * math.tau / 90 for i in range(91)]
        return [
            [
                (
                    middle[0] + first[0] * math.cos(t) + second[0] * math.sin(t),
                    middle[1] + first[1] * math.cos(t) + second[1] * math.sin(t),
                )
                for t in turn
            ]
        ]
    (x, y), half = points[0], tick * 1.6
    gap = half * 0.45
    return [
        [(x - half, y), (x - gap, y)],
        [(x + gap, y), (x + half, y)],
        [(x, y - half), (x, y - gap)],
        [(x, y + gap), (x, y + half)],
    ]


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

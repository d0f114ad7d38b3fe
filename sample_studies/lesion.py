"""What is true about a lesion, measured from its mask: slice, longest diameter, short axis, side, sphere.

Pixel coordinates are (column, row), counted from 0, whole numbers at pixel centres: add 0.5 to both for the image
coordinates of PS3.3 C.10.5.1.2. Diameters run from pixel centre to pixel centre.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion, label
from scipy.spatial import ConvexHull

from sample_studies.volume import Mask, Volume

Point = tuple[float, float, float]
Pixel = tuple[int, int]
BODY_ABOVE = {"CT": -300, "MR": 150}


@dataclass(frozen=True)
class Measured:
    """The lesion's greatest axial section and its extent in space. Lengths in mm, points in patient mm (LPS)."""

    slice_number: int
    endpoints_px: tuple[Pixel, Pixel]
    endpoints_mm: tuple[Point, Point]
    long_axis_mm: float
    short_axis_mm: float
    volume_ml: float
    side: str
    centre_mm: Point
    radius_mm: float


def measure(volume: Volume, mask: Mask, modality: str) -> Measured:
    """Measure the lesion in `mask` (same shape as the volume's voxels); slice numbers count from 1 in viewing order."""
    sections = [(index, *_section(mask[index], volume)) for index in range(len(mask)) if mask[index].any()]
    index, first, second, long_axis, short_axis = max(sections, key=lambda section: section[3])
    slices, rows, columns = np.nonzero(mask)
    points = np.array(volume.origin) + np.stack([columns, rows, slices], 1) * np.array(volume.spacing)
    centre = points.mean(axis=0)
    voxel_ml = abs(float(np.prod(volume.spacing))) / 1000
    return Measured(
        slice_number=index + 1,
        endpoints_px=(first, second),
        endpoints_mm=(_rounded(volume.to_mm(*first, index)), _rounded(volume.to_mm(*second, index))),
        long_axis_mm=round(long_axis, 2),
        short_axis_mm=round(short_axis, 2),
        volume_ml=round(len(points) * voxel_ml, 2),
        side=_side(volume, slices, float(centre[0]), modality),
        centre_mm=_rounded((float(centre[0]), float(centre[1]), float(centre[2]))),
        radius_mm=round(float(np.linalg.norm(points - centre, axis=1).max()), 2),
    )


def _section(section: Mask, volume: Volume) -> tuple[Pixel, Pixel, float, float]:
    """Return ends and length of the longest diameter of the largest part, and its greatest width across."""
    parts, count = label(section, structure=np.ones((3, 3)))
    sizes = np.bincount(parts.ravel())[1:] if count else np.array([0])
    part = parts == int(sizes.argmax()) + 1
    rows, columns = np.nonzero(part & ~binary_erosion(part))
    pixels = np.stack([columns, rows], 1)
    if len(pixels) > 3 and np.ptp(columns) and np.ptp(rows):
        pixels = pixels[ConvexHull(pixels).vertices]
    pixels = pixels[np.lexsort((pixels[:, 1], pixels[:, 0]))]
    plane: NDArray[np.float64] = pixels * np.array(volume.spacing[:2])
    distance = np.linalg.norm(plane[:, None] - plane[None, :], axis=2)
    first, second = np.unravel_index(int(distance.argmax()), distance.shape)
    length = float(distance[first, second])
    along = (plane[second] - plane[first]) / length if length else np.array([1.0, 0.0])
    width = float(np.ptp(plane @ np.array([-along[1], along[0]])))
    ends = [(int(pixels[end][0]), int(pixels[end][1])) for end in (first, second)]
    return ends[0], ends[1], length, width


def _side(volume: Volume, slices: NDArray[np.intp], lesion_x: float, modality: str) -> str:
    """Return L or R: which side of the body's middle, in the lesion's slices; x grows to the patient's left (LPS)."""
    body = volume.voxels[slices.min() : slices.max() + 1] > BODY_ABOVE[modality]
    middle = volume.origin[0] + volume.spacing[0] * float(np.nonzero(body)[2].mean())
    return "L" if lesion_x > middle else "R"


def _rounded(point: Point) -> Point:
    return (round(point[0], 2), round(point[1], 2), round(point[2], 2))

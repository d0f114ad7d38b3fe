"""The prior of the chest CT: the mass made small, then the whole volume moved by a known rigid transform."""

from math import radians

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, binary_opening, gaussian_filter, map_coordinates

from sample_studies.volume import Mask, Volume

SHRINK = 0.45
ROTATION_DEG = (1.5, -1.0, 2.5)
TRANSLATION_MM = (6.0, -4.0, 7.5)
AIR_HU = -1024
TISSUE_ABOVE_HU = -300
FILLED_SHARE = 0.95
DISC = np.hypot(*np.mgrid[-4:5, -4:5]) <= 4.2


def make_prior(current: Volume, mask: Mask) -> tuple[Volume, Mask, list[list[float]]]:
    """Return the prior volume, the small lesion's mask and the matrix that takes prior points to current points.

    The matrix is 4 x 4, row-major, for column vectors of patient mm (LPS): p_current = M p_prior. Slices at the ends
    that the moved volume does not fill are left out; other voxels without a source are air.
    """
    healed = _without_mass(current.voxels.astype(np.float64), mask)
    voxels, small = _with_small_mass(healed, current.voxels.astype(np.float64), mask)
    transform = _transform(current)
    moved = _resample(voxels.astype(np.float32), current, transform, AIR_HU)
    small_moved = _resample(small.astype(np.float32), current, transform, 0) >= 0.5
    kept = _covered_slices(current, transform)
    prior = Volume(np.rint(moved[kept]).astype(np.int16), current.spacing, current.to_mm(0, 0, kept.start))
    return prior, small_moved[kept], _matrix(transform)


def _without_mass(voxels: NDArray[np.float64], mask: Mask) -> NDArray[np.float64]:
    """Fill the mass and its rim with the mirrored part of the other lung, where that is lung."""
    rim = np.stack([binary_dilation(section, DISC) for section in binary_dilation(mask)])
    tissue = (voxels > TISSUE_ABOVE_HU) & ~binary_dilation(mask, iterations=2)
    wall = np.stack([binary_opening(section, DISC) for section in tissue])
    region = rim & ~wall
    source = _mirrored_lung(voxels, region)
    weight = np.stack([gaussian_filter(section.astype(np.float64), 1.5) for section in region])
    weight = np.where(mask, 1.0, weight) * ~wall
    filled: NDArray[np.float64] = voxels * (1 - weight) + source * weight
    return filled


def _mirrored_lung(voxels: NDArray[np.float64], region: Mask) -> NDArray[np.float64]:
    """Mirror the volume left to right, shifted in the plane so that the region gets as little chest wall as can be."""
    body_columns = np.nonzero(voxels[region.any(axis=(1, 2))] > TISSUE_ABOVE_HU)[2]
    middle = round(2 * float(body_columns.mean()))
    slices, rows, columns = np.nonzero(region)
    offsets = [(down, across) for down in range(-48, 25, 4) for across in range(-40, 41, 4)]

    def tissue_in(offset: tuple[int, int]) -> float:
        there = voxels[slices, rows + offset[0], middle - columns + offset[1]]
        return float((there > -500).mean())

    down, across = min(offsets, key=tissue_in)
    source = voxels.copy()
    source[slices, rows, columns] = voxels[slices, rows + down, middle - columns + across]
    return source


def _with_small_mass(
    healed: NDArray[np.float64], voxels: NDArray[np.float64], mask: Mask
) -> tuple[NDArray[np.float64], Mask]:
    """Put the mass back, scaled about its centre by `SHRINK`."""
    centre = np.array([float(axis.mean()) for axis in np.nonzero(mask)])
    grid = np.indices(mask.shape).reshape(3, -1)
    near = np.abs(grid - centre[:, None]).max(axis=0) < 60
    there = centre[:, None] + (grid[:, near] - centre[:, None]) / SHRINK
    cover, tumour = np.zeros(mask.size), np.zeros(mask.size)
    cover[near] = map_coordinates(mask.astype(np.float64), there, order=1)
    tumour[near] = map_coordinates(voxels, there, order=1).clip(-20, 120)
    small = cover.reshape(mask.shape) >= 0.5
    soft = np.stack([gaussian_filter(section, 0.9) for section in cover.reshape(mask.shape)])
    return healed * (1 - soft) + tumour.reshape(mask.shape) * soft, small


def _transform(current: Volume) -> SimpleITK.Euler3DTransform:
    depth, height, width = current.voxels.shape
    transform = SimpleITK.Euler3DTransform()
    transform.SetCenter(current.to_mm((width - 1) / 2, (height - 1) / 2, (depth - 1) / 2))
    transform.SetRotation(*(radians(angle) for angle in ROTATION_DEG))
    transform.SetTranslation(TRANSLATION_MM)
    return transform


def _resample(
    voxels: NDArray[np.float32], grid: Volume, transform: SimpleITK.Euler3DTransform, outside: float
) -> NDArray[np.float32]:
    """Resample linearly on the same grid; `grid` may run downwards, SimpleITK wants positive spacing."""
    dx, dy, dz = grid.spacing
    image = SimpleITK.GetImageFromArray(voxels)
    image.SetSpacing((dx, dy, abs(dz)))
    image.SetOrigin(grid.origin)
    image.SetDirection((1, 0, 0, 0, 1, 0, 0, 0, 1 if dz > 0 else -1))
    moved = SimpleITK.Resample(image, image, transform, SimpleITK.sitkLinear, outside)
    result: NDArray[np.float32] = SimpleITK.GetArrayFromImage(moved)
    return result


def _covered_slices(current: Volume, transform: SimpleITK.Euler3DTransform) -> slice:
    """Return the run of slices that the moved volume fills well; a scan does not end in half an image."""
    inside = _resample(np.ones(current.voxels.shape, np.float32), current, transform, 0).mean(axis=(1, 2))
    filled = np.flatnonzero(inside >= FILLED_SHARE)
    return slice(int(filled[0]), int(filled[-1]) + 1)


def _matrix(transform: SimpleITK.Euler3DTransform) -> list[list[float]]:
    rotation = np.array(transform.GetMatrix()).reshape(3, 3)
    centre = np.array(transform.GetCenter())
    shift = np.array(transform.GetTranslation()) + centre - rotation @ centre
    rows = [[round(float(value), 9) + 0.0 for value in (*rotation[row], shift[row])] for row in range(3)]
    return [*rows, [0.0, 0.0, 0.0, 1.0]]

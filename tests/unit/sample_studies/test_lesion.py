"""The truth about a lesion is measured as a radiologist measures it."""

from math import hypot

import numpy as np
import pytest

from sample_studies.lesion import measure
from sample_studies.volume import Volume

SHAPE = (4, 60, 80)


def body(spacing: tuple[float, float, float] = (0.5, 0.5, 5.0)) -> Volume:
    """A body that fills the picture, its middle at x = 19.75 mm."""
    return Volume(np.zeros(SHAPE, np.int16), spacing, (0.0, 0.0, 100.0))


def test_the_longest_diameter_is_taken_in_the_section_where_it_is_longest() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[1, 10:20, 10:20] = True
    mask[2, 30:36, 40:61] = True

    found = measure(body(), mask, "CT")

    assert found.slice_number == 3
    assert found.long_axis_mm == pytest.approx(hypot(20 * 0.5, 5 * 0.5), abs=0.01)
    assert found.volume_ml == pytest.approx((100 + 126) * 1.25 / 1000, abs=0.01)


def test_parts_that_are_not_connected_are_not_measured_across_the_gap() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[1, 10, 0:11] = mask[1, 10, 60:65] = True

    assert measure(body(), mask, "CT").long_axis_mm == pytest.approx(5.0)


@pytest.mark.parametrize(("column", "side"), [(60, "L"), (10, "R")])
def test_the_side_is_the_patients_not_the_pictures(column: int, side: str) -> None:
    mask = np.zeros(SHAPE, bool)
    mask[1, 20:30, column : column + 8] = True

    assert measure(body(), mask, "CT").side == side


def test_the_sphere_holds_every_voxel() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[0:3, 20:30, 10:20] = True

    found = measure(body((0.5, 0.5, -5.0)), mask, "CT")

    assert found.centre_mm == (7.25, 12.25, 95.0)
    assert found.radius_mm == pytest.approx(hypot(2.25, 2.25, 5.0), abs=0.01)

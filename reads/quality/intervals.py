"""Confidence intervals of a proportion: Wilson's score interval, with and without continuity correction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a proportion, both ends within 0 to 1."""

    low: float
    high: float


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _check(count: int, total: int) -> None:
    if total <= 0 or not 0 <= count <= total:
        raise ValueError("a proportion needs 0 <= count <= total and a total of at least 1")


def wilson(count: int, total: int, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval (Newcombe 1998, method 3).

    Raises
    ------
    ValueError
        When ``count`` is not between 0 and ``total``, or ``total`` is 0.
    """
    _check(count, total)
    z = _z(confidence)
    p = count / total
    scale = 1 + z * z / total
    centre = (p + z * z / (2 * total)) / scale
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / scale
    # At 0 and at n the end is exact; rounding must not move it.
    return Interval(0.0 if count == 0 else centre - half, 1.0 if count == total else centre + half)


def wilson_corrected(count: int, total: int, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval with Yates' continuity correction (Newcombe 1998, method 4).

    Raises
    ------
    ValueError
        As :func:`wilson`.
    """
    _check(count, total)
    z = _z(confidence)
    p = count / total
    scale = 2 * (total + z * z)
    middle = 2 * total * p + z * z

    def root(sign: int) -> float:
        return z * math.sqrt(z * z - sign * 2 - 1 / total + 4 * p * (total * (1 - p) + sign))

    low = 0.0 if count == 0 else max(0.0, (middle - 1 - root(1)) / scale)
    high = 1.0 if count == total else min(1.0, (middle + 1 + root(-1)) / scale)
    return Interval(low, high)

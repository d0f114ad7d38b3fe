"""The picture of rates by modality: one line for each interval, one dot for each rate. Drawn on the server as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 620
LEFT = 130
RIGHT = 12
ROW = 36
TOP = 26
BOTTOM = 34
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)


@dataclass(frozen=True, slots=True)
class Rated:
    """A modality with its counts, its rate and its interval, as fractions."""

    modality: str
    cases: int
    discrepant: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture, in its own units."""

    modality: str
    cases: int
    discrepant: int
    y: float
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Forest:
    """The picture."""

    width: int
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]


def forest(rates: Sequence[Rated]) -> Forest:
    """Lay out the picture: from 0 to a little over the highest interval, at most 100 %."""
    step = next((s for s in _STEPS if max((r.high for r in rates), default=0.0) <= 5 * s), _STEPS[-1])
    highest = max((r.high for r in rates), default=0.0)
    count = max(1, min(round(1 / step), -int(-highest // step)))
    top = count * step

    def x(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(value, top) / top, 1)

    rows = tuple(
        Row(r.modality, r.cases, r.discrepant, TOP + ROW * i, x(r.rate), x(r.low), x(r.high))
        for i, r in enumerate(rates)
    )
    ticks = tuple(Tick(x(step * i), f"{step * i * 100:.0f} %") for i in range(count + 1))
    return Forest(WIDTH, TOP + ROW * max(len(rates) - 1, 0) + TOP + BOTTOM, rows, ticks)

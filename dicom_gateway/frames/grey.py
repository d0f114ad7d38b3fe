"""Grey levels: from what the modality measured to what a screen shows (PS3.3 C.11.2, C.7.6.3.1.2)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.pixels.processing import apply_voi

from dicom_gateway.frames.pixels import Pixels

_DARKEST, _BRIGHTEST = 0.5, 99.5
"""Percentiles that become black and white when the image brings no window."""


def to_grey(pixels: Pixels, window: tuple[float, float] | None = None) -> npt.NDArray[np.uint8]:
    """Displayed values, (rows, columns) uint8, 0 black.

    Parameters
    ----------
    pixels
        A decoded grey frame.
    window
        (centre, width) in modality units; without it the image's own first window, its VOI LUT, or its percentiles.
    """
    values = pixels.values
    voi = pixels.macro("FrameVOILUTSequence")
    own = _window_of(voi)
    if window is None and own is None and voi.get("VOILUTSequence"):
        looked_up = np.asarray(apply_voi(values.astype(np.int64), voi), dtype=np.float64)
        grey = _linear(looked_up, float(looked_up.min()), float(looked_up.max()))
    else:
        chosen = window or own
        if chosen is None:
            grey = _by_percentiles(values, pixels.dataset)
        else:
            grey = _windowed(values, chosen, str(voi.get("VOILUTFunction") or "LINEAR"))
    if pixels.dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        grey = 1.0 - grey
    return np.asarray(np.rint(grey * 255), dtype=np.uint8)


def _window_of(dataset: Dataset) -> tuple[float, float] | None:
    try:
        centre, width = (_first(dataset.get(k)) for k in ("WindowCenter", "WindowWidth"))
    except (TypeError, ValueError):
        return None
    return (centre, width) if math.isfinite(centre) and math.isfinite(width) and width > 0 else None


def _first(value: Any) -> float:
    return float(value[0] if isinstance(value, (MultiValue, list)) else value)


def _windowed(values: npt.NDArray[Any], window: tuple[float, float], function: str) -> npt.NDArray[np.float64]:
    centre, width = window
    if function == "SIGMOID":
        return np.asarray(1.0 / (1.0 + np.exp(np.clip(-4.0 * (values - centre) / width, -60, 60))), dtype=np.float64)
    if function == "LINEAR_EXACT":
        return _linear(values, centre - width / 2, centre + width / 2)
    return _linear(values, centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2)


def _by_percentiles(values: npt.NDArray[Any], dataset: Dataset) -> npt.NDArray[np.float64]:
    finite = values[np.isfinite(values)]
    padding = dataset.get("PixelPaddingValue")
    if isinstance(padding, int):
        slope, intercept = float(dataset.get("RescaleSlope") or 1), float(dataset.get("RescaleIntercept") or 0)
        image = finite[finite != np.float32(padding * slope + intercept)]
        finite = image if image.size else finite
    if not finite.size:
        return np.zeros(values.shape, dtype=np.float64)
    low, high = np.percentile(finite, (_DARKEST, _BRIGHTEST))
    return _linear(values, float(low), float(high))


def _linear(values: npt.NDArray[Any], low: float, high: float) -> npt.NDArray[np.float64]:
    if high <= low:
        return np.asarray(values > low, dtype=np.float64)
    return np.nan_to_num(np.clip((values.astype(np.float64) - low) / (high - low), 0.0, 1.0))

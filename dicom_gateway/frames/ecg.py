"""An electrocardiogram as it is printed: 25 mm/s, 10 mm/mV, on millimetre paper, as SVG without script or style."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from pydicom.dataset import Dataset
from pydicom.waveforms.numpy_handler import multiplex_array

from reads.model.errors import Invalid

SPEED_MM_S = 25.0
GAIN_MM_MV = 10.0
_MARGIN_MM = 15.0
_ROW_MM = 20.0
_HEAD_MM = 12.0
_MILLIVOLT = {"uV": 1e-3, "mV": 1.0, "V": 1e3, "nV": 1e-6}
_MAXIMUM_CHANNELS = 32
_MAXIMUM_SAMPLES = 2_000_000
_BINS_PER_MM = 8
_PAPER, _FINE, _STRONG, _TRACE, _TEXT = "#fff8f6", "#f6d5cf", "#e9a79c", "#12161a", "#12161a"


@dataclass(frozen=True)
class Lead:
    """One channel: its name, its values in mV (NaN where there is none) and its sampling frequency in Hz."""

    name: str
    values: npt.NDArray[np.float64]
    frequency: float


def leads(dataset: Dataset) -> tuple[Lead, ...]:
    """The channels of the first multiplex group, in mV (PS3.3 C.10.9).

    A value is (stored x Channel Sensitivity x correction factor) + Channel Baseline, in the units of the sensitivity.

    Raises
    ------
    Invalid
        When there are no channels, or they are not voltages of known size: a grid would lie.
    """
    groups = dataset.get("WaveformSequence")
    if not groups:
        raise Invalid("cannot be shown: this instance holds no waveform")
    group = groups[0]
    channels = group.get("ChannelDefinitionSequence") or []
    samples = int(group.get("NumberOfWaveformSamples") or 0)
    frequency = float(group.get("SamplingFrequency") or 0)
    if not channels or not samples or frequency <= 0:
        raise Invalid("cannot be shown: this waveform does not say how it was sampled")
    if len(channels) > _MAXIMUM_CHANNELS or samples > _MAXIMUM_SAMPLES:
        raise Invalid("cannot be shown: this waveform is longer than this viewer draws")
    try:
        values = np.asarray(multiplex_array(dataset, 0, as_raw=True), dtype=np.float64)
    # A broken waveform may fail anywhere in its decoding.
    except Exception as why:
        raise Invalid("cannot be shown: the samples of this waveform cannot be decoded") from why
    return tuple(_lead(channel, values[:, i], frequency, group) for i, channel in enumerate(channels))


def _lead(channel: Dataset, stored: npt.NDArray[np.float64], frequency: float, group: Dataset) -> Lead:
    source = (channel.get("ChannelSourceSequence") or [Dataset()])[0]
    name = str(channel.get("ChannelLabel") or source.get("CodeMeaning") or "?")
    name = name.removeprefix("Lead ").removesuffix(" (Einthoven)")
    units = (channel.get("ChannelSensitivityUnitsSequence") or [Dataset()])[0]
    factor = _MILLIVOLT.get(str(units.get("CodeValue")))
    if factor is None or channel.get("ChannelSensitivity") is None:
        raise Invalid(f"cannot be shown: channel {name} does not say what voltage its numbers mean")
    sensitivity = float(channel.ChannelSensitivity) * float(channel.get("ChannelSensitivityCorrectionFactor") or 1)
    millivolts = (stored * sensitivity + float(channel.get("ChannelBaseline") or 0)) * factor
    padding = group.get("WaveformPaddingValue")
    if isinstance(padding, bytes) and len(padding) >= 2:
        millivolts[stored == int.from_bytes(padding[:2], "little", signed=True)] = np.nan
    return Lead(name, millivolts, frequency)


def svg(dataset: Dataset) -> bytes:
    """The whole first multiplex group, one row a lead, true to scale when printed (width and height in mm).

    Raises
    ------
    Invalid
        See :func:`leads`.
    """
    rows = leads(dataset)
    seconds = max(len(r.values) / r.frequency for r in rows)
    width = seconds * SPEED_MM_S + 2 * _MARGIN_MM
    places, height = _rows(rows)
    body = [_grid(width, height), _calibration(places[0])]
    for row, y in zip(rows, places, strict=True):
        body.append(
            f'<text x="{_MARGIN_MM:g}" y="{y - 6:g}" font-size="4" font-family="sans-serif" font-weight="bold"'
            f' fill="{_TEXT}">{escape(row.name)}</text>'
        )
        body.append(
            f'<path transform="translate({_MARGIN_MM:g} {y:g}) scale(0.01)" d="{_trace(row)}" fill="none"'
            f' stroke="{_TRACE}" stroke-width="25" stroke-linejoin="round"/>'
        )
    title = f"{SPEED_MM_S:g} mm/s · {GAIN_MM_MV:g} mm/mV · {seconds:g} s · {rows[0].frequency:g} Hz"
    body.append(
        f'<text x="{_MARGIN_MM:g}" y="{height - 3:g}" font-size="4" font-family="sans-serif"'
        f' fill="{_TEXT}">{escape(title)}</text>'
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm"'
        f' viewBox="0 0 {width:g} {height:g}" role="img" aria-label="Electrocardiogram, {len(rows)} leads">'
    )
    return (head + "".join(body) + "</svg>").encode()


def _rows(rows: tuple[Lead, ...]) -> tuple[list[float], float]:
    """Baseline of each row (mm from the top): far enough apart that no trace leaves the paper."""
    places, y = [], _HEAD_MM
    for row in rows:
        finite = row.values[np.isfinite(row.values)]
        up, down = (float(finite.max()), float(-finite.min())) if finite.size else (0.0, 0.0)
        y += max(_ROW_MM / 2, min(up, 5.0) * GAIN_MM_MV + 2)
        places.append(y)
        y += max(_ROW_MM / 2, min(down, 5.0) * GAIN_MM_MV + 2)
    return places, y + _HEAD_MM


def _trace(row: Lead) -> str:
    """The path of a lead in hundredths of a millimetre from the start of its baseline, y down.

    At most one highest and one lowest point for each eighth of a millimetre, so that no peak is lost.
    """
    positions = np.arange(len(row.values)) / row.frequency * SPEED_MM_S
    bins = np.floor(positions * _BINS_PER_MM).astype(np.int64)
    x = np.rint(positions * 100).astype(np.int64)
    known = np.isfinite(row.values)
    y = np.rint(np.nan_to_num(row.values) * GAIN_MM_MV * -100).astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(bins) > 0])
    path: list[str] = []
    last: int | None = None
    for start, end in zip(starts, np.r_[starts[1:], len(bins)], strict=True):
        if not known[start:end].all():
            last = None
            continue
        part = y[start:end]
        for i in sorted({int(start + part.argmin()), int(start + part.argmax())}):
            path.append(f"M{x[i]} {y[i]}" if last is None else f"l{x[i] - x[last]} {y[i] - y[last]}")
            last = i
    return "".join(path).replace(" -", "-")


def _grid(width: float, height: float) -> str:
    lines = [f'<rect width="{width:g}" height="{height:g}" fill="{_PAPER}"/>']
    for step, colour, stroke in ((1, _FINE, 0.1), (5, _STRONG, 0.15)):
        across = "".join(f"M{x} 0V{height:g}" for x in range(0, int(width) + 1, step))
        down = "".join(f"M0 {y}H{width:g}" for y in range(0, int(height) + 1, step))
        lines.append(f'<path d="{across}{down}" fill="none" stroke="{colour}" stroke-width="{stroke}"/>')
    return "".join(lines)


def _calibration(y: float) -> str:
    """The pulse that every paper starts with: 1 mV high, 0.2 s long."""
    height, length = GAIN_MM_MV, 0.2 * SPEED_MM_S
    return (
        f'<path d="M3 {y:g}h2v-{height:g}h{length:g}v{height:g}h2" fill="none" stroke="{_TRACE}" stroke-width="0.25"/>'
    )


def thumbnail(dataset: Dataset) -> bytes:
    """A PNG of 128 x 128 pixels with the first three seconds of lead II, or of the first lead.

    Raises
    ------
    Invalid
        See :func:`leads`.
    """
    rows = leads(dataset)
    row = next((r for r in rows if r.name == "II"), rows[0])
    side = 128
    part = np.nan_to_num(row.values[: int(3 * row.frequency)])
    low, high = float(part.min()), float(part.max())
    steps = np.linspace(0, len(part) - 1, side * 4).astype(np.int64)
    y = side * 0.75 - (part[steps] - low) / ((high - low) or 1.0) * side * 0.5
    image = Image.new("RGB", (side, side), _PAPER)
    pen = ImageDraw.Draw(image)
    for at in range(0, side, 16):
        pen.line([(at, 0), (at, side)], fill=_FINE)
        pen.line([(0, at), (side, at)], fill=_FINE)
    pen.line([(i / 4, float(v)) for i, v in enumerate(y)], fill=_TRACE, width=1)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

"""An instance's attributes in the DICOM JSON model (PS3.18 annex F), without pixels and without the patient."""

from __future__ import annotations

import base64
import math
from io import BytesIO
from typing import Any

import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from dicom_gateway.frames.blind import names_the_patient
from dicom_gateway.frames.order import Placed
from reads.model.errors import Invalid

_LUT_DATA = frozenset({"00281201", "00281202", "00281203", "00281204", "00281221", "00281222", "00281223", "00283006"})
"""Palette, segmented palette and LUT Data: without them inline, a palette image never settles in the browser."""

_BINARY = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_UNSET = frozenset({"UN", "OB or OW", "US or OW", "US or SS or OW"})


def read_header(data: bytes) -> Dataset:
    """The data set of a Part 10 file, up to its pixel data.

    Raises
    ------
    Invalid
        When the bytes are not DICOM.
    """
    try:
        return pydicom.dcmread(BytesIO(data), stop_before_pixels=True)
    except (InvalidDicomError, EOFError, ValueError, KeyError, NotImplementedError) as why:
        raise Invalid("cannot be shown: the archived file is not readable DICOM") from why


def attributes(dataset: Dataset) -> dict[str, Any]:
    """The data set as one DICOM JSON object, the patient's identity, private and bulk data left out.

    An attribute whose value breaks the rules of its VR is left out too: the image can still be shown.
    """
    found = _object(dataset, swap=dataset.original_encoding[1] is False)
    found["00080005"] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", None)
    if syntax:
        found["00083002"] = {"vr": "UI", "Value": [str(syntax)]}  # Available Transfer Syntax UID
    return dict(sorted(found.items()))


def placed(dataset: Dataset) -> Placed:
    """Where an image stands in its series."""
    return Placed(
        sop_uid=str(dataset.SOPInstanceUID),
        number=int(_numbers(dataset, "InstanceNumber", 1)[0]) if _numbers(dataset, "InstanceNumber", 1) else 0,
        position=_numbers(dataset, "ImagePositionPatient", 3),
        orientation=_numbers(dataset, "ImageOrientationPatient", 6),
    )


def _numbers(dataset: Dataset, keyword: str, count: int) -> tuple[float, ...]:
    try:
        value = dataset.get(keyword)
        values = [float(v) for v in (value if count > 1 else [value])]
    except (TypeError, ValueError):
        return ()
    return tuple(values) if len(values) == count and all(map(math.isfinite, values)) else ()


def _object(dataset: Dataset, swap: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for tag in sorted(dataset.keys()):
        key = f"{int(tag):08X}"
        if names_the_patient(key) or key == "7FE00010" or key.endswith("0000"):
            continue
        try:
            element = dataset[tag]
            if element.VR == "SQ":
                found[key] = {"vr": "SQ", "Value": [_object(item, swap) for item in element.value]}
                continue
            if element.VR in _BINARY or element.VR in _UNSET:
                if key in _LUT_DATA and element.value:
                    found[key] = _inline(element, swap)
                continue
            described = element.to_json_dict(None, 0)
            if all(not isinstance(v, float) or math.isfinite(v) for v in described.get("Value", ())):
                found[key] = described
        except (ValueError, TypeError, OverflowError, AttributeError, NotImplementedError, LookupError):
            continue  # a value against its own VR: the rest of the header still describes the image
    return found


def _inline(element: DataElement, swap: bool) -> dict[str, Any]:
    data = bytes(element.value)
    if swap:  # annex F wants little endian
        data = b"".join(data[i + 1 : i + 2] + data[i : i + 1] for i in range(0, len(data) - 1, 2))
    return {"vr": "OW", "InlineBinary": base64.b64encode(data).decode("ascii")}

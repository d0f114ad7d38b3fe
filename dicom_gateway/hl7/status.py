"""The status of a report: OBR-25 (table 0123), or where it is empty the OBX-11 of its parts (table 0085).

The tables share letters with different meanings: "A" is "some results available" in one and "amended" in the other.
"""

from __future__ import annotations

from dicom_gateway.hl7.segments import Segment
from reads.model.errors import Invalid
from reads.model.report import ReportStatus

_P, _F, _C, _X = ReportStatus.PRELIMINARY, ReportStatus.FINAL, ReportStatus.CORRECTED, ReportStatus.CANCELLED
_WORDS = {
    "FINAL": _F,
    "PRELIM": _P,
    "PRELIMINARY": _P,
    "WET READ": _P,
    "CORRECTED": _C,
    "CORRECTION": _C,
    "AMENDED": _C,
    "ADDENDUM": _C,
    "CANCELLED": _X,
    "CANCELED": _X,
}
"""Words that systems write where the standard has letters."""
_OBR_25 = {"A": _P, "R": _P, "P": _P, "M": _P, "F": _F, "C": _C, "X": _X} | _WORDS
_OBX_11 = {"P": _P, "R": _P, "S": _P, "F": _F, "U": _F, "C": _C, "A": _C, "B": _C, "D": _X, "W": _X, "X": _X} | _WORDS
_NO_RESULT = frozenset({"O", "I", "S", "Y", "Z", "N"})


def status_of(obr: Segment, results: list[Segment]) -> ReportStatus:
    """The status of a report. Raises :class:`Invalid` if it has none or none that is a report's."""
    value = obr.component(25, 1).upper()
    if value in _OBR_25:
        return _OBR_25[value]
    if value in _NO_RESULT:
        raise Invalid("OBR-25 says that there is no report yet.", "OBR-25")
    if value:
        raise Invalid("OBR-25 is not a result status of table 0123.", "OBR-25")
    parts = {_OBX_11.get(obx.component(11, 1).upper()) for obx in results if obx.component(11, 1)}
    for status in (_P, _C, _F, _X):  # one part that is not final keeps the whole from being final
        if status in parts:
            return status
    raise Invalid("The message has no result status in OBR-25 or OBX-11.", "OBR-25")

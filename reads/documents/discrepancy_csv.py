"""Discrepancies as CSV for spreadsheets: numeric ids, no patient data, nothing that a spreadsheet would run.

UTF-8 with byte order mark, comma, CRLF (RFC 4180), one line a discrepancy, the columns of :data:`COLUMNS`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from reads.documents.pdf import place, size
from reads.workflow.views import DiscrepancyView

COLUMNS = {
    "discrepancy": "number of the discrepancy, unique in this installation",
    "case": "code of the case; holds no patient data",
    "state": "state of the case",
    "modality": "modalities of the study, separated by /",
    "study_date": "ISO 8601 date of the study",
    "signed_at": "ISO 8601 time (UTC) at which the comparison was signed",
    "type": "code of the discrepancy type",
    "type_meaning": "its meaning",
    "scheme": "scoring scheme",
    "score": "value in that scheme",
    "significant": "yes, no, or empty when the score does not say",
    "cause": "code of the presumed cause, may be empty",
    "actionable": "ACR actionable category 1 to 3, may be empty",
    "finding": "what the second reader found, empty when they found nothing",
    "finding_code": "its code, SCHEME:VALUE",
    "place": "where, with the side",
    "certainty": "definite, probable or possible",
    "size": "its measurements",
}
"""Header of the file, in order, and what each column holds. Free words of report and readers are left out: they may
name the patient."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_FIGURES = frozenset({"discrepancy", "actionable"})


def discrepancy_csv(discrepancies: Iterable[DiscrepancyView]) -> bytes:
    """The file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for view in discrepancies:
        line = _line(view)
        writer.writerow([line[c] if c in _FIGURES else guarded(line[c]) for c in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def guarded(value: str) -> str:
    """A text that no spreadsheet takes for a formula: one that could be gets an apostrophe in front, on one line."""
    flat = " ".join(value.replace("\0", "").splitlines())
    # Spreadsheets skip blanks, and full-width signs are formulas too in some.
    start = flat.lstrip().translate(str.maketrans("＝＋－＠", "=+-@"))
    return "'" + flat if start.startswith(_FORMULA) or value.startswith(_FORMULA) else flat


def _line(view: DiscrepancyView) -> dict[str, str]:
    finding, score = view.finding, view.score
    significant = view.option.significant
    return {
        "discrepancy": str(int(view.discrepancy.discrepancy_id)),
        "case": view.case_id,
        "state": view.state.value,
        "modality": "/".join(view.modalities),
        "study_date": view.studied_on.isoformat() if view.studied_on else "",
        "signed_at": view.signed_at.isoformat(timespec="seconds"),
        "type": view.discrepancy.type.value,
        "type_meaning": view.discrepancy.type.meaning,
        "scheme": score.scheme,
        "score": score.value,
        "significant": "" if significant is None else "yes" if significant else "no",
        "cause": score.cause,
        "actionable": "" if score.actionable is None else str(int(score.actionable)),
        "finding": finding.what.meaning if finding else "",
        "finding_code": f"{finding.what.scheme}:{finding.what.value}" if finding else "",
        "place": place(finding) if finding else "",
        "certainty": finding.certainty.value if finding else "",
        "size": "; ".join(size(m) for m in finding.measurements) if finding else "",
    }

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reads.documents.discrepancy_csv import COLUMNS, discrepancy_csv, guarded
from reads.model.case import CaseState
from reads.model.codes import Code, Side
from reads.model.discrepancy import Discrepancy, LedgerRow, Score
from reads.model.finding import Certainty, Finding, Measurement
from reads.model.scheme import ScoreOption
from reads.workflow.views import DiscrepancyView

FINDING = Finding(
    1,
    "2.25.1",
    Code("27925004", "SCT", "Nodule"),
    Code("39607008", "SCT", "Lung structure"),
    Side.LEFT,
    Certainty.DEFINITE,
    None,
    (Measurement(Code("410668003", "SCT", "Length"), 12.345, "mm"),),
    "CANARY wrote this",
)
VIEW = DiscrepancyView(
    Discrepancy(
        17, "4F2K", LedgerRow(1, 1, "MISS", "CANARY"), Code("MISS", "99SECREAD", "Missed finding"), "CANARY is well."
    ),
    FINDING,
    "4F2K",
    CaseState.FINALISED,
    ("CT", "PT"),
    "CANARY^CT",
    date(2024, 5, 3),
    Score("radpeer2016", "2b", "CANARY", "KM04", 2),
    ScoreOption("2b", Code("RP2B", "99SECREAD", "RADPEER 2b"), "2b", "…", True, True, True),
    datetime(2024, 5, 6, 9, 30, tzinfo=UTC),
)


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_each_discrepancy_is_one_line_under_the_documented_header() -> None:
    assert lines(discrepancy_csv([VIEW])) == [
        {
            "discrepancy": "17",
            "case": "4F2K",
            "state": "FINALISED",
            "modality": "CT/PT",
            "study_date": "2024-05-03",
            "signed_at": "2024-05-06T09:30:00+00:00",
            "type": "MISS",
            "type_meaning": "Missed finding",
            "scheme": "radpeer2016",
            "score": "2b",
            "significant": "yes",
            "cause": "KM04",
            "actionable": "2",
            "finding": "Nodule",
            "finding_code": "SCT:27925004",
            "place": "Lung structure, left",
            "certainty": "definite",
            "size": "Length 12.3 mm",
        }
    ]
    assert discrepancy_csv([]).decode("utf-8-sig").strip().split(",") == list(COLUMNS)


def test_no_free_word_leaves_for_it_may_name_the_patient() -> None:
    assert b"CANARY" not in discrepancy_csv([VIEW])


def test_a_discrepancy_without_a_finding_has_empty_cells() -> None:
    line = lines(discrepancy_csv([replace(VIEW, finding=None, studied_on=None)]))[0]
    assert (line["finding"], line["place"], line["size"], line["study_date"]) == ("", "", "", "")


@pytest.mark.parametrize(
    "hostile",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "|calc", "%0", "＝1+1", "\0=1", "a\n=cmd()"],
)
def test_a_value_never_becomes_a_formula(hostile: str) -> None:
    finding = replace(FINDING, what=Code("1", "SCT", hostile))
    cell = lines(discrepancy_csv([replace(VIEW, finding=finding)]))[0]["finding"]
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%", "＝"))
    assert "\n" not in cell


@given(st.text())
def test_a_guarded_text_is_one_line_and_no_formula(text: str) -> None:
    got = guarded(text)
    assert len(got.splitlines()) <= 1
    assert not got.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))

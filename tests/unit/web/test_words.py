"""How numbers and dates are said."""

from __future__ import annotations

from datetime import date

import pytest

from reads.model.codes import Code, Side
from reads.model.finding import Certainty, Finding
from viewer.web import words
from viewer.web.pages.forest import Rated, forest

MASS = Code("4147007", "SCT", "Mass")


def test_a_rate_is_in_percent_and_so_is_its_interval() -> None:
    assert words.percent(0.031) == "3.1 %"
    assert words.interval(0.0264, 0.0369) == "2.6 – 3.7"


@pytest.mark.parametrize(
    ("sex", "age", "said"), [("F", 61, "♀ 61 y"), ("M", 0, "♂ 0 y"), ("", 7, "7 y"), ("F", None, "♀ age not given")]
)
def test_a_patient_in_a_list_is_sex_and_age(sex: str, age: int | None, said: str) -> None:
    assert words.patient(sex, age) == said


def test_a_number_has_its_unit() -> None:
    assert words.measurement(46.2, "mm") == "46 mm"
    assert words.measurement(3.24, "cm2") == "3.2 cm²"
    assert words.measurement(-45, "[hnsf'U]") == "-45 HU"


def test_dates_are_iso() -> None:
    assert words.day(date(2026, 11, 2)) == "2026-11-02"
    assert words.day(None) == "–"


@pytest.mark.parametrize(
    ("side", "site", "said"),
    [
        (Side.LEFT, "Lower lobe of lung", "left lower lobe of lung"),
        (Side.NONE, "Liver", "liver"),
        (Side.LEFT, "Left lower lobe", "left lower lobe"),
        (Side.RIGHT, None, "right"),
    ],
)
def test_a_place_is_side_and_site_and_the_side_only_once(side: Side, site: str | None, said: str) -> None:
    where = Code("1", "99TEST", site) if site else None
    finding = Finding(1, "2.25.1", MASS, where, side, Certainty.DEFINITE)
    assert words.finding_place(finding) == said


def test_a_modality_is_not_said_twice() -> None:
    class Line:
        modalities = ("CT",)
        description = "CT Chest"

    assert words.study(Line()) == "CT Chest"
    Line.description = "Chest"
    assert words.study(Line()) == "CT Chest"


def test_the_forest_starts_at_zero_and_holds_every_interval() -> None:
    drawn = forest((Rated("CT", 1210, 42, 0.0347, 0.0258, 0.0466), Rated("US", 3, 1, 0.333, 0.061, 0.792)))
    assert drawn.ticks[0].label == "0 %"
    assert all(drawn.ticks[0].x <= r.low <= r.rate <= r.high <= drawn.ticks[-1].x for r in drawn.rows)
    assert drawn.rows[0].y < drawn.rows[1].y < drawn.height


def test_the_forest_never_goes_past_a_hundred_percent() -> None:
    assert forest((Rated("CT", 1, 1, 1.0, 0.21, 1.0),)).ticks[-1].label == "100 %"

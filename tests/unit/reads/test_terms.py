"""The vocabularies: every standard code exists, every code is one concept, every key is one choice."""

from collections import Counter
from typing import cast

import pytest
from pydicom.sr._concepts_dict import concepts

from reads import terms
from reads.model.discrepancy import AGREE, GREAT_CALL
from reads.model.errors import NotFound
from reads.model.read import ImageQuality

STANDARD = {
    scheme: {value for entry in cast(dict[str, dict[str, object]], by_keyword).values() for value in entry}
    for scheme, by_keyword in concepts.items()
}
FOUND_OR_SITE = [*(t.code for t in terms.finding_terms()), *(t.code for t in terms.site_terms())]
ALL = [
    *FOUND_OR_SITE,
    *(t.code for t in terms.discrepancy_types()),
    *(c.code for c in terms.causes()),
    *(o.code for s in terms.schemes() for o in s.options),
    *(code for _, code, _ in terms.actionable()),
]


def test_every_code_exists_in_its_scheme_or_is_ours() -> None:
    assert [c for c in ALL if c.scheme != terms.LOCAL and c.value not in STANDARD[c.scheme]] == []


def test_every_code_fits_the_code_sequence_macro() -> None:
    """SH of 16 and LO of 64 characters (PS3.5 table 6.2-1)."""
    assert [c for c in ALL if not (0 < len(c.value) <= 16 and 0 < len(c.meaning) <= 64)] == []


def test_every_code_is_one_concept() -> None:
    assert [c for c, n in Counter((c.scheme, c.value) for c in ALL).items() if n > 1] == []
    assert [m for m, n in Counter(c.meaning.lower() for c in FOUND_OR_SITE).items() if n > 1] == []


def test_section_codes_are_those_of_the_standard() -> None:
    assert set(terms.section_titles()) <= STANDARD["LN"]
    headings = [h for s in terms.sections() for h in s.headings]
    assert len(set(headings)) == len(headings)
    assert headings == [h.upper() for h in headings]


def test_there_are_enough_words_to_read_with() -> None:
    assert len(terms.finding_terms()) >= 120
    assert len(terms.site_terms()) >= 120
    assert all(t.code.meaning.lower() not in {s.lower() for s in t.synonyms} for t in terms.finding_terms())


def test_the_scheme_is_that_of_2016() -> None:
    scheme = terms.scheme("radpeer2016")
    assert [o.value for o in scheme.options] == ["1", "2", "2a", "2b", "3", "3a", "3b"]
    assert [o.value for o in scheme.options if not o.discrepancy] == ["1"]
    assert [o.value for o in scheme.options if o.consensus] == ["2b", "3", "3a", "3b"]
    assert [o.value for o in scheme.options if o.significant] == ["2b", "3b"]
    assert [o.value for o in scheme.options if o.significant is None] == ["2", "3"]
    with pytest.raises(NotFound):
        terms.scheme("radpeer1")


def test_thirteen_types_and_twelve_causes_each_by_its_own_key() -> None:
    types = terms.discrepancy_types()
    assert len(types) == 13
    assert len({t.key for t in types}) == 13
    assert len(terms.causes()) == 12
    values = {t.code.value for t in types}
    assert AGREE not in values
    assert GREAT_CALL in values
    assert terms.discrepancy_code("LAT").meaning == "Laterality error"


def test_every_image_quality_has_a_word() -> None:
    assert [q for q, _ in terms.image_quality()] == list(ImageQuality)
    assert [category for category, _, _ in terms.actionable()] == [1, 2, 3]

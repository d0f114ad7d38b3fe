"""The state machine, the plain form of values, and what a signature covers."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reads.model.case import BEFORE_REVEAL, Case, CaseState, Source
from reads.model.codes import Code, Side
from reads.model.digest import canonical, digest, read_content
from reads.model.errors import Conflict, Invalid
from reads.model.finding import AnchorKind, Certainty, Finding, ImageAnchor, Measurement
from reads.model.machine import END_STATES, TRANSITIONS, Event, advance
from reads.model.plain import from_plain, to_plain
from reads.model.read import Draft, ImageQuality
from reads.model.report import Author, AuthorRole, OriginalReport, ReportStatus
from reads.model.study import PatientIdentity, Study

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CASE = Case("4F2K", "1.2.3", CaseState.RECEIVED, Source.REQUESTED, True, "radpeer2016", NOW)


def test_only_the_transitions_of_the_table_happen() -> None:
    for state, event in product(CaseState, Event):
        case = replace(CASE, state=state, reader_id=7, revision=3)
        if (state, event) in TRANSITIONS:
            after = advance(case, event, NOW)
            assert (after.state, after.revision) == (TRANSITIONS[state, event], 4)
        else:
            with pytest.raises(Conflict, match="4F2K"):
                advance(case, event, NOW)


def test_the_straight_way_leads_to_an_end() -> None:
    ways = {
        CaseState.CLOSED_CONCORDANT: "bind assign open commit_blind reveal score close_concordant",
        CaseState.FINALISED: "bind assign open commit_blind reveal score triage accept acknowledge",
    }
    for end, way in ways.items():
        case = CASE
        for event in way.split():
            case = advance(case, Event(event), NOW)
        assert (case.state, case.closed_at) == (end, NOW)


def test_every_state_can_be_reached_and_only_ends_cannot_be_left() -> None:
    reached, frontier = {CaseState.RECEIVED}, {CaseState.RECEIVED}
    while frontier:
        frontier = {to for (state, _), to in TRANSITIONS.items() if state in frontier} - reached
        reached |= frontier
    assert reached == set(CaseState)
    assert set(CaseState) - {state for state, _ in TRANSITIONS} == END_STATES


def test_the_report_is_revealed_only_by_the_reveal_or_an_open_read() -> None:
    revealing = {e for (s, e), to in TRANSITIONS.items() if s in BEFORE_REVEAL and to not in BEFORE_REVEAL}
    assert revealing == {Event.REVEAL, Event.OPEN_READ}


@pytest.mark.parametrize("event", [Event.RELEASE, Event.DECLINE, Event.EXPIRE])
def test_a_case_given_back_has_no_reader(event: Event) -> None:
    state = CaseState.READING if event is Event.RELEASE else CaseState.ASSIGNED
    after = advance(replace(CASE, state=state, reader_id=7, claimed_at=NOW), event, NOW)
    assert (after.state, after.reader_id, after.claimed_at) == (CaseState.READY, None, None)


@pytest.mark.parametrize("identifier", ["", "DOC-2"])
def test_nobody_is_an_author_by_an_empty_or_another_id(identifier: str) -> None:
    authors = (Author("DOC-1", "A", AuthorRole.PRINCIPAL), Author("", "B", AuthorRole.ASSISTANT))
    report = OriginalReport("r", 1, "H", "A", "F", PatientIdentity("P"), "", ReportStatus.FINAL, authors, (), (), NOW)
    assert not report.is_by(identifier)
    assert report.is_by("DOC-1")


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
codes = st.builds(Code, words, words, words)
pairs = st.tuples(numbers, numbers)
anchors = st.builds(
    ImageAnchor,
    words,
    words,
    words,
    st.integers(1, 999),
    st.sampled_from(AnchorKind),
    st.lists(pairs, max_size=4).map(tuple),
    st.lists(st.tuples(numbers, numbers, numbers), max_size=4).map(tuple),
    words,
)
findings = st.builds(
    Finding,
    st.integers(1, 99),
    words,
    codes,
    st.none() | codes,
    st.sampled_from(Side),
    st.sampled_from(Certainty),
    st.none() | anchors,
    st.lists(st.builds(Measurement, codes, numbers, words), max_size=2).map(tuple),
    words,
)


@given(st.lists(findings, max_size=3).map(tuple), st.booleans(), st.sampled_from(ImageQuality))
def test_a_value_written_plainly_comes_back_the_same(
    found: tuple[Finding, ...], none: bool, quality: ImageQuality
) -> None:
    draft = Draft(found, none, quality, "[1]", 5, 2)
    assert from_plain(Draft, json.loads(json.dumps(to_plain(draft)))) == draft


def test_dates_times_and_absent_values_have_a_plain_form() -> None:
    study = Study("1.2", PatientIdentity("P", birth_date=date(1960, 1, 2)), studied_on=None, first_seen=NOW)
    assert from_plain(Study, to_plain(study)) == study


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "1"}, "number"),
        ({"number": True}, "number"),
        ({"what": {"value": "x", "scheme": "SCT"}}, "what.meaning"),
        ({"what": None}, "what"),
        ({"side": "up"}, "side"),
        ({"anchor": {"series_uid": 5}}, "anchor.series_uid"),
        ({"measurements": [{"concept": {}, "value": 1, "unit": "mm"}]}, "measurements.0.concept.value"),
        ({"measurements": {}}, "measurements"),
        ({"surprise": 1}, "surprise"),
        ({"note": 3}, "note"),
    ],
)
def test_what_is_wrong_in_a_plain_value_is_named(change: dict[str, object], field: str) -> None:
    good = to_plain(Finding(1, "2.25.1", Code("1", "SCT", "x"), None, Side.NONE, Certainty.DEFINITE))
    with pytest.raises(Invalid) as refused:
        from_plain(Finding, good | change)
    assert refused.value.field == field


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e400])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(Invalid):
        from_plain(Measurement, {"concept": to_plain(Code("1", "SCT", "x")), "value": value, "unit": "mm"})


def test_the_signed_form_of_a_read_stays_what_it_is() -> None:
    """A known digest: if this fails, signatures made before can no longer be checked."""
    finding = Finding(1, "2.25.1", Code("27925004", "SCT", "Nodule"), None, Side.RIGHT, Certainty.DEFINITE)
    content = read_content("4F2K", "1.2.3", PatientIdentity("P-1", "H"), 7, (finding,), False, ImageQuality.LIMITED)
    written = (
        b'{"case_id":"4F2K","findings":[{"anchor":null,"certainty":"definite","measurements":[],"note":"","number":1,'
        b'"side":"right","tracking_uid":"2.25.1","what":{"meaning":"Nodule","scheme":"SCT","value":"27925004"},'
        b'"where":null}],"form":"second-read.read.1","image_quality":"limited","no_abnormality":false,'
        b'"patient_identifier":"P-1","patient_issuer":"H","reader_id":7,"study_uid":"1.2.3"}'
    )
    assert canonical(content) == written
    assert digest(content) == hashlib.sha256(written).hexdigest()


@given(findings, findings)
def test_another_finding_is_another_digest(one: Finding, other: Finding) -> None:
    def digest_with(finding: Finding) -> str:
        return digest(
            read_content("4F2K", "1.2.3", PatientIdentity("P"), 7, (finding,), False, ImageQuality.DIAGNOSTIC)
        )

    same = json.dumps(to_plain(one)) == json.dumps(to_plain(other))
    assert (digest_with(one) == digest_with(other)) == same

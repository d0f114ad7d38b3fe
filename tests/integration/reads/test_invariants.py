"""The rules that always hold, tried on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from reads.model.case import CaseState
from reads.model.discrepancy import AGREE, LedgerRow, Score
from reads.model.errors import Conflict, Invalid, NotAllowed, NotFound
from reads.model.read import Draft, ImageQuality
from reads.model.report import Author, AuthorRole, ReportStatus
from reads.store import Store
from reads.workflow import claim, commit, compare, draft, quality, reading, triage
from reads.workflow.views import DiscrepancyFilter
from reads.workflow.worklist import next_case, worklist
from tests.hospital import AUTHOR_ID, PATIENT, Hospital, agreed, finding, key, message, study


@pytest.fixture
def hospital(store: Store) -> Hospital:
    return Hospital(store)


@pytest.mark.parametrize("role", list(AuthorRole))
def test_a_reader_never_gets_their_own_report(hospital: Hospital, role: AuthorRole) -> None:
    hospital.add_reader("self", "DOC-9")
    hospital.study_comes()
    hospital.report_comes(message(authors=(Author("DOC-9", "SELF^SAME", role),)))
    case_id = hospital.case().case_id
    with hospital.store.unit() as unit:
        assert worklist(unit, hospital["self"], hospital.now) == ()
        assert next_case(unit, hospital["self"], None) is None
        assert [w.case_id for w in worklist(unit, hospital["reader"], hospital.now)] == [case_id]
        with pytest.raises(NotFound):
            claim.claim(unit, hospital["self"], case_id, hospital.now)


def test_the_author_of_any_version_counts_as_author(hospital: Hospital) -> None:
    hospital.add_reader("first", AUTHOR_ID)
    hospital.ready()
    hospital.report_comes(
        message(status=ReportStatus.CORRECTED, authors=(Author("DOC-7", "ELSE^SOMEONE", AuthorRole.PRINCIPAL),))
    )
    with pytest.raises(NotFound):
        hospital.claim(hospital.case().case_id, "first")


def test_a_reader_who_becomes_author_while_reading_loses_the_case(hospital: Hospital) -> None:
    case_id = hospital.reading()
    hospital.report_comes(
        message(status=ReportStatus.CORRECTED, authors=(Author("DOC-2", "READER", AuthorRole.ASSISTANT),))
    )
    assert hospital.case().state is CaseState.READY
    with pytest.raises(NotFound):
        hospital.view(case_id)
    with pytest.raises(NotFound):
        hospital.commit(case_id, 0)


def test_before_the_commit_the_view_has_no_report_and_no_row(hospital: Hospital) -> None:
    case_id = hospital.reading("Secret words about a nodule.")
    saved = hospital.save(case_id, Draft(findings=(finding(),)))
    view = hospital.view(case_id)
    assert (view.report, view.rows, view.score, view.comparison, view.read) == (None, (), None, None, None)
    assert "Secret" not in repr(view)
    hospital.commit(case_id, saved.revision)
    report = hospital.view(case_id).report
    assert report is not None
    assert report.statements[0].text == "Secret words about a nodule."


def test_the_reveal_is_in_the_audit_with_its_time(hospital: Hospital) -> None:
    case_id = hospital.compared()
    with hospital.store.unit(write=False) as unit:
        events = [e.event for e in unit.audit.entries() if e.object_id == case_id]
        times = {e.event: e.at for e in unit.cases.history(case_id)}
    assert events.index("Patient Record: original report revealed") == len(events) - 1
    assert times["reveal"] == hospital.now


def test_a_committed_read_never_changes(hospital: Hospital) -> None:
    case_id = hospital.compared(finding())
    with hospital.store.unit(write=False) as unit:
        first = unit.reads.of_case(case_id)
    with pytest.raises(Conflict):
        hospital.save(case_id, Draft(no_abnormality=True, revision=1))
    with pytest.raises(Conflict):
        hospital.commit(case_id, 1)
    with hospital.store.unit(write=False) as unit:
        assert unit.reads.of_case(case_id) == first


SIGNED = {
    "reads": "clock_s",
    "findings": "number",
    "measurements": "position",
    "comparisons": "actionable",
    "ledger_rows": "finding",
    "discrepancies": "position",
    "report_sections": "position",
    "statements": "section",
    "case_events": "revision",
    "audit": "actor_id",
}


def test_the_database_itself_refuses_to_change_what_is_signed(hospital: Hospital, database_url: str) -> None:
    hospital.discrepant()
    engine = create_engine(database_url)
    for table, column in SIGNED.items():
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with engine.connect() as connection, pytest.raises(DatabaseError, match="never change"):
                connection.execute(text(change))
    engine.dispose()


def test_a_repeated_commit_gives_the_same_read_and_signs_nothing_again(hospital: Hospital) -> None:
    case_id = hospital.reading()
    saved = hospital.save(case_id, Draft(no_abnormality=True, image_quality=ImageQuality.LIMITED))
    act = key()
    first = hospital.commit(case_id, saved.revision, act)
    assert hospital.commit(case_id, saved.revision, act) == first
    with hospital.store.unit(write=False) as unit:
        assert sum(e.event == "commit_blind" for e in unit.cases.history(case_id)) == 1


def test_a_double_click_cannot_score_two_cases(hospital: Hospital) -> None:
    first = hospital.compared()
    hospital.study_comes(study("1.2.3.200", accession="A-200", patient=replace(PATIENT, identifier="P-200")))
    hospital.report_comes(
        message(accession="A-200", filler_order="F-200", patient=replace(PATIENT, identifier="P-200"))
    )
    second = hospital.case("1.2.3.200").case_id
    hospital.claim(second)
    saved = hospital.save(second, Draft(no_abnormality=True))
    hospital.commit(second, saved.revision)
    act, concur = key(), Score("radpeer2016", "1")
    signed = hospital.score(first, agreed(hospital.view(first)), concur, act)
    with pytest.raises(Conflict, match="another case"):
        hospital.score(second, agreed(hospital.view(second)), concur, act)
    assert hospital.score(first, (), Score("radpeer2016", "3b"), act) == signed
    assert hospital.case("1.2.3.200").state is CaseState.COMPARED


def test_a_signed_comparison_cannot_be_signed_or_saved_again(hospital: Hospital) -> None:
    case_id = hospital.compared()
    rows = agreed(hospital.view(case_id))
    hospital.score(case_id, rows, Score("radpeer2016", "1"))
    with pytest.raises(Conflict):
        hospital.score(case_id, rows, Score("radpeer2016", "1"))
    with hospital.store.unit() as unit, pytest.raises(Conflict):
        compare.save_comparison(unit, hospital["reader"], case_id, rows, None, hospital.now)


def test_a_taken_case_is_told_plainly_and_not_offered(hospital: Hospital) -> None:
    case_id = hospital.reading()
    with pytest.raises(Conflict, match="Another reader has taken"):
        hospital.claim(case_id, "other")
    with hospital.store.unit() as unit:
        assert worklist(unit, hospital["other"], hospital.now) == ()
        assert [w.mine for w in worklist(unit, hospital["reader"], hospital.now)] == [True]
    assert hospital.claim(case_id).state is CaseState.READING


def test_somebody_elses_case_does_not_exist(hospital: Hospital) -> None:
    case_id = hospital.reading()
    for step in (
        lambda u: reading.reading_view(u, hospital["other"], case_id, hospital.now),
        lambda u: draft.save(u, hospital["other"], case_id, Draft(), hospital.now),
        lambda u: commit.commit(u, hospital["other"], case_id, 0, key(), hospital.now),
        lambda u: reading.check_study(u, hospital["other"], "1.2.3.100"),
    ):
        with hospital.store.unit() as unit, pytest.raises(NotFound):
            step(unit)


@pytest.mark.parametrize("who", ["author", "lead", "pacs", "admin"])
def test_only_second_readers_read(hospital: Hospital, who: str) -> None:
    case_id = hospital.ready()
    with pytest.raises(NotAllowed):
        hospital.claim(case_id, who)
    with hospital.store.unit() as unit, pytest.raises(NotAllowed):
        worklist(unit, hospital[who], hospital.now)


def test_a_score_that_needs_a_consensus_needs_a_minute(hospital: Hospital) -> None:
    case_id = hospital.discrepant("3b")
    with pytest.raises(Invalid) as refused:
        hospital.accept(case_id)
    assert refused.value.field == "minute"
    assert hospital.accept(case_id, minute="Drs. A and B agree: missed.").state is CaseState.FEEDBACK


def test_nobody_triages_their_own_read(hospital: Hospital) -> None:
    case_id = hospital.discrepant()
    both = replace(hospital["reader"], roles=hospital["reader"].roles | hospital["lead"].roles)
    with hospital.store.unit() as unit:
        assert triage.queue(unit, both) == ()
        with pytest.raises(NotAllowed):
            triage.accept(unit, both, case_id, None, "", hospital.now)


def test_the_recipient_is_the_author_or_whom_the_lead_picks(hospital: Hospital) -> None:
    case_id = hospital.discrepant()
    with pytest.raises(Invalid) as refused:
        hospital.accept(case_id, recipient="lead")
    assert refused.value.field == "recipient"
    hospital.accept(case_id, recipient="colleague")
    with pytest.raises(NotFound):
        hospital.acknowledge(case_id, who="author")
    hospital.acknowledge(case_id, who="colleague")
    with pytest.raises(Conflict):
        hospital.acknowledge(case_id, who="colleague")


def test_statistics_use_final_cases_of_one_kind_only(hospital: Hospital) -> None:
    hospital.discrepant()
    lead = hospital["lead"]
    with hospital.store.unit(write=False) as unit:
        assert quality.case_counts_by_modality(unit, lead, DiscrepancyFilter()) == ()
        (waiting,) = quality.discrepancies(unit, lead, DiscrepancyFilter(counted_only=False))
        assert not waiting.state.counts
    hospital.accept(hospital.case().case_id)
    hospital.acknowledge(hospital.case().case_id)
    with hospital.store.unit(write=False) as unit:
        assert quality.case_counts_by_modality(unit, lead, DiscrepancyFilter(blind=False)) == ()
        assert quality.case_counts_by_modality(unit, lead, DiscrepancyFilter())[0].cases == 1


@pytest.mark.parametrize(
    ("rows", "score", "field"),
    [
        ((LedgerRow(1, 1, AGREE),), Score("radpeer2016", "1"), "rows"),
        ((LedgerRow(1, None, AGREE), LedgerRow(2, None, AGREE)), Score("radpeer2016", "1"), "rows"),
        ((LedgerRow(1, 1, ""), LedgerRow(2, None, AGREE)), Score("radpeer2016", "1"), "rows"),
        ((LedgerRow(1, 1, "NEWS"), LedgerRow(2, None, AGREE)), Score("radpeer2016", "1"), "rows"),
        ((LedgerRow(1, 1, AGREE), LedgerRow(9, None, AGREE)), Score("radpeer2016", "1"), "rows"),
        (
            (LedgerRow(1, 1, AGREE), LedgerRow(1, 1, AGREE), LedgerRow(2, None, AGREE)),
            Score("radpeer2016", "1"),
            "rows",
        ),
        (
            (LedgerRow(1, None, AGREE), LedgerRow(2, None, AGREE), LedgerRow(None, 1, AGREE)),
            Score("radpeer2016", "1"),
            "rows",
        ),
        ((LedgerRow(1, 1, AGREE), LedgerRow(2, None, "MISS")), Score("radpeer2016", "2", "x"), "rows"),
        ((LedgerRow(1, 1, "LAT"), LedgerRow(2, None, AGREE)), Score("radpeer2016", "1"), "value"),
        ((LedgerRow(1, 1, AGREE), LedgerRow(2, None, "GOOD")), Score("radpeer2016", "2", "x"), "value"),
        ((LedgerRow(1, 1, AGREE), LedgerRow(2, None, AGREE)), Score("radpeer2016", "4"), "value"),
        ((LedgerRow(1, 1, AGREE), LedgerRow(2, None, AGREE)), Score("other", "1"), "value"),
        ((LedgerRow(1, 1, "LAT"), LedgerRow(2, None, AGREE)), Score("radpeer2016", "2b", "  "), "comment"),
        ((LedgerRow(1, 1, "LAT"), LedgerRow(2, None, AGREE)), Score("radpeer2016", "2b", "x", "KM99"), "cause"),
        ((LedgerRow(1, 1, AGREE), LedgerRow(2, None, AGREE)), Score("radpeer2016", "1", actionable=4), "actionable"),
    ],
)
def test_what_is_incomplete_or_contradicts_itself_is_not_signed(
    sqlite_store: Store, rows: tuple[LedgerRow, ...], score: Score, field: str
) -> None:
    hospital = Hospital(sqlite_store)
    case_id = hospital.compared(finding())
    with pytest.raises(Invalid) as refused:
        hospital.score(case_id, rows, score)
    assert refused.value.field == field
    assert refused.value.message.endswith(".")
    assert hospital.case().state is CaseState.COMPARED


def test_a_concordant_case_with_an_actionable_finding_is_looked_at(hospital: Hospital) -> None:
    case_id = hospital.compared()
    hospital.score(case_id, agreed(hospital.view(case_id)), Score("radpeer2016", "1", actionable=1))
    assert hospital.case().state is CaseState.TRIAGE


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        (Draft(), "findings"),
        (Draft(findings=(finding(),), no_abnormality=True), "no_abnormality"),
    ],
)
def test_a_read_says_what_was_found_or_that_nothing_was(sqlite_store: Store, entered: Draft, field: str) -> None:
    hospital = Hospital(sqlite_store)
    case_id = hospital.reading()
    saved = hospital.save(case_id, entered)
    with pytest.raises(Invalid) as refused:
        hospital.commit(case_id, saved.revision)
    assert refused.value.field == field


def test_an_older_window_cannot_overwrite_a_newer_draft(hospital: Hospital) -> None:
    case_id = hospital.reading()
    first = hospital.save(case_id, Draft(findings=(finding(),)))
    hospital.save(case_id, first)
    with pytest.raises(Conflict, match="another window"):
        hospital.save(case_id, first)
    with pytest.raises(Conflict, match="not what was saved last"):
        hospital.commit(case_id, first.revision)


def test_the_author_is_not_named_after_the_reveal(hospital: Hospital) -> None:
    hospital.study_comes()
    words = "Discussed with Dr. Smith. Nodule seen by Jennifer A. Smith.\nDictated by: Jennifer Smith, M.D."
    hospital.report_comes(message(words))
    case_id = hospital.case().case_id
    hospital.claim(case_id)
    hospital.commit(case_id, hospital.save(case_id, Draft(no_abnormality=True)).revision)
    view = hospital.view(case_id)
    assert "smith" not in repr(view).lower()
    assert view.report is not None
    for statement in view.report.statements:
        section = view.report.sections[statement.section]
        assert section.text[statement.start : statement.end] == statement.text


def test_images_are_for_the_reader_of_the_case_and_its_priors_only(hospital: Hospital) -> None:
    from datetime import date

    hospital.study_comes(study("1.2.3.90", accession="A-90", studied_on=date(2025, 1, 1)))
    hospital.study_comes(study("1.2.3.300", accession="A-300", patient=replace(PATIENT, identifier="P-300")))
    case_id = hospital.reading()
    with hospital.store.unit(write=False) as unit:
        reader = hospital["reader"]
        assert reading.readable_studies(unit, reader) == {"1.2.3.100", "1.2.3.90"}
        reading.check_study(unit, reader, "1.2.3.100")
        reading.check_study(unit, reader, "1.2.3.90")
        with pytest.raises(NotFound):
            reading.check_study(unit, reader, "1.2.3.300")
    assert [p.study_uid for p in hospital.view(case_id).priors] == ["1.2.3.90"]

"""From arrival to the end, on both databases."""

import pytest

from reads.model.case import CaseState
from reads.model.discrepancy import LedgerRow, Score
from reads.model.read import Draft
from reads.store import Store
from reads.workflow import feedback, quality, triage
from reads.workflow.dossier import dossier
from reads.workflow.views import DiscrepancyFilter, Step
from tests.hospital import Hospital, agreed, finding


@pytest.fixture
def hospital(store: Store) -> Hospital:
    return Hospital(store)


def test_a_concordant_case_goes_from_arrival_to_closed(hospital: Hospital) -> None:
    case_id = hospital.compared(finding())
    view = hospital.view(case_id)
    assert view.step is Step.COMPARE
    assert view.rows == (LedgerRow(1, 1, ""), LedgerRow(2, None, ""))
    signed = hospital.score(case_id, agreed(view), Score("radpeer2016", "1"))
    closed = hospital.case()
    assert closed.state is CaseState.CLOSED_CONCORDANT
    assert closed.closed_at == signed.signature.signed_at
    assert hospital.view(case_id).step is Step.DONE


def test_a_discrepant_case_goes_by_the_lead_to_the_original_reader_and_becomes_final(hospital: Hospital) -> None:
    case_id = hospital.discrepant("2a")
    with hospital.store.unit(write=False) as unit:
        (waiting,) = triage.queue(unit, hospital["lead"])
        assert (waiting.case_id, waiting.discrepancies) == (case_id, 1)
        assert triage.triage_view(unit, hospital["lead"], case_id).recipient == hospital["author"]
        assert quality.discrepancies(unit, hospital["lead"], DiscrepancyFilter()) == ()
    hospital.accept(case_id)
    with hospital.store.unit(write=False) as unit:
        (item,) = feedback.inbox(unit, hospital["author"])
        shown = feedback.inbox_item(unit, hospital["author"], case_id)
    assert item.case_id == case_id
    assert [d.statement_text for d in shown.discrepancies] == ["No nodule."]
    final = hospital.acknowledge(case_id, "Thank you; I see it now.")
    assert final.state is CaseState.FINALISED
    with hospital.store.unit(write=False) as unit:
        (found,) = quality.discrepancies(unit, hospital["lead"], DiscrepancyFilter())
        (count,) = quality.case_counts_by_modality(unit, hospital["lead"], DiscrepancyFilter())
        again = quality.discrepancy(unit, hospital["lead"], found.discrepancy.discrepancy_id)
        full = dossier(unit, case_id)
    assert again == found
    assert found.discrepancy.type.value == "MISS"
    assert (count.modality, count.cases, count.discrepant, count.significant) == ("CT", 1, 1, 0)
    assert dict(count.by_score)["2a"] == 1
    assert full.feedback is not None
    assert full.feedback.reply == "Thank you; I see it now."


def test_a_normal_study_needs_the_explicit_word_that_nothing_was_found(hospital: Hospital) -> None:
    case_id = hospital.compared(text="The lungs are clear.")
    hospital.score(case_id, agreed(hospital.view(case_id)), Score("radpeer2016", "1"))
    assert hospital.case().state is CaseState.CLOSED_CONCORDANT


def test_each_signed_comparison_asks_once_for_its_documents(hospital: Hospital) -> None:
    case_id = hospital.discrepant()
    hospital.send_back(case_id, "Is it not a vessel?")
    view = hospital.view(case_id)
    assert view.returned_because == "Is it not a vessel?"
    assert view.rows[1].verdict == "MISS"
    hospital.score(case_id, view.rows, Score("radpeer2016", "2b", "It is a nodule in all three planes."))
    with hospital.store.unit() as unit:
        jobs = unit.outbox.waiting()
        assert [(j.kind, j.key) for j in jobs] == [("documents", f"{case_id}/1"), ("documents", f"{case_id}/2")]
        unit.outbox.dispatched(jobs[0].entry_id)
        assert [j.key for j in unit.outbox.waiting()] == [f"{case_id}/2"]
        assert dossier(unit, case_id).comparison_version == 2


def test_a_case_given_back_keeps_the_draft_and_waits_for_any_reader(hospital: Hospital) -> None:
    from reads.workflow import claim

    case_id = hospital.reading()
    saved = hospital.save(case_id, Draft(findings=(finding(),)))
    with hospital.store.unit() as unit:
        claim.release(unit, hospital["reader"], case_id, "not my field", hospital.tick())
    assert hospital.case().state is CaseState.READY
    hospital.claim(case_id, "other")
    assert hospital.view(case_id, "other").draft == Draft()
    with hospital.store.unit() as unit:
        claim.release(unit, hospital["other"], case_id, "no time", hospital.tick())
        assert unit.drafts.get(case_id, hospital["reader"].user_id) == saved

"""Studies and reports find each other, in any order, and never by a name."""

from dataclasses import replace
from datetime import date

import pytest

from reads.model.case import CaseState
from reads.model.errors import Invalid
from reads.model.read import Draft
from reads.model.report import ReportSection, ReportStatus
from reads.model.study import PatientIdentity, Series
from reads.store import Store
from reads.workflow import intake
from reads.workflow.arrivals import arrivals
from reads.workflow.policy import IntakePolicy
from reads.workflow.worklist import worklist
from tests.hospital import NOW, PATIENT, Hospital, message, study


@pytest.fixture
def hospital(store: Store) -> Hospital:
    return Hospital(store)


def test_a_case_is_ready_when_images_are_stable_and_a_final_report_is_there(hospital: Hospital) -> None:
    hospital.study_comes(study(stable=False))
    assert hospital.case().state is CaseState.RECEIVED
    hospital.report_comes(message(status=ReportStatus.PRELIMINARY))
    assert hospital.case().report_id is None
    hospital.report_comes()
    assert hospital.case().state is CaseState.RECEIVED
    with hospital.store.unit() as unit:
        (item,) = worklist(unit, hospital["reader"], hospital.now)
    assert (item.can_open, item.report_arrived, item.images) == (False, True, 120)
    hospital.study_comes(study())
    assert hospital.case().state is CaseState.READY


def test_a_report_that_comes_first_is_held_and_bound_later(hospital: Hospital) -> None:
    receipt = hospital.report_comes()
    assert (receipt.version, receipt.held) == (1, True)
    with hospital.store.unit(write=False) as unit:
        (held,) = arrivals(unit, hospital["pacs"]).held
    assert "No study" in held.why
    hospital.study_comes()
    assert hospital.case().state is CaseState.READY
    with hospital.store.unit(write=False) as unit:
        seen = arrivals(unit, hospital["pacs"])
    assert seen.held == ()
    assert (seen.studies[0].report_status, seen.studies[0].case_state) == (ReportStatus.FINAL, CaseState.READY)


def test_a_repeated_message_makes_no_second_version(hospital: Hospital) -> None:
    hospital.study_comes()
    one = message()
    first = hospital.report_comes(one)
    again = hospital.report_comes(one)
    assert (again.report_id, again.version, again.repeated) == (first.report_id, 1, True)
    other_house = hospital.report_comes(replace(one, facility="ELSEWHERE"))
    assert not other_house.repeated


def test_the_raw_message_is_kept(hospital: Hospital) -> None:
    receipt = hospital.report_comes(message(pdf=b"%PDF-1.7"))
    with hospital.store.unit(write=False) as unit:
        assert unit.reports.raw(receipt.report_id) == b"raw message"
        assert unit.reports.pdf(receipt.report_id) == b"%PDF-1.7"


def test_a_study_uid_goes_before_an_accession_number(hospital: Hospital) -> None:
    hospital.study_comes()
    hospital.study_comes(study("1.2.3.101", accession="A-101"))
    hospital.report_comes(message(study_uid="1.2.3.101"))
    assert hospital.case("1.2.3.101").state is CaseState.READY
    assert hospital.case().state is CaseState.RECEIVED


def test_a_report_of_another_patient_is_held_whatever_it_names(hospital: Hospital) -> None:
    hospital.study_comes()
    for named in ("", "1.2.3.100"):
        receipt = hospital.report_comes(message(study_uid=named, patient=replace(PATIENT, identifier="P-999")))
        assert receipt.held
    other_issuer = replace(PATIENT, issuer="ELSEWHERE")
    assert hospital.report_comes(message(patient=other_issuer)).held
    assert hospital.case().report_id is None


def test_a_report_without_a_patient_identifier_is_never_matched_by_name(hospital: Hospital) -> None:
    hospital.study_comes()
    nobody = PatientIdentity("", "", PATIENT.name, PATIENT.birth_date, PATIENT.sex)
    assert hospital.report_comes(message(accession="", filler_order="F-1", patient=nobody)).held
    assert not hospital.report_comes(message(filler_order="F-2", patient=nobody)).held


def test_an_unknown_study_uid_falls_back_on_the_accession_number_only_for_the_same_patient(hospital: Hospital) -> None:
    hospital.study_comes()
    nobody = PatientIdentity("")
    assert hospital.report_comes(message(study_uid="2.25.1", filler_order="F-1", patient=nobody)).held
    assert not hospital.report_comes(message(study_uid="2.25.1", filler_order="F-2")).held


def test_an_accession_number_of_two_studies_names_neither(hospital: Hospital) -> None:
    hospital.study_comes()
    hospital.study_comes(study("1.2.3.102"))
    receipt = hospital.report_comes()
    assert receipt.held
    with hospital.store.unit(write=False) as unit:
        assert "Several studies" in arrivals(unit, hospital["lead"]).held[0].why


def test_a_correction_before_the_reveal_rebinds(hospital: Hospital) -> None:
    case_id = hospital.reading("First words.")
    hospital.report_comes(
        message(status=ReportStatus.CORRECTED, sections=(ReportSection("59776-5", "Findings", "Better words."),))
    )
    hospital.commit(case_id, hospital.save(case_id, Draft(no_abnormality=True)).revision)
    view = hospital.view(case_id)
    assert view.report is not None
    assert (view.report.version, view.report.statements[0].text) == (2, "Better words.")
    assert not view.newer_report


def test_a_correction_after_the_reveal_marks_the_case_and_changes_nothing(hospital: Hospital) -> None:
    case_id = hospital.compared(text="First words.")
    before = hospital.case()
    hospital.report_comes(
        message(status=ReportStatus.CORRECTED, sections=(ReportSection("59776-5", "Findings", "Better words."),))
    )
    after = hospital.case()
    assert (after.report_id, after.state) == (before.report_id, before.state)
    view = hospital.view(case_id)
    assert view.newer_report
    assert view.report is not None
    assert view.report.version == 1


def test_another_order_of_the_same_study_does_not_take_the_place_of_the_bound_report(hospital: Hospital) -> None:
    hospital.ready()
    bound = hospital.case().report_id
    hospital.report_comes(message("Another report.", filler_order="F-999"))
    assert hospital.case().report_id == bound


def test_a_withdrawn_report_binds_nothing_and_marks_a_bound_case(hospital: Hospital) -> None:
    hospital.report_comes()
    hospital.report_comes(message(status=ReportStatus.CANCELLED))
    hospital.study_comes()
    assert hospital.case().state is CaseState.RECEIVED
    hospital.report_comes(message(status=ReportStatus.CORRECTED))
    assert hospital.case().state is CaseState.READY
    hospital.report_comes(message(status=ReportStatus.CANCELLED))
    assert hospital.case().newer_report_id is not None


def test_an_older_study_is_a_prior_and_opens_no_case(hospital: Hospital) -> None:
    hospital.study_comes()
    hospital.study_comes(study("1.2.3.90", accession="A-90", studied_on=date(2024, 5, 6)))
    with hospital.store.unit() as unit:
        assert unit.cases.of_study("1.2.3.90") == ()
        assert [w.has_priors for w in worklist(unit, hospital["reader"], hospital.now)] == [True]


def test_a_case_that_nobody_opened_is_cancelled_when_a_newer_study_comes(hospital: Hospital) -> None:
    hospital.study_comes()
    hospital.study_comes(study("1.2.3.110", accession="A-110", studied_on=date(2026, 3, 2)))
    with hospital.store.unit(write=False) as unit:
        (old,) = unit.cases.of_study("1.2.3.100")
        assert old.state is CaseState.CANCELLED
        assert "prior of a newer study" in unit.cases.history(old.case_id)[-1].reason
        assert unit.cases.of_study("1.2.3.110")[0].state is CaseState.RECEIVED
    hospital.study_comes()
    hospital.report_comes()
    with hospital.store.unit(write=False) as unit:
        assert [c.state for c in unit.cases.of_study("1.2.3.100")] == [CaseState.CANCELLED]


def test_a_case_that_is_being_read_goes_on_when_a_newer_study_comes(hospital: Hospital) -> None:
    hospital.reading()
    hospital.study_comes(study("1.2.3.110", accession="A-110", studied_on=date(2026, 3, 2)))
    assert hospital.case().state is CaseState.READING


def test_telling_the_same_arrival_again_changes_nothing(hospital: Hospital) -> None:
    hospital.ready()
    before = hospital.case()
    hospital.study_comes()
    hospital.study_comes()
    assert hospital.case() == before


def test_a_study_of_documents_only_opens_no_case_until_images_come(hospital: Hospital) -> None:
    hospital.study_comes(study(series=(Series("1.2.3.100.9", "SR", instances=1),)))
    with hospital.store.unit(write=False) as unit:
        assert unit.cases.of_study("1.2.3.100") == ()
    hospital.study_comes()
    assert hospital.case().state is CaseState.RECEIVED


def test_a_site_may_open_its_cases_itself(hospital: Hospital) -> None:
    with hospital.store.unit() as unit:
        intake.study_changed(unit, study(), IntakePolicy(open_cases=False), NOW)
        assert unit.cases.of_study("1.2.3.100") == ()


def test_a_study_that_is_being_read_never_changes_patient_silently(hospital: Hospital) -> None:
    case_id = hospital.reading()
    other = replace(PATIENT, identifier="P-999")
    hospital.study_comes(study(patient=other, description="CT chest, corrected"))
    assert hospital.view(case_id).study.patient == PATIENT
    assert hospital.view(case_id).study.description == "CT chest, corrected"
    with hospital.store.unit(write=False) as unit:
        alerts = [e for e in unit.audit.entries() if "identity" in e.event]
    assert [a.detail for a in alerts] == [{"kept": True}]
    assert "P-999" not in repr(alerts)


def test_a_study_that_nobody_has_opened_takes_the_corrected_patient(hospital: Hospital) -> None:
    hospital.ready()
    hospital.study_comes(study(patient=replace(PATIENT, identifier="P-999")))
    with hospital.store.unit(write=False) as unit:
        stored = unit.studies.get("1.2.3.100")
    assert stored is not None
    assert stored.patient.identifier == "P-999"


def test_a_signed_read_keeps_the_identity_that_it_was_signed_under(hospital: Hospital) -> None:
    case_id = hospital.compared()
    with hospital.store.unit(write=False) as unit:
        read = unit.reads.of_case(case_id)
        assert read is not None
        signed_for = unit.reads.patient_of(read.read_id)
    assert (signed_for.identifier, signed_for.issuer) == (PATIENT.identifier, PATIENT.issuer)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"message_id": ""}, "MSH-10"), ({"accession": "A" * 256}, "OBR-18"), ({"study_uid": "1" * 65}, "ZDS-1")],
)
def test_what_the_sender_must_mend_is_told(hospital: Hospital, change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        hospital.report_comes(message(**change))
    assert refused.value.field == field


def test_text_that_no_database_could_keep_is_made_keepable(hospital: Hospital) -> None:
    receipt = hospital.report_comes(message("Nul \x00 and an emoji \N{LUNGS} and \u2028 too."))
    with hospital.store.unit(write=False) as unit:
        report = unit.reports.get(receipt.report_id)
    assert report is not None
    assert report.sections[0].text == "Nul  and an emoji \N{LUNGS} and \u2028 too."

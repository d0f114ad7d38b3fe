"""Whatever comes in whatever order: the invariants hold after every step."""

import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from reads.model.case import Case, CaseState
from reads.model.discrepancy import AGREE, Score
from reads.model.errors import DomainError
from reads.model.machine import TRANSITIONS, Event
from reads.model.read import BlindRead, Draft
from reads.model.report import Author, AuthorRole, ReportStatus
from reads.store import Store
from reads.store.cases import CaseEvent
from reads.workflow import claim
from reads.workflow.worklist import worklist
from tests.hospital import PATIENT, Hospital, finding, message, study

readers = st.sampled_from(["reader", "other"])
STEPS = {str(event) for event in Event}


class AnyOrder(RuleBasedStateMachine):
    """One study, its report in many versions, two readers, a lead and an author who do whatever they like."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "reads.sqlite"
        copyfile(self.template, path)
        self.store = Store.open(f"sqlite:///{path}")
        self.hospital = Hospital(self.store)
        self.case_id = self.hospital.ready()
        self.committed: BlindRead | None = None

    def teardown(self) -> None:
        with self.store.unit(write=False) as unit:
            assert unit.audit.verify().intact
            self._history_follows_the_machine(unit.cases.history(self.case_id))
        self.store.close()
        self._folder.cleanup()

    def attempt(self, step: Callable[[], object]) -> None:
        """Do a step that the rules may refuse; anything else but a refusal is a fault."""
        with suppress(DomainError):
            step()

    @rule(other_patient=st.booleans(), stable=st.booleans())
    def study_comes(self, other_patient: bool, stable: bool) -> None:
        patient = replace(PATIENT, identifier="P-999") if other_patient else PATIENT
        self.hospital.study_comes(study(patient=patient, stable=stable))

    @rule(status=st.sampled_from(ReportStatus), by=st.sampled_from(["DOC-1"] * 8 + ["DOC-2", "DOC-3"]))
    def report_comes(self, status: ReportStatus, by: str) -> None:
        self.hospital.report_comes(message(status=status, authors=(Author(by, "NAME^A", AuthorRole.PRINCIPAL),)))

    @rule(who=readers)
    def take(self, who: str) -> None:
        self.attempt(lambda: self.hospital.claim(self.case_id, who))

    @rule(who=readers)
    def give_back(self, who: str) -> None:
        def step() -> None:
            with self.store.unit() as unit:
                claim.release(unit, self.hospital[who], self.case_id, "no time", self.hospital.tick())

        self.attempt(step)

    @rule(who=readers, found=st.booleans())
    def read(self, who: str, found: bool) -> None:
        def step() -> None:
            self.hospital.claim(self.case_id, who)
            revision = self.hospital.view(self.case_id, who).draft.revision
            entered = Draft(findings=(finding(),) if found else (), no_abnormality=not found, revision=revision)
            saved = self.hospital.save(self.case_id, entered, who)
            self.committed = self.hospital.commit(self.case_id, saved.revision, who=who)

        self.attempt(step)

    @rule(who=readers, value=st.sampled_from(["1", "2a", "3b"]))
    def score(self, who: str, value: str) -> None:
        def step() -> None:
            rows = tuple(
                replace(row, verdict="MISS" if row.statement is None else AGREE if value == "1" else "COMM")
                for row in self.hospital.view(self.case_id, who).rows
            )
            self.hospital.score(self.case_id, rows, Score("radpeer2016", value, "why"), who=who)

        self.attempt(step)

    @rule(recipient=st.sampled_from([None, "author", "colleague"]), minute=st.sampled_from(["", "agreed"]))
    def accept(self, recipient: str | None, minute: str) -> None:
        self.attempt(lambda: self.hospital.accept(self.case_id, recipient, minute))

    @rule()
    def send_back(self) -> None:
        self.attempt(lambda: self.hospital.send_back(self.case_id, "look again"))

    @rule(who=st.sampled_from(["author", "colleague"]))
    def acknowledge(self, who: str) -> None:
        self.attempt(lambda: self.hospital.acknowledge(self.case_id, "thanks", who))

    @invariant()
    def a_committed_read_is_what_it_was_and_its_patient_too(self) -> None:
        with self.store.unit(write=False) as unit:
            assert unit.reads.of_case(self.case_id) == self.committed
            if self.committed is not None:
                known = unit.studies.get("1.2.3.100")
                assert known is not None
                signed_for = unit.reads.patient_of(self.committed.read_id)
                assert known.patient.identifier == signed_for.identifier

    @invariant()
    def nobody_sees_a_report_before_their_commit(self) -> None:
        case = self._case()
        if case.reader_id is not None:
            who = next(n for n, p in self.hospital.people.items() if p.user_id == case.reader_id)
            view = self.hospital.view(self.case_id, who)
            assert (view.report is not None) == (self.committed is not None)
            assert bool(view.rows) == (self.committed is not None)

    @invariant()
    def nobody_reads_or_is_offered_their_own_report(self) -> None:
        case = self._case()
        with self.store.unit(write=False) as unit:
            authors = unit.reports.author_ids(case.study_uid)
            for who in ("reader", "other"):
                person = self.hospital[who]
                if person.physician_id in authors and case.state.is_blind:
                    assert case.reader_id != person.user_id
                    assert worklist(unit, person, self.hospital.now) == ()

    @invariant()
    def the_audit_trail_is_whole(self) -> None:
        with self.store.unit(write=False) as unit:
            assert unit.audit.verify().intact

    def _case(self) -> Case:
        return self.hospital.case()

    def _history_follows_the_machine(self, history: Iterable[CaseEvent]) -> None:
        state = CaseState.RECEIVED
        for event in history:
            if event.event in STEPS:
                assert TRANSITIONS[state, Event(event.event)] is event.state
            state = event.state


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_invariants_hold_whatever_happens(migrated_sqlite: Path) -> None:
    AnyOrder.template = migrated_sqlite
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

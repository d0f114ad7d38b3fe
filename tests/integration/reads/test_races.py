"""Two at once: one is first, the other is told so plainly."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from reads.model.case import CaseState
from reads.model.errors import Conflict, SecondReadError
from reads.model.read import BlindRead, Draft
from reads.store import Store
from tests.hospital import Hospital, key, message, study

AT_ONCE = 4
T = TypeVar("T")


@pytest.fixture
def hospital(store: Store) -> Hospital:
    return Hospital(store)


def all_at_once(steps: list[Callable[[], T]]) -> list[T | SecondReadError]:
    """Run the steps in threads that start together; what each gave or raised."""
    barrier = threading.Barrier(len(steps))

    def run(step: Callable[[], T]) -> T | SecondReadError:
        barrier.wait()
        try:
            return step()
        except SecondReadError as error:
            return error

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_of_readers_racing_for_a_case_one_wins_and_the_others_are_told(hospital: Hospital) -> None:
    case_id = hospital.ready()
    for n in range(AT_ONCE):
        hospital.add_reader(f"racer{n}", f"R-{n}")
    ended = all_at_once([lambda n=n: hospital.claim(case_id, f"racer{n}") for n in range(AT_ONCE)])  # type: ignore[misc]
    lost = [e for e in ended if isinstance(e, SecondReadError)]
    assert len(lost) == AT_ONCE - 1
    assert {type(e) for e in lost} == {Conflict}
    assert {e.message for e in lost} == {f"Another reader has taken case {case_id} already. Choose the next one."}
    assert hospital.case().state is CaseState.READING


def test_the_same_commit_sent_several_times_at_once_signs_one_read(hospital: Hospital) -> None:
    case_id = hospital.reading()
    revision = hospital.save(case_id, Draft(no_abnormality=True)).revision
    act = key()
    ended = all_at_once([lambda: hospital.commit(case_id, revision, act)] * AT_ONCE)
    assert all(isinstance(e, BlindRead) for e in ended)
    assert len({e.read_id for e in ended if isinstance(e, BlindRead)}) == 1


def test_a_study_and_its_report_that_arrive_together_find_each_other(hospital: Hospital) -> None:
    steps: list[Callable[[], object]] = []
    for n in range(AT_ONCE):
        one, report = study(f"1.2.3.{n + 500}", accession=f"A-{n}"), message(accession=f"A-{n}", filler_order=f"F-{n}")
        steps += [lambda s=one: hospital.study_comes(s), lambda r=report: hospital.report_comes(r)]  # type: ignore[misc]
    assert not [e for e in all_at_once(steps) if isinstance(e, SecondReadError)]
    states = {hospital.case(f"1.2.3.{n + 500}").state for n in range(AT_ONCE)}
    assert states == {CaseState.READY}


def test_versions_that_arrive_together_get_numbers_of_their_own(hospital: Hospital) -> None:
    ended = all_at_once([lambda: hospital.report_comes(message()) for _ in range(AT_ONCE)])
    assert sorted(e.version for e in ended if not isinstance(e, SecondReadError)) == [1, 2, 3, 4]


def test_the_audit_chain_holds_when_many_write_at_once(hospital: Hospital) -> None:
    all_at_once([lambda: hospital.report_comes(message()) for _ in range(AT_ONCE)])
    with hospital.store.unit(write=False) as unit:
        assert unit.audit.verify().intact

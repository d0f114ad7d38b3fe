"""Accounts: one-time passwords, wrong guesses, sessions that end."""

import re
from datetime import timedelta

import argon2
import pytest
from argon2 import PasswordHasher

from reads.model.errors import Conflict, Invalid, NotAllowed
from reads.model.people import Person, Role
from reads.store import Store
from reads.workflow import people
from tests.hospital import NOW, Hospital

GOOD = "a long enough sentence"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little; the real cost has a test of its own."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(people, "hasher", lambda: cheap)


def test_a_password_costs_a_guesser_what_rfc_9106_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    parameters = argon2.extract_parameters(people.hasher().hash("x"))
    assert parameters.type is argon2.Type.ID
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3


def add(store: Store, username: str = "anna") -> tuple[Person, str]:
    with store.unit() as unit:
        return people.add_person(unit, username, [Role.SECOND_READER], "Anna", "DOC-5", NOW)


def test_a_new_account_signs_in_with_its_one_time_password(store: Store) -> None:
    person, password = add(store)
    assert people.authenticate(store, "anna", password, NOW) == person
    with store.unit(write=False) as unit:
        credentials = unit.people.credentials(person.user_id)
        assert people.password_expires_at(unit, person.user_id) == NOW + timedelta(hours=72)
    assert credentials is not None
    assert credentials.password_hash.startswith("$argon2id$")
    assert password not in credentials.password_hash


def test_a_one_time_password_can_be_read_aloud() -> None:
    made = {people.one_time_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        assert re.fullmatch(r"[2-9B-DF-HJKMNP-TV-XZ]{4}(-[2-9B-DF-HJKMNP-TV-XZ]{4}){3}", password)


def test_a_one_time_password_ends_after_three_days_unless_its_owner_chose_another(store: Store) -> None:
    person, password = add(store)
    late = NOW + timedelta(hours=72)
    with pytest.raises(NotAllowed, match="too old"):
        people.authenticate(store, "anna", password, late)
    people.change_password(store, person, password, GOOD, NOW)
    assert people.authenticate(store, "anna", GOOD, late + timedelta(days=400)) == person
    with pytest.raises(NotAllowed):
        people.authenticate(store, "anna", password, NOW)


def test_wrong_guesses_are_counted_and_slowed_down(store: Store) -> None:
    person, password = add(store)
    for _ in range(people.FREE_FAILURES):
        with pytest.raises(NotAllowed, match="wrong"):
            people.authenticate(store, "anna", "a guess", NOW)
    with pytest.raises(NotAllowed, match="Wait"):
        people.authenticate(store, "anna", password, NOW)
    later = NOW + timedelta(seconds=people.FIRST_WAIT_S)
    with pytest.raises(NotAllowed, match="wrong"):
        people.authenticate(store, "anna", "a guess", later)
    with pytest.raises(NotAllowed, match="Wait"):
        people.authenticate(store, "anna", password, later + timedelta(seconds=people.FIRST_WAIT_S))
    much_later = later + timedelta(seconds=people.LONGEST_WAIT_S)
    assert people.authenticate(store, "anna", password, much_later) == person
    with store.unit(write=False) as unit:
        credentials = unit.people.credentials(person.user_id)
        outcomes = [e.outcome for e in unit.audit.entries() if e.event == "User Authentication: login"]
    assert credentials is not None
    assert credentials.failures == 0
    assert outcomes == ["failure"] * 6 + ["success"]


def test_an_unknown_name_a_closed_account_and_a_wrong_password_say_the_same(sqlite_store: Store) -> None:
    person, password = add(sqlite_store)
    admin = Hospital(sqlite_store)["admin"]
    with sqlite_store.unit() as unit:
        people.set_active(unit, admin, person.user_id, False, NOW)
    told = set()
    for username, guess in (("nobody", password), ("anna", password), ("anna", "x" * 600)):
        with pytest.raises(NotAllowed) as refused:
            people.authenticate(sqlite_store, username, guess, NOW)
        told.add(refused.value.message)
    assert len(told) == 1


def test_a_new_password_ends_all_sessions(sqlite_store: Store) -> None:
    person, password = add(sqlite_store)
    with sqlite_store.unit() as unit:
        unit.sessions.add("a" * 64, person.user_id, "csrf", NOW)
    people.change_password(sqlite_store, person, password, GOOD, NOW)
    with sqlite_store.unit() as unit:
        first = unit.sessions.get("a" * 64)
        unit.sessions.add("b" * 64, person.user_id, "csrf", NOW)
        people.reset_password(unit, person.user_id, NOW)
        second = unit.sessions.get("b" * 64)
    assert first is not None
    assert first.revoked_at == NOW
    assert second is not None
    assert second.revoked_at == NOW


@pytest.mark.parametrize("new", ["short", "x" * 600, "anna likes radiology"])
def test_a_weak_password_is_refused(sqlite_store: Store, new: str) -> None:
    person, password = add(sqlite_store)
    with pytest.raises(Invalid) as refused:
        people.change_password(sqlite_store, person, password, new, NOW)
    assert refused.value.field == "new"


def test_a_user_name_is_plain_and_taken_once(sqlite_store: Store) -> None:
    add(sqlite_store)
    with pytest.raises(Conflict):
        add(sqlite_store)
    for bad in ("Anna", "", "a b", "<script>", "x" * 65):
        with pytest.raises(Invalid):
            add(sqlite_store, bad)


def test_only_an_administrator_closes_accounts(sqlite_store: Store) -> None:
    hospital = Hospital(sqlite_store)
    with sqlite_store.unit() as unit, pytest.raises(NotAllowed):
        people.set_active(unit, hospital["lead"], hospital["reader"].user_id, False, NOW)

"""Migrations, transactions, the quality store and the audit trail on both databases."""

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import StatementError

from reads.audit import AuditEvent
from reads.model.errors import Retriable
from reads.store import Store
from reads.store.audit import AuditTrail
from reads.store.database import make_engine
from reads.store.documents import DocumentDamaged
from reads.store.migrations import downgrade, upgrade
from reads.store.tables import metadata
from tests.hospital import NOW, Hospital, study


@pytest.fixture
def hospital(store: Store) -> Hospital:
    return Hospital(store)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("empty_postgresql_url"))
    return f"sqlite:///{tmp_path_factory.mktemp('empty')}/reads.sqlite"


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_twice_does_nothing(empty_url: str) -> None:
    Store.migrate(empty_url)
    Store.migrate(empty_url)
    with closing(Store.open(empty_url)) as opened, opened.unit() as unit:
        assert unit.people.all() == ()


def test_empty_tables_can_go_and_come_back(empty_url: str) -> None:
    engine = make_engine(empty_url)
    upgrade(engine)
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_going_back_over_records_is_refused_and_loses_nothing(empty_url: str) -> None:
    engine = make_engine(empty_url)
    upgrade(engine)
    Hospital(Store(engine)).study_comes()
    with pytest.raises(RuntimeError, match="holds records"):
        downgrade(engine, "base")
    with Store(engine).unit(write=False) as unit:
        assert unit.studies.get("1.2.3.100") is not None
    engine.dispose()


def test_an_exception_rolls_everything_back(store: Store) -> None:
    def fail_half_way() -> None:
        with store.unit() as unit:
            unit.studies.put(study())
            unit.audit.record(AuditEvent.STUDY_CHANGED, None, "study", "1.2.3.100", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with store.unit(write=False) as unit:
        assert unit.studies.get("1.2.3.100") is None
        assert unit.audit.verify().entries == 0


def test_a_database_that_cannot_be_reached_may_be_tried_again() -> None:
    absent = Store.open("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Retriable), absent.unit():
        pytest.fail("there is no database")


def test_times_come_back_as_the_same_moment_in_utc(store: Store) -> None:
    moment = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with store.unit() as unit:
        unit.studies.put(study(first_seen=moment))
    with store.unit(write=False) as unit:
        back = unit.studies.get("1.2.3.100")
    assert back is not None
    assert back.first_seen == moment
    assert back.first_seen is not None
    assert back.first_seen.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError), store.unit() as unit:
        unit.studies.put(study(first_seen=datetime(2026, 3, 2)))  # noqa: DTZ001


def test_an_error_of_the_database_never_shows_what_was_written(hospital: Hospital) -> None:
    with pytest.raises(Exception, match="people") as shown, hospital.store.unit() as unit:
        unit.people.add("reader", "Very Secret Name", (), "", "!", None, NOW)
    assert "Secret" not in str(shown.value)


def test_the_first_document_of_a_kind_and_version_stays(hospital: Hospital) -> None:
    case_id = hospital.discrepant()
    with hospital.store.unit() as unit:
        first = unit.documents.put(case_id, "report", "application/pdf", b"one", NOW)
        assert unit.documents.put(case_id, "report", "application/pdf", b"another", NOW) == first
        second = unit.documents.put(case_id, "report", "application/pdf", b"two", NOW, version=2)
        assert unit.documents.get(case_id, "report") == second
        assert unit.documents.get(case_id, "report", 1) == first
        assert unit.documents.data(first.document_id) == b"one"
        assert unit.documents.list(case_id) == (first, second)
        assert unit.documents.get(case_id, "other") is None


def test_a_damaged_document_is_not_given_out(hospital: Hospital, database_url: str) -> None:
    case_id = hospital.discrepant()
    with hospital.store.unit() as unit:
        kept = unit.documents.put(case_id, "report", "application/pdf", b"one", NOW)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        without_triggers(connection, "documents")
        connection.execute(text("UPDATE documents SET data = :data"), {"data": b"other"})
        connection.commit()
    engine.dispose()
    with hospital.store.unit(write=False) as unit, pytest.raises(DocumentDamaged):
        unit.documents.data(kept.document_id)


def test_a_session_is_ended_on_the_server(hospital: Hospital) -> None:
    reader = hospital["reader"].user_id
    with hospital.store.unit() as unit:
        unit.sessions.add("a" * 64, reader, "csrf", NOW)
        unit.sessions.add("b" * 64, reader, "csrf", NOW)
        unit.sessions.touch("a" * 64, NOW + timedelta(minutes=5))
        unit.sessions.revoke("b" * 64, NOW)
        first, second = unit.sessions.get("a" * 64), unit.sessions.get("b" * 64)
        assert first is not None
        assert (first.last_seen_at, first.revoked_at) == (NOW + timedelta(minutes=5), None)
        assert second is not None
        assert second.revoked_at == NOW
        unit.sessions.revoke_all(reader, NOW)
        assert unit.sessions.purge(NOW + timedelta(minutes=1)) == 1
        assert unit.sessions.get("b" * 64) is None


EDITS = [
    "UPDATE audit SET actor_name = 'nobody' WHERE number = {n}",
    "UPDATE audit SET actor_id = 99 WHERE number = {n}",
    "UPDATE audit SET event = 'nothing' WHERE number = {n}",
    "UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE number = {n}",
    "UPDATE audit SET object_id = 'other' WHERE number = {n}",
    "UPDATE audit SET outcome = 'failed' WHERE number = {n}",
    "UPDATE audit SET detail = '{{\"x\": 1}}' WHERE number = {n}",
    "DELETE FROM audit WHERE number = {n}",
    "DELETE FROM audit WHERE number >= {n}",
    "UPDATE audit SET digest = previous WHERE number = {n}",
    "UPDATE audit SET number = number + 1000 WHERE number = {n}",
]


def test_a_hundred_random_edits_of_the_audit_trail_are_all_found(hospital: Hospital, database_url: str) -> None:
    hospital.discrepant()
    chance = random.Random(16)
    engine = create_engine(database_url)
    for number in range(100):
        with engine.connect() as connection:
            without_triggers(connection, "audit")
            last = connection.execute(text("SELECT max(number) FROM audit")).scalar_one()
            edit = EDITS[number % len(EDITS)].format(n=chance.randint(1, last))
            connection.execute(text(edit))
            assert not AuditTrail(connection).verify().intact, edit
            connection.rollback()
    engine.dispose()
    with hospital.store.unit(write=False) as unit:
        assert unit.audit.verify().intact


def test_no_patient_is_named_in_the_audit_trail(hospital: Hospital) -> None:
    case_id = hospital.discrepant()
    hospital.accept(case_id)
    hospital.acknowledge(case_id)
    with hospital.store.unit(write=False) as unit:
        written = repr(list(unit.audit.entries()))
    assert "TEST^PATIENT" not in written
    assert "P-100" not in written
    assert "SMITH" not in written


def without_triggers(connection: Connection, table: str) -> None:
    """Make a table as editable as it is for somebody who owns the database."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    else:
        connection.execute(text("BEGIN"))
        connection.execute(text(f"DROP TRIGGER {table}_no_update"))
        connection.execute(text(f"DROP TRIGGER {table}_no_delete"))

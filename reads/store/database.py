"""The database: how it is opened, how a transaction begins and ends, and the repositories that share one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import InterfaceError, OperationalError

from reads.model.errors import Retriable
from reads.store.audit import AuditTrail
from reads.store.cases import Cases
from reads.store.documents import Documents
from reads.store.drafts import Drafts
from reads.store.feedback import FeedbackRecords
from reads.store.ledgers import Ledgers
from reads.store.outbox import Outbox
from reads.store.people import People
from reads.store.reads import Reads
from reads.store.reports import Reports
from reads.store.sessions import Sessions
from reads.store.studies import Studies

BUSY_TIMEOUT_MS = 10_000
"""How long a SQLite writer waits for another one."""
_WRITE = "second_read_write"


class DatabaseBusy(Retriable):
    """The database could not be reached, or another transaction was in the way."""


class Unit:
    """One transaction and its repositories."""

    def __init__(self, connection: Connection, writing: bool) -> None:
        self._connection = connection
        self.writing = writing
        self.people = People(connection)
        self.sessions = Sessions(connection)
        self.studies = Studies(connection)
        self.reports = Reports(connection)
        self.cases = Cases(connection, lock=writing)
        self.reads = Reads(connection)
        self.drafts = Drafts(connection)
        self.ledgers = Ledgers(connection)
        self.feedback = FeedbackRecords(connection)
        self.documents = Documents(connection)
        self.outbox = Outbox(connection)
        self.audit = AuditTrail(connection)

    def take_turns(self, name: str) -> None:
        """Let only one transaction at a time go past here, until it ends.

        On SQLite a write transaction is alone anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


class Store:
    """The reads database of an installation. Open one a process; it is safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database at an SQLAlchemy URL. Connects late and migrates nothing."""
        return cls(make_engine(url))

    @staticmethod
    def migrate(url: str) -> None:
        """Bring the tables of the database to the newest form (Alembic). Doing it twice does nothing."""
        from reads.store.migrations import upgrade

        engine = make_engine(url)
        try:
            upgrade(engine)
        finally:
            engine.dispose()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def unit(self, write: bool = True) -> Iterator[Unit]:
        """One transaction: committed at a clean exit, rolled back on an exception.

        Raises
        ------
        DatabaseBusy
            If the database cannot be reached or stays locked. The transaction did not happen; the same call may work.
        """
        options: dict[str, Any] = {_WRITE: write}
        if not write and self._engine.dialect.name == "postgresql":
            options["postgresql_readonly"] = True
        try:
            with self._engine.connect() as bare, bare.execution_options(**options) as connection, connection.begin():
                unit = Unit(connection, writing=write)
                yield unit
                unit.audit.write_pending()
        except (OperationalError, InterfaceError) as error:
            raise DatabaseBusy("The database is busy or not reachable. Try again in a moment.") from error


def make_engine(url: str) -> Engine:
    """An engine for the URL, its connections set up; parameters never appear in errors, for they hold patient data."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions begin too late (at the first INSERT) and deferred; ours begin in _begin_sqlite.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a report is acknowledged after its commit: that commit must survive a power cut
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads, then writes, can fail at once with SQLITE_BUSY; an immediate one waits.
    writing = connection.get_execution_options().get(_WRITE, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

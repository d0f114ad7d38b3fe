"""Real databases for tests: a SQLite file or a fresh PostgreSQL database, with all migrations done.

Named as a plugin in ``tests/conftest.py``. The PostgreSQL server is started once a session, on loopback, when the first
test asks for it. PostgreSQL refuses to run as root: then it is run as the user ``postgres``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from reads.store import Store

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
START_DEADLINE_S = 60


class PostgresServer:
    """A PostgreSQL server of its own in a temporary folder."""

    def __init__(self) -> None:
        self._as_postgres = os.geteuid() == 0
        self._folder = Path(tempfile.mkdtemp(prefix="second-read-postgres-"))
        if self._as_postgres:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self._template = ""

    def start(self) -> None:
        """Make the data folder and start the server."""
        self._run("initdb", "-D", self._data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder} -c fsync=off -c full_page_writes=off"
        self._run(
            "pg_ctl", "start", "-w", "-t", str(START_DEADLINE_S), "-D", self._data, "-o", options,
            "-l", str(self._folder / "log"),
        )  # fmt: skip

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", self._data)
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/{database}"

    def new_database(self, migrated: bool) -> str:
        """A fresh database; gives its URL. Migrated ones are copies of one that was migrated once."""
        if migrated and not self._template:
            self._template = self._create("template1")
            Store.migrate(self.url(self._template))
        return self.url(self._create(self._template if migrated else "template1"))

    def drop(self, url: str) -> None:
        """Remove a database."""
        self._administer(f'DROP DATABASE "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _create(self, template: str) -> str:
        name = f"test_{uuid.uuid4().hex[:16]}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _administer(self, command: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(command))
        engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if self._as_postgres else []
        # The server inherits what it is started with: a pipe that it keeps open would never end.
        with open(self._folder.parent / f"{self._folder.name}.out", "w+b") as output:
            done = subprocess.run(
                [*as_user, str(PROGRAMS / program), *arguments], stdout=output, stderr=output, cwd="/", check=False
            )
            output.seek(0)
            said = output.read().decode(errors="replace")
        Path(output.name).unlink()
        if done.returncode:
            raise RuntimeError(f"{program} failed: {said}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this session."""
    server = PostgresServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    url = postgres_server.new_database(migrated=True)
    yield url
    postgres_server.drop(url)


@pytest.fixture
def empty_postgresql_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    url = postgres_server.new_database(migrated=False)
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that was migrated once; tests take copies."""
    path = tmp_path_factory.mktemp("sqlite") / "reads.sqlite"
    Store.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    path = tmp_path / "reads.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store on a fresh database of each kind."""
    opened = Store.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """The store on a fresh SQLite database, for rules that no database makes different."""
    opened = Store.open(sqlite_url)
    yield opened
    opened.close()

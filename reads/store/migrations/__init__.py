"""The versions of the tables, and how a database is brought to one of them (Alembic)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

_FOLDER = Path(__file__).parent


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision; all of it or nothing."""
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the tables back to an earlier revision; refused by a revision that would lose records."""
    _run(engine, lambda config: command.downgrade(config, revision))


def _run(engine: Engine, do: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two processes that start together migrate one after the other
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('second read migrations'))"))
        config.attributes["connection"] = connection
        do(config)

"""Jobs to start, written in the transaction that makes them necessary; the worker picks them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from reads.store.tables import outbox


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One job to start. ``key`` makes its effect happen once."""

    entry_id: int
    kind: str
    key: str
    payload: dict[str, Any]
    added_at: datetime


class Outbox:
    """The jobs that wait to be started."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, kind: str, key: str, payload: dict[str, Any], now: datetime) -> None:
        """Ask for a job; the same kind and key a second time asks for nothing."""
        known = select(outbox.c.entry_id).where(outbox.c.kind == kind, outbox.c.key == key)
        if self._connection.execute(known).first() is not None:
            return
        self._connection.execute(
            insert(outbox).values(kind=kind, key=key, payload=payload, added_at=now, is_dispatched=False)
        )

    def waiting(self, limit: int = 100) -> tuple[OutboxEntry, ...]:
        """Jobs that nobody has started, oldest first."""
        query = select(outbox).where(outbox.c.is_dispatched.is_(False)).order_by(outbox.c.entry_id).limit(limit)
        return tuple(
            OutboxEntry(row["entry_id"], row["kind"], row["key"], row["payload"], row["added_at"])
            for row in self._connection.execute(query).mappings()
        )

    def dispatched(self, entry_id: int) -> None:
        """Record that the job is in the hands of the job system."""
        self._connection.execute(update(outbox).where(outbox.c.entry_id == entry_id).values(is_dispatched=True))

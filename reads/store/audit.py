"""The audit trail in the database: entries are chained and written as the last thing of a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from reads.audit import FIRST, AuditCheck, AuditEntry, AuditEvent, digest_of, verify
from reads.model.people import Person
from reads.store.tables import audit, audit_head

_HEAD = 1


class AuditTrail:
    """The audit entries.

    Entries wait until the transaction is about to commit: the chain's head is the one row that all writers need, and it
    is locked last and briefly.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pending: list[AuditEntry] = []

    def record(
        self,
        event: AuditEvent,
        actor: Person | None,
        object_kind: str,
        object_id: str,
        now: datetime,
        outcome: str = "success",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Add an entry to this transaction. ``detail`` is JSON and holds no patient's name."""
        self._pending.append(
            AuditEntry(
                number=0,
                at=now.astimezone(UTC),
                event=event.value,
                actor_id=actor.user_id if actor else None,
                actor_name=actor.username if actor else "",
                object_kind=object_kind,
                object_id=object_id,
                outcome=outcome,
                detail=detail or {},
                previous="",
                digest="",
            )
        )

    def write_pending(self) -> None:
        """Chain and write the entries of this transaction."""
        if not self._pending:
            return
        number, last = self._head(lock=True)
        for entry in self._pending:
            number += 1
            chained = replace(entry, number=number, previous=last)
            last = digest_of(chained)
            self._connection.execute(
                insert(audit).values({c.name: getattr(chained, c.name) for c in audit.c} | {"digest": last})
            )
        self._pending.clear()
        self._connection.execute(update(audit_head).where(audit_head.c.one == _HEAD).values(number=number, digest=last))

    def entries(self) -> Iterator[AuditEntry]:
        """All entries that are committed, in order."""
        query = select(audit).order_by(audit.c.number).execution_options(yield_per=500)
        with self._connection.execute(query) as rows:
            for row in rows.mappings():
                yield AuditEntry(**row)

    def head(self) -> tuple[int, str]:
        """Number and digest of the last entry; keep it elsewhere to prove that the chain was not written anew."""
        return self._head(lock=False)

    def verify(self) -> AuditCheck:
        """Look for an edit."""
        return verify(self.entries(), self.head())

    def _head(self, lock: bool) -> tuple[int, str]:
        query = select(audit_head.c.number, audit_head.c.digest).where(audit_head.c.one == _HEAD)
        row = self._connection.execute(query.with_for_update() if lock else query).first()
        return (0, FIRST) if row is None else (int(row.number), str(row.digest))

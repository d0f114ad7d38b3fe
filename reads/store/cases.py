"""Cases and their history. A change is refused when somebody else changed the case meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from reads.model.case import Case, CaseState, Source
from reads.model.errors import Conflict
from reads.model.machine import Event
from reads.store.tables import case_events, cases


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One step in the life of a case. ``event`` is ``opened``, ``marked`` or a value of the state machine's events."""

    case_id: str
    revision: int
    event: str
    state: CaseState
    at: datetime
    by_user: int | None
    reason: str


class Cases:
    """The cases.

    With ``lock`` a case that is read stays locked until the transaction ends, so that the second of two racing writers
    sees what the first one did.
    """

    def __init__(self, connection: Connection, lock: bool) -> None:
        self._connection = connection
        self._lock = lock

    def add(self, case: Case, now: datetime, by_user: int | None = None) -> None:
        """Add a new case."""
        self._connection.execute(insert(cases).values(_columns(case)))
        self._record(case, "opened", now, by_user, "")

    def get(self, case_id: str) -> Case | None:
        """The case of this id."""
        query = select(cases).where(cases.c.case_id == case_id)
        if self._lock:
            query = query.with_for_update()
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _case(row)

    def exists(self, case_id: str) -> bool:
        """Whether the id is taken."""
        return self._connection.execute(select(cases.c.case_id).where(cases.c.case_id == case_id)).first() is not None

    def save(
        self,
        case: Case,
        event: Event | str,
        now: datetime,
        by_user: int | None = None,
        reason: str = "",
    ) -> None:
        """Write a case that has advanced by one revision, and what happened.

        Raises
        ------
        Conflict
            If the case in the database is not at the revision before.
        """
        changed = self._connection.execute(
            update(cases)
            .where(cases.c.case_id == case.case_id, cases.c.revision == case.revision - 1)
            .values(_columns(case))
        ).rowcount
        if changed != 1:
            raise Conflict(f"Somebody else changed case {case.case_id} meanwhile. Open it again.")
        self._record(case, str(event), now, by_user, reason)

    def of_study(self, study_uid: str) -> tuple[Case, ...]:
        """All cases of a study, oldest first."""
        query = select(cases).where(cases.c.study_uid == study_uid).order_by(cases.c.opened_at, cases.c.case_id)
        if self._lock:
            query = query.with_for_update()
        return tuple(_case(row) for row in self._connection.execute(query).mappings())

    def in_states(self, states: Iterable[CaseState]) -> tuple[Case, ...]:
        """All cases in these states, by due date."""
        query = (
            select(cases)
            .where(cases.c.state.in_([s.value for s in states]))
            .order_by(cases.c.due_at.nulls_last(), cases.c.opened_at, cases.c.case_id)
        )
        return tuple(_case(row) for row in self._connection.execute(query).mappings())

    def of_reader(self, reader_id: int) -> tuple[Case, ...]:
        """All cases that a second reader has or had to the end, by due date."""
        query = (
            select(cases)
            .where(cases.c.reader_id == reader_id)
            .order_by(cases.c.due_at.nulls_last(), cases.c.opened_at, cases.c.case_id)
        )
        return tuple(_case(row) for row in self._connection.execute(query).mappings())

    def history(self, case_id: str) -> tuple[CaseEvent, ...]:
        """What happened to a case, in order."""
        query = select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.revision)
        return tuple(
            CaseEvent(
                case_id=row["case_id"],
                revision=row["revision"],
                event=row["event"],
                state=CaseState(row["state"]),
                at=row["at"],
                by_user=row["by_user"],
                reason=row["reason"],
            )
            for row in self._connection.execute(query).mappings()
        )

    def _record(self, case: Case, event: str, now: datetime, by_user: int | None, reason: str) -> None:
        self._connection.execute(
            insert(case_events).values(
                case_id=case.case_id,
                revision=case.revision,
                event=event,
                state=case.state.value,
                at=now,
                by_user=by_user,
                reason=reason,
            )
        )


def _columns(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "study_uid": case.study_uid,
        "state": case.state.value,
        "source": case.source.value,
        "blind": case.blind,
        "scheme": case.scheme,
        "opened_at": case.opened_at,
        "report_id": case.report_id,
        "reader_id": case.reader_id,
        "due_at": case.due_at,
        "claimed_at": case.claimed_at,
        "closed_at": case.closed_at,
        "newer_report_id": case.newer_report_id,
        "revision": case.revision,
    }


def _case(row: RowMapping) -> Case:
    return Case(**(dict(row) | {"state": CaseState(row["state"]), "source": Source(row["source"])}))

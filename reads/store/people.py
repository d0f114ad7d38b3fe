"""Accounts, their roles, and what guards their passwords."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from reads.model.people import Person, Role
from reads.store.tables import people, person_roles


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in is checked against. ``password_expires_at`` is set while the password is a one-time one."""

    user_id: int
    password_hash: str
    password_expires_at: datetime | None
    failures: int
    locked_until: datetime | None


class People:
    """The accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        username: str,
        display_name: str,
        roles: Iterable[Role],
        physician_id: str,
        password_hash: str,
        password_expires_at: datetime | None,
        now: datetime,
    ) -> Person:
        """Add an account."""
        user_id = self._connection.execute(
            insert(people)
            .values(
                username=username,
                display_name=display_name,
                physician_id=physician_id,
                active=True,
                created_at=now,
                password_hash=password_hash,
                password_expires_at=password_expires_at,
                failures=0,
            )
            .returning(people.c.user_id)
        ).scalar_one()
        self._connection.execute(
            insert(person_roles), [{"user_id": user_id, "role": role.value} for role in sorted(set(roles))]
        )
        return Person(user_id, username, display_name, frozenset(roles), physician_id)

    def get(self, user_id: int) -> Person | None:
        """The account of this id."""
        return self._one(people.c.user_id == user_id)

    def by_username(self, username: str) -> Person | None:
        """The account of this user name."""
        return self._one(people.c.username == username)

    def by_physician(self, physician_id: str) -> Person | None:
        """The first active account of the person with this hospital id; an empty id is nobody."""
        if not physician_id:
            return None
        return self._one((people.c.physician_id == physician_id) & people.c.active)

    def all(self) -> tuple[Person, ...]:
        """All accounts by user name."""
        rows = self._connection.execute(select(people).order_by(people.c.username)).mappings()
        return tuple(self._person(row) for row in rows.all())

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """The active accounts that hold a role, by display name."""
        held = (p for p in self.all() if p.active and role in p.roles)
        return tuple(sorted(held, key=lambda p: p.display_name))

    def set_active(self, user_id: int, active: bool) -> None:
        """Let an account in, or keep it out."""
        self._connection.execute(update(people).where(people.c.user_id == user_id).values(active=active))

    def credentials(self, user_id: int) -> Credentials | None:
        """What a log-in of this account is checked against."""
        row = self._connection.execute(select(people).where(people.c.user_id == user_id)).mappings().first()
        if row is None:
            return None
        return Credentials(
            row["user_id"], row["password_hash"], row["password_expires_at"], row["failures"], row["locked_until"]
        )

    def set_password(self, user_id: int, password_hash: str, expires_at: datetime | None) -> None:
        """Set a new password and forget the failures."""
        self._connection.execute(
            update(people)
            .where(people.c.user_id == user_id)
            .values(password_hash=password_hash, password_expires_at=expires_at, failures=0, locked_until=None)
        )

    def set_failures(self, user_id: int, failures: int, locked_until: datetime | None) -> None:
        """Record how often log-in has failed in a row."""
        self._connection.execute(
            update(people).where(people.c.user_id == user_id).values(failures=failures, locked_until=locked_until)
        )

    def add_failure(self, user_id: int) -> int:
        """Count one more failure; the number now. Exact also when guesses come side by side."""
        self._connection.execute(
            update(people).where(people.c.user_id == user_id).values(failures=people.c.failures + 1)
        )
        return int(self._connection.execute(select(people.c.failures).where(people.c.user_id == user_id)).scalar_one())

    def _one(self, condition: object) -> Person | None:
        query = select(people).where(condition).order_by(people.c.user_id)  # type: ignore[arg-type]
        row = self._connection.execute(query).mappings().first()
        return None if row is None else self._person(row)

    def _person(self, row: RowMapping) -> Person:
        roles = self._connection.execute(
            select(person_roles.c.role).where(person_roles.c.user_id == row["user_id"])
        ).scalars()
        return Person(
            user_id=row["user_id"],
            username=row["username"],
            display_name=row["display_name"],
            roles=frozenset(Role(r) for r in roles),
            physician_id=row["physician_id"],
            active=row["active"],
        )

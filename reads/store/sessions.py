"""Log-in sessions as rows, so that one can be ended on the server. Only the hash of a token is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from reads.store.tables import sessions


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One log-in. ``token_hash`` is the SHA-256 (hex) of what the cookie holds."""

    token_hash: str
    user_id: int
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None = None


class Sessions:
    """The log-in sessions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token_hash: str, user_id: int, csrf: str, now: datetime) -> SessionRow:
        """Begin a session."""
        row = SessionRow(token_hash, user_id, csrf, now, now)
        self._connection.execute(
            insert(sessions).values(
                token_hash=token_hash, user_id=user_id, csrf=csrf, created_at=now, last_seen_at=now, revoked_at=None
            )
        )
        return row

    def get(self, token_hash: str) -> SessionRow | None:
        """The session of this token hash, also when it is revoked."""
        row = self._connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).mappings().first()
        return None if row is None else SessionRow(**row)

    def touch(self, token_hash: str, now: datetime) -> None:
        """Record that the session was used."""
        self._connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(last_seen_at=now))

    def revoke(self, token_hash: str, now: datetime) -> None:
        """End a session."""
        self._connection.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash, sessions.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )

    def revoke_all(self, user_id: int, now: datetime) -> None:
        """End all sessions of an account."""
        self._connection.execute(
            update(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )

    def purge(self, before: datetime) -> int:
        """Forget sessions that were last used before a time; how many."""
        return self._connection.execute(delete(sessions).where(sessions.c.last_seen_at < before)).rowcount

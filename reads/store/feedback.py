"""What went to the original readers, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from reads.model.discrepancy import Feedback
from reads.model.read import Signature
from reads.store.tables import feedback
from reads.store.values import signature_columns, signature_of


@dataclass(frozen=True, slots=True)
class SentFeedback:
    """Feedback with who released it and the minute of the consensus, which may be empty."""

    feedback: Feedback
    sent_by: int
    minute: str


class FeedbackRecords:
    """The feedback of the cases, one for each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case_id: str, original_reader_id: int, sent_by: int, minute: str, now: datetime) -> None:
        """Send feedback."""
        self._connection.execute(
            insert(feedback).values(
                case_id=case_id,
                original_reader_id=original_reader_id,
                sent_at=now,
                sent_by=sent_by,
                minute=minute,
                reply="",
            )
        )

    def acknowledge(self, case_id: str, signature: Signature, reply: str) -> bool:
        """Record the answer; False when there is one already."""
        changed = self._connection.execute(
            update(feedback)
            .where(feedback.c.case_id == case_id, feedback.c.signed_at.is_(None))
            .values(reply=reply, **signature_columns(signature))
        ).rowcount
        return changed == 1

    def get(self, case_id: str) -> SentFeedback | None:
        """The feedback of a case."""
        row = self._connection.execute(select(feedback).where(feedback.c.case_id == case_id)).mappings().first()
        return None if row is None else _sent(row)

    def of_reader(self, original_reader_id: int) -> tuple[SentFeedback, ...]:
        """What went to an original reader, newest first."""
        query = (
            select(feedback)
            .where(feedback.c.original_reader_id == original_reader_id)
            .order_by(feedback.c.sent_at.desc(), feedback.c.case_id)
        )
        return tuple(_sent(row) for row in self._connection.execute(query).mappings())


def _sent(row: RowMapping) -> SentFeedback:
    return SentFeedback(
        Feedback(
            case_id=row["case_id"],
            original_reader_id=row["original_reader_id"],
            sent_at=row["sent_at"],
            acknowledged=None if row["signed_at"] is None else signature_of(row),
            reply=row["reply"],
        ),
        sent_by=row["sent_by"],
        minute=row["minute"],
    )

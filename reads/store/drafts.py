"""What a second reader has entered and not signed; kept when a case is given back, counted never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from reads.model.discrepancy import LedgerRow, Score
from reads.model.finding import Finding
from reads.model.plain import from_plain, to_plain
from reads.model.read import Draft, ImageQuality
from reads.store.tables import drafts


@dataclass(frozen=True, slots=True)
class LedgerDraft:
    """The comparison as far as it is filled in."""

    rows: tuple[LedgerRow, ...]
    score: Score | None


class Drafts:
    """The drafts, one for each case and reader."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, case_id: str, reader_id: int) -> Draft | None:
        """The draft of the read."""
        query = select(drafts).where(drafts.c.case_id == case_id, drafts.c.reader_id == reader_id)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        return Draft(
            findings=from_plain(tuple[Finding, ...], row["findings"]),
            no_abnormality=row["no_abnormality"],
            image_quality=ImageQuality(row["image_quality"]),
            annotations=row["annotations"],
            clock_s=row["clock_s"],
            revision=row["revision"],
        )

    def put(self, case_id: str, reader_id: int, draft: Draft, now: datetime) -> bool:
        """Write a draft whose revision is one more than the stored one; False when it is not."""
        values = {
            "findings": to_plain(draft.findings),
            "no_abnormality": draft.no_abnormality,
            "image_quality": draft.image_quality.value,
            "annotations": draft.annotations,
            "clock_s": draft.clock_s,
            "revision": draft.revision,
            "saved_at": now,
        }
        mine = (drafts.c.case_id == case_id, drafts.c.reader_id == reader_id)
        if draft.revision == 1 and self._connection.execute(select(drafts.c.revision).where(*mine)).first() is None:
            self._connection.execute(insert(drafts).values(case_id=case_id, reader_id=reader_id, **values))
            return True
        changed = self._connection.execute(
            update(drafts).where(*mine, drafts.c.revision == draft.revision - 1).values(values)
        ).rowcount
        return changed == 1

    def ledger(self, case_id: str, reader_id: int) -> LedgerDraft | None:
        """The draft of the comparison, if there is one."""
        query = select(drafts.c.ledger_rows, drafts.c.score).where(
            drafts.c.case_id == case_id, drafts.c.reader_id == reader_id
        )
        row = self._connection.execute(query).mappings().first()
        if row is None or row["ledger_rows"] is None:
            return None
        score = None if row["score"] is None else from_plain(Score, row["score"])
        return LedgerDraft(from_plain(tuple[LedgerRow, ...], row["ledger_rows"]), score)

    def put_ledger(self, case_id: str, reader_id: int, ledger: LedgerDraft, now: datetime) -> None:
        """Write the draft of the comparison beside the draft of the read."""
        self._connection.execute(
            update(drafts)
            .where(drafts.c.case_id == case_id, drafts.c.reader_id == reader_id)
            .values(
                ledger_rows=to_plain(ledger.rows),
                score=None if ledger.score is None else to_plain(ledger.score),
                saved_at=now,
            )
        )

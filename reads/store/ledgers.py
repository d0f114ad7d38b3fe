"""Signed comparisons: their rows, their score and the discrepancies in them. Rows are added and never changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select

from reads.model.codes import Code
from reads.model.discrepancy import Comparison, Discrepancy, LedgerRow, Score
from reads.store.tables import comparisons, discrepancies, ledger_rows
from reads.store.values import signature_columns, signature_of

TypeOf = Callable[[str], Code]
"""Gives the code of a discrepancy type."""


@dataclass(frozen=True, slots=True)
class SignedLedger:
    """A signed comparison and its place among those of its case (1, and more after it was sent back)."""

    version: int
    comparison: Comparison


class Ledgers:
    """The signed comparisons."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, comparison: Comparison, version: int, key: str, statement_texts: dict[int, str]) -> None:
        """Add a signed comparison, its rows, and a numbered discrepancy for each row that differs."""
        comparison_id = self._connection.execute(
            insert(comparisons)
            .values(
                case_id=comparison.case_id,
                version=version,
                read_id=comparison.read_id,
                report_id=comparison.report_id,
                idempotency_key=key,
                scheme=comparison.score.scheme,
                score=comparison.score.value,
                comment=comparison.score.comment,
                cause=comparison.score.cause,
                actionable=comparison.score.actionable,
                request_addendum=comparison.score.request_addendum,
                **signature_columns(comparison.signature),
            )
            .returning(comparisons.c.comparison_id)
        ).scalar_one()
        for position, row in enumerate(comparison.rows):
            place = {"comparison_id": comparison_id, "position": position}
            self._connection.execute(
                insert(ledger_rows).values(
                    statement=row.statement, finding=row.finding, verdict=row.verdict, note=row.note, **place
                )
            )
            if row.differs:
                text = "" if row.statement is None else statement_texts[row.statement]
                self._connection.execute(
                    insert(discrepancies).values(
                        case_id=comparison.case_id, type=row.verdict, statement_text=text, **place
                    )
                )

    def latest(self, case_id: str) -> SignedLedger | None:
        """The comparison of a case that counts: the last one signed."""
        query = select(comparisons).where(comparisons.c.case_id == case_id).order_by(comparisons.c.version.desc())
        return self._first(query)

    def by_key(self, key: str) -> SignedLedger | None:
        """The comparison that was signed with this key."""
        return self._first(select(comparisons).where(comparisons.c.idempotency_key == key))

    def discrepancies(self, case_id: str, type_of: TypeOf) -> tuple[Discrepancy, ...]:
        """The discrepancies of the comparison of a case that counts."""
        query = select(comparisons).where(comparisons.c.case_id == case_id).order_by(comparisons.c.version.desc())
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return ()
        found = self._connection.execute(
            _DISCREPANCIES.where(discrepancies.c.comparison_id == row["comparison_id"]).order_by(
                discrepancies.c.position
            )
        ).mappings()
        return tuple(_discrepancy(r, type_of) for r in found)

    def case_of(self, discrepancy_id: int) -> str | None:
        """The case of a discrepancy, also of one that a later comparison replaced."""
        query = select(discrepancies.c.case_id).where(discrepancies.c.discrepancy_id == discrepancy_id)
        return self._connection.execute(query).scalar()

    def _first(self, query: object) -> SignedLedger | None:
        row = self._connection.execute(query).mappings().first()  # type: ignore[call-overload]
        if row is None:
            return None
        rows = self._connection.execute(
            select(ledger_rows)
            .where(ledger_rows.c.comparison_id == row["comparison_id"])
            .order_by(ledger_rows.c.position)
        ).mappings()
        comparison = Comparison(
            case_id=row["case_id"],
            read_id=row["read_id"],
            report_id=row["report_id"],
            rows=tuple(LedgerRow(r["statement"], r["finding"], r["verdict"], r["note"]) for r in rows),
            score=Score(
                scheme=row["scheme"],
                value=row["score"],
                comment=row["comment"],
                cause=row["cause"],
                actionable=row["actionable"],
                request_addendum=row["request_addendum"],
            ),
            signature=signature_of(row),
        )
        return SignedLedger(row["version"], comparison)


_DISCREPANCIES = select(
    discrepancies.c.discrepancy_id,
    discrepancies.c.case_id,
    discrepancies.c.statement_text,
    ledger_rows.c.statement,
    ledger_rows.c.finding,
    ledger_rows.c.verdict,
    ledger_rows.c.note,
).join(ledger_rows)


def _discrepancy(row: RowMapping, type_of: TypeOf) -> Discrepancy:
    return Discrepancy(
        discrepancy_id=row["discrepancy_id"],
        case_id=row["case_id"],
        row=LedgerRow(row["statement"], row["finding"], row["verdict"], row["note"]),
        type=type_of(row["verdict"]),
        statement_text=row["statement_text"],
    )

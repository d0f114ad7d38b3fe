"""Original reports: every version as it came, never changed; only the study that it belongs to may be learned later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from reads.model.report import Author, AuthorRole, OriginalReport, ReportMessage, ReportSection, ReportStatus, Statement
from reads.store.tables import report_authors, report_sections, reports, statements
from reads.store.values import patient_columns, patient_of


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report version without its words and its authors.

    ``named_study_uid`` is the study that the message named; ``study_uid`` the one it is bound to, empty while held.
    """

    report_id: str
    received_order: int
    facility: str
    accession: str
    filler_order: str
    version: int
    patient_identifier: str
    patient_issuer: str
    named_study_uid: str
    study_uid: str
    held_because: str
    status: ReportStatus
    received_at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two messages versions of one report."""
        return (self.facility, self.accession, self.filler_order)


class Reports:
    """The versions of the original reports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        report_id: str,
        message: ReportMessage,
        sections: tuple[ReportSection, ...],
        numbered: tuple[Statement, ...],
        raw: bytes,
        now: datetime,
    ) -> ReportSummary:
        """Add the next version of a report, held until it is bound. Callers take turns (``Unit.take_turns``)."""
        key = (
            reports.c.facility == message.facility,
            reports.c.accession == message.accession,
            reports.c.filler_order == message.filler_order,
        )
        last_version = self._connection.execute(select(func.max(reports.c.version)).where(*key)).scalar() or 0
        last_order = self._connection.execute(select(func.max(reports.c.received_order))).scalar() or 0
        self._connection.execute(
            insert(reports).values(
                report_id=report_id,
                received_order=last_order + 1,
                facility=message.facility,
                message_id=message.message_id,
                accession=message.accession,
                filler_order=message.filler_order,
                version=last_version + 1,
                named_study_uid=message.study_uid,
                study_uid=None,
                held_because="",
                status=message.status.value,
                procedure=message.procedure,
                reported_at=message.reported_at,
                received_at=now,
                raw=raw,
                pdf=message.pdf,
                **patient_columns(message.patient),
            )
        )
        self._add_parts(report_id, message.authors, sections, numbered)
        return self.summary(report_id)

    def _add_parts(
        self,
        report_id: str,
        authors: tuple[Author, ...],
        sections: tuple[ReportSection, ...],
        numbered: tuple[Statement, ...],
    ) -> None:
        for table, rows in (
            (
                report_authors,
                [
                    {"position": i, "identifier": a.identifier, "name": a.name, "role": a.role.value}
                    for i, a in enumerate(authors)
                ],
            ),
            (
                report_sections,
                [{"position": i, "code": s.code, "title": s.title, "text": s.text} for i, s in enumerate(sections)],
            ),
            (
                statements,
                [
                    {"number": s.number, "section": s.section, "start": s.start, "end": s.end, "text": s.text}
                    for s in numbered
                ],
            ),
        ):
            if rows:
                self._connection.execute(insert(table), [{"report_id": report_id} | row for row in rows])

    def by_message(self, facility: str, message_id: str) -> ReportSummary | None:
        """The version that this message made."""
        query = select(reports).where(reports.c.facility == facility, reports.c.message_id == message_id)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _summary(row)

    def summary(self, report_id: str) -> ReportSummary:
        """A version without its words."""
        row = self._connection.execute(select(reports).where(reports.c.report_id == report_id)).mappings().one()
        return _summary(row)

    def bind(self, report_id: str, study_uid: str) -> None:
        """Say which study a held version belongs to."""
        self._connection.execute(
            update(reports)
            .where(reports.c.report_id == report_id, reports.c.study_uid.is_(None))
            .values(study_uid=study_uid, held_because="")
        )

    def hold(self, report_id: str, why: str) -> None:
        """Say why a version waits."""
        self._connection.execute(
            update(reports)
            .where(reports.c.report_id == report_id, reports.c.study_uid.is_(None))
            .values(held_because=why)
        )

    def held(self) -> tuple[ReportSummary, ...]:
        """The versions that wait for their study, newest first."""
        query = select(reports).where(reports.c.study_uid.is_(None)).order_by(reports.c.received_order.desc())
        return tuple(_summary(row) for row in self._connection.execute(query).mappings())

    def held_for(self, study_uid: str, accession: str) -> tuple[ReportSummary, ...]:
        """The held versions that name a study or its accession number, in the order they came."""
        names_it = reports.c.named_study_uid == study_uid
        if accession:
            names_it = names_it | (reports.c.accession == accession)
        query = select(reports).where(reports.c.study_uid.is_(None), names_it).order_by(reports.c.received_order)
        return tuple(_summary(row) for row in self._connection.execute(query).mappings().all())

    def of_study(self, study_uid: str) -> tuple[ReportSummary, ...]:
        """The versions that belong to a study, in the order they came."""
        query = select(reports).where(reports.c.study_uid == study_uid).order_by(reports.c.received_order)
        return tuple(_summary(row) for row in self._connection.execute(query).mappings())

    def author_ids(self, study_uid: str) -> frozenset[str]:
        """The hospital ids of everybody who stands behind any version of a study's reports, in any role."""
        query = (
            select(report_authors.c.identifier)
            .join(reports, reports.c.report_id == report_authors.c.report_id)
            .where(reports.c.study_uid == study_uid, report_authors.c.identifier != "")
        )
        return frozenset(self._connection.execute(query).scalars())

    def studies_by_author(self, identifier: str) -> frozenset[str]:
        """The studies on whose reports somebody stands, in any role and version; nobody has the empty id."""
        if not identifier:
            return frozenset()
        query = (
            select(reports.c.study_uid)
            .join(report_authors, reports.c.report_id == report_authors.c.report_id)
            .where(report_authors.c.identifier == identifier, reports.c.study_uid.is_not(None))
        )
        return frozenset(self._connection.execute(query).scalars())

    def get(self, report_id: str) -> OriginalReport | None:
        """A version with everything in it."""
        row = self._connection.execute(select(reports).where(reports.c.report_id == report_id)).mappings().first()
        if row is None:
            return None
        return OriginalReport(
            report_id=report_id,
            version=row["version"],
            facility=row["facility"],
            accession=row["accession"],
            filler_order=row["filler_order"],
            patient=patient_of(row),
            study_uid=row["study_uid"] or "",
            status=ReportStatus(row["status"]),
            authors=self._authors(report_id),
            sections=self._sections(report_id),
            statements=self._statements(report_id),
            received_at=row["received_at"],
            reported_at=row["reported_at"],
            procedure=row["procedure"],
        )

    def raw(self, report_id: str) -> bytes:
        """The message as it came."""
        return bytes(
            self._connection.execute(select(reports.c.raw).where(reports.c.report_id == report_id)).scalar_one()
        )

    def pdf(self, report_id: str) -> bytes | None:
        """The PDF that the message held, if any."""
        data = self._connection.execute(select(reports.c.pdf).where(reports.c.report_id == report_id)).scalar_one()
        return None if data is None else bytes(data)

    def _authors(self, report_id: str) -> tuple[Author, ...]:
        query = (
            select(report_authors).where(report_authors.c.report_id == report_id).order_by(report_authors.c.position)
        )
        return tuple(
            Author(r["identifier"], r["name"], AuthorRole(r["role"]))
            for r in self._connection.execute(query).mappings()
        )

    def _sections(self, report_id: str) -> tuple[ReportSection, ...]:
        query = (
            select(report_sections).where(report_sections.c.report_id == report_id).order_by(report_sections.c.position)
        )
        return tuple(
            ReportSection(r["code"], r["title"], r["text"]) for r in self._connection.execute(query).mappings()
        )

    def _statements(self, report_id: str) -> tuple[Statement, ...]:
        query = select(statements).where(statements.c.report_id == report_id).order_by(statements.c.number)
        return tuple(
            Statement(r["number"], r["section"], r["start"], r["end"], r["text"])
            for r in self._connection.execute(query).mappings()
        )


def _summary(row: RowMapping) -> ReportSummary:
    return ReportSummary(
        report_id=row["report_id"],
        received_order=row["received_order"],
        facility=row["facility"],
        accession=row["accession"],
        filler_order=row["filler_order"],
        version=row["version"],
        patient_identifier=row["patient_identifier"],
        patient_issuer=row["patient_issuer"],
        named_study_uid=row["named_study_uid"],
        study_uid=row["study_uid"] or "",
        held_because=row["held_because"],
        status=ReportStatus(row["status"]),
        received_at=row["received_at"],
    )

"""Committed independent reads and their findings. Rows are added and never changed."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, insert, select

from reads.model.codes import Code, Side
from reads.model.errors import Permanent
from reads.model.finding import Certainty, Finding, ImageAnchor, Measurement
from reads.model.plain import from_plain, to_plain
from reads.model.read import BlindRead, ImageQuality
from reads.model.study import PatientIdentity
from reads.store.tables import findings, measurements, reads
from reads.store.values import code_columns, code_of, signature_columns, signature_of


class Reads:
    """The committed reads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, read: BlindRead, key: str, patient: PatientIdentity, ordinal: int = 1) -> None:
        """Add a committed read, with the identity of the patient under which it was signed."""
        self._connection.execute(
            insert(reads).values(
                read_id=read.read_id,
                case_id=read.case_id,
                ordinal=ordinal,
                reader_id=read.reader_id,
                idempotency_key=key,
                patient_identifier=patient.identifier,
                patient_issuer=patient.issuer,
                no_abnormality=read.no_abnormality,
                image_quality=read.image_quality.value,
                clock_s=read.clock_s,
                **signature_columns(read.signature),
            )
        )
        for finding in read.findings:
            self._add_finding(read.read_id, finding)

    def _add_finding(self, read_id: str, finding: Finding) -> None:
        self._connection.execute(
            insert(findings).values(
                read_id=read_id,
                number=finding.number,
                tracking_uid=finding.tracking_uid,
                side=finding.side.value,
                certainty=finding.certainty.value,
                anchor=None if finding.anchor is None else to_plain(finding.anchor),
                note=finding.note,
                **code_columns("what", finding.what),
                **code_columns("where", finding.where),
            )
        )
        rows = [
            {"read_id": read_id, "finding": finding.number, "position": i, "value": m.value, "unit": m.unit}
            | code_columns("concept", m.concept)
            for i, m in enumerate(finding.measurements)
        ]
        if rows:
            self._connection.execute(insert(measurements), rows)

    def of_case(self, case_id: str) -> BlindRead | None:
        """The first read of a case: the one that statistics use."""
        query = select(reads).where(reads.c.case_id == case_id).order_by(reads.c.ordinal)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else self._read(row)

    def by_key(self, key: str) -> BlindRead | None:
        """The read that was committed with this key."""
        row = self._connection.execute(select(reads).where(reads.c.idempotency_key == key)).mappings().first()
        return None if row is None else self._read(row)

    def patient_of(self, read_id: str) -> PatientIdentity:
        """Whose images the reader signed for: identifier and issuer at that time."""
        row = self._connection.execute(select(reads).where(reads.c.read_id == read_id)).mappings().one()
        return PatientIdentity(row["patient_identifier"], row["patient_issuer"])

    def _read(self, row: RowMapping) -> BlindRead:
        return BlindRead(
            read_id=row["read_id"],
            case_id=row["case_id"],
            reader_id=row["reader_id"],
            findings=self._findings(row["read_id"]),
            no_abnormality=row["no_abnormality"],
            image_quality=ImageQuality(row["image_quality"]),
            clock_s=row["clock_s"],
            signature=signature_of(row),
        )

    def _findings(self, read_id: str) -> tuple[Finding, ...]:
        query = select(findings).where(findings.c.read_id == read_id).order_by(findings.c.number)
        return tuple(
            Finding(
                number=row["number"],
                tracking_uid=row["tracking_uid"],
                what=_required(row, "what"),
                where=code_of(row, "where"),
                side=Side(row["side"]),
                certainty=Certainty(row["certainty"]),
                anchor=None if row["anchor"] is None else from_plain(ImageAnchor, row["anchor"]),
                measurements=self._measurements(read_id, row["number"]),
                note=row["note"],
            )
            for row in self._connection.execute(query).mappings().all()
        )

    def _measurements(self, read_id: str, finding: int) -> tuple[Measurement, ...]:
        query = (
            select(measurements)
            .where(measurements.c.read_id == read_id, measurements.c.finding == finding)
            .order_by(measurements.c.position)
        )
        return tuple(
            Measurement(_required(row, "concept"), row["value"], row["unit"])
            for row in self._connection.execute(query).mappings()
        )


def _required(row: RowMapping, prefix: str) -> Code:
    code = code_of(row, prefix)
    if code is None:
        raise Permanent(f"A finding in the database has no {prefix}.")
    return code

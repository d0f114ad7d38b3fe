"""Studies and their series as the archive last showed them."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from reads.model.study import Series, Study
from reads.store.tables import series, studies
from reads.store.values import patient_columns, patient_of


class Studies:
    """The studies that are known."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, study: Study) -> None:
        """Record a study as it is now, over what was known of it."""
        values = patient_columns(study.patient) | {
            "accession": study.accession,
            "studied_on": study.studied_on,
            "description": study.description,
            "stable": study.stable,
            "first_seen": study.first_seen,
            "last_seen": study.last_seen,
            "sender": study.sender,
        }
        changed = self._connection.execute(
            update(studies).where(studies.c.study_uid == study.study_uid).values(values)
        ).rowcount
        if not changed:
            self._connection.execute(insert(studies).values(study_uid=study.study_uid, **values))
        self._connection.execute(delete(series).where(series.c.study_uid == study.study_uid))
        rows = [
            {
                "series_uid": s.series_uid,
                "study_uid": study.study_uid,
                "position": position,
                "modality": s.modality,
                "description": s.description,
                "number": s.number,
                "body_part": s.body_part,
                "instances": s.instances,
            }
            for position, s in enumerate(study.series)
        ]
        if rows:
            self._connection.execute(insert(series), rows)

    def get(self, study_uid: str) -> Study | None:
        """The study of this UID."""
        row = self._connection.execute(select(studies).where(studies.c.study_uid == study_uid)).mappings().first()
        return None if row is None else self._study(row)

    def of_patient(self, identifier: str, issuer: str) -> tuple[Study, ...]:
        """All studies of a patient, newest first; an empty identifier is nobody."""
        if not identifier:
            return ()
        query = (
            select(studies)
            .where(studies.c.patient_identifier == identifier, studies.c.patient_issuer == issuer)
            .order_by(studies.c.studied_on.desc().nulls_last(), studies.c.study_uid)
        )
        return tuple(self._study(row) for row in self._connection.execute(query).mappings().all())

    def by_accession(self, accession: str) -> tuple[Study, ...]:
        """All studies with an accession number; an empty one is none."""
        if not accession:
            return ()
        query = select(studies).where(studies.c.accession == accession).order_by(studies.c.study_uid)
        return tuple(self._study(row) for row in self._connection.execute(query).mappings().all())

    def latest(self, limit: int) -> tuple[Study, ...]:
        """The studies that arrived last, newest first."""
        query = select(studies).order_by(studies.c.last_seen.desc().nulls_last(), studies.c.study_uid).limit(limit)
        return tuple(self._study(row) for row in self._connection.execute(query).mappings().all())

    def _study(self, row: RowMapping) -> Study:
        query = select(series).where(series.c.study_uid == row["study_uid"]).order_by(series.c.position)
        return Study(
            study_uid=row["study_uid"],
            patient=patient_of(row),
            accession=row["accession"],
            studied_on=row["studied_on"],
            description=row["description"],
            series=tuple(
                Series(
                    series_uid=s["series_uid"],
                    modality=s["modality"],
                    description=s["description"],
                    number=s["number"],
                    body_part=s["body_part"],
                    instances=s["instances"],
                )
                for s in self._connection.execute(query).mappings()
            ),
            stable=row["stable"],
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            sender=row["sender"],
        )

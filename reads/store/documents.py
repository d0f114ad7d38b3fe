"""The quality store: documents made from a case, with their digests. They never go to the clinical archive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select

from reads.model.errors import NotFound, Permanent
from reads.store.tables import documents


class DocumentDamaged(Permanent):
    """The bytes of a stored document are not those that were stored."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document without its bytes. ``digest`` is their SHA-256 (hex), ``size`` their number."""

    document_id: int
    case_id: str
    kind: str
    version: int
    media_type: str
    digest: str
    size: int
    made_at: datetime


_COLUMNS = [c for c in documents.c if c.name != "data"]


class Documents:
    """The documents of the cases."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self, case_id: str, kind: str, media_type: str, data: bytes, made_at: datetime, version: int = 1
    ) -> StoredDocument:
        """Keep a document. The first of a case, kind and version stays: storing again gives that one back."""
        known = self.get(case_id, kind, version)
        if known is not None:
            return known
        self._connection.execute(
            insert(documents).values(
                case_id=case_id,
                kind=kind,
                version=version,
                media_type=media_type,
                digest=hashlib.sha256(data).hexdigest(),
                size=len(data),
                made_at=made_at,
                data=data,
            )
        )
        stored = self.get(case_id, kind, version)
        if stored is None:
            raise NotFound("The document was not stored.")
        return stored

    def get(self, case_id: str, kind: str, version: int | None = None) -> StoredDocument | None:
        """The document of a case and kind, without its bytes; the latest version unless one is named."""
        query = select(*_COLUMNS).where(documents.c.case_id == case_id, documents.c.kind == kind)
        if version is not None:
            query = query.where(documents.c.version == version)
        row = self._connection.execute(query.order_by(documents.c.version.desc())).mappings().first()
        return None if row is None else _document(row)

    def list(self, case_id: str) -> tuple[StoredDocument, ...]:
        """All documents of a case, without their bytes."""
        query = select(*_COLUMNS).where(documents.c.case_id == case_id).order_by(documents.c.document_id)
        return tuple(_document(row) for row in self._connection.execute(query).mappings())

    def data(self, document_id: int) -> bytes:
        """The bytes of a document.

        Raises
        ------
        NotFound
            If there is no such document.
        DocumentDamaged
            If the bytes do not have the digest that was recorded.
        """
        query = select(documents.c.data, documents.c.digest).where(documents.c.document_id == document_id)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("There is no such document.")
        data = bytes(row["data"])
        if hashlib.sha256(data).hexdigest() != row["digest"]:
            raise DocumentDamaged(f"Document {document_id} is damaged: its digest differs. Restore it from a backup.")
        return data


def _document(row: RowMapping) -> StoredDocument:
    return StoredDocument(**{c.name: row[c.name] for c in _COLUMNS})

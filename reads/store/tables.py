"""Every table of the reads database. Times are UTC; enumerations are their values."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from reads.store.types import JsonText, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

UID = String(64)  # PS3.5 9.1
ID = String(32)
SHA256 = String(64)


def _patient() -> list[Column[object]]:
    return [
        Column("patient_identifier", String(255), nullable=False),
        Column("patient_issuer", String(255), nullable=False),
        Column("patient_name", String(512), nullable=False),
        Column("patient_birth_date", Date),
        Column("patient_sex", String(16), nullable=False),
    ]


def _signature(nullable: bool = False) -> list[Column[object]]:
    return [
        Column("signer_id", Integer, ForeignKey("people.user_id"), nullable=nullable),
        Column("signer_name", String(255), nullable=nullable),
        Column("signed_at", UtcTime, nullable=nullable),
        Column("meaning", String(64), nullable=nullable),
        Column("digest", SHA256, nullable=nullable),
    ]


people = Table(
    "people",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("display_name", String(255), nullable=False),
    Column("physician_id", String(255), nullable=False, index=True),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("password_expires_at", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("locked_until", UtcTime),
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("user_id", Integer, ForeignKey("people.user_id"), primary_key=True),
    Column("role", String(32), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", SHA256, primary_key=True),
    Column("user_id", Integer, ForeignKey("people.user_id"), nullable=False, index=True),
    Column("csrf", String(128), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

studies = Table(
    "studies",
    metadata,
    Column("study_uid", UID, primary_key=True),
    *_patient(),
    Column("accession", String(255), nullable=False, index=True),
    Column("studied_on", Date),
    Column("description", Text, nullable=False),
    Column("stable", Boolean, nullable=False),
    Column("first_seen", UtcTime),
    Column("last_seen", UtcTime),
    Column("sender", String(64), nullable=False),
    Index("ix_studies_patient", "patient_identifier", "patient_issuer"),
)

series = Table(
    "series",
    metadata,
    Column("series_uid", UID, primary_key=True),
    Column("study_uid", UID, ForeignKey("studies.study_uid"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("modality", String(16), nullable=False),
    Column("description", Text, nullable=False),
    Column("number", Integer),
    Column("body_part", String(64), nullable=False),
    Column("instances", Integer, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("report_id", ID, primary_key=True),
    Column("received_order", Integer, nullable=False, unique=True),
    Column("facility", String(255), nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("accession", String(255), nullable=False),
    Column("filler_order", String(255), nullable=False),
    Column("version", Integer, nullable=False),
    *_patient(),
    Column("named_study_uid", UID, nullable=False),
    Column("study_uid", UID, ForeignKey("studies.study_uid"), index=True),
    Column("held_because", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("procedure", Text, nullable=False),
    Column("reported_at", UtcTime),
    Column("received_at", UtcTime, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("pdf", LargeBinary),
    UniqueConstraint("facility", "accession", "filler_order", "version"),
    UniqueConstraint("facility", "message_id"),
)

report_authors = Table(
    "report_authors",
    metadata,
    Column("report_id", ID, ForeignKey("reports.report_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("identifier", String(255), nullable=False),
    Column("name", String(512), nullable=False),
    Column("role", String(32), nullable=False),
)

report_sections = Table(
    "report_sections",
    metadata,
    Column("report_id", ID, ForeignKey("reports.report_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("report_id", ID, ForeignKey("reports.report_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("section", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(8), primary_key=True),
    Column("study_uid", UID, ForeignKey("studies.study_uid"), nullable=False, index=True),
    Column("state", String(32), nullable=False, index=True),
    Column("source", String(16), nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("scheme", String(32), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("report_id", ID, ForeignKey("reports.report_id")),
    Column("reader_id", Integer, ForeignKey("people.user_id"), index=True),
    Column("due_at", UtcTime),
    Column("claimed_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("newer_report_id", ID, ForeignKey("reports.report_id")),
    Column("revision", Integer, nullable=False),
)

case_events = Table(
    "case_events",
    metadata,
    Column("case_id", String(8), ForeignKey("cases.case_id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("event", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("by_user", Integer, ForeignKey("people.user_id")),
    Column("reason", Text, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("case_id", String(8), ForeignKey("cases.case_id"), primary_key=True),
    Column("reader_id", Integer, ForeignKey("people.user_id"), primary_key=True),
    Column("findings", JsonText, nullable=False),
    Column("no_abnormality", Boolean, nullable=False),
    Column("image_quality", String(16), nullable=False),
    Column("annotations", Text, nullable=False),
    Column("clock_s", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("ledger_rows", JsonText),
    Column("score", JsonText),
    Column("saved_at", UtcTime, nullable=False),
)

reads = Table(
    "reads",
    metadata,
    Column("read_id", ID, primary_key=True),
    Column("case_id", String(8), ForeignKey("cases.case_id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("reader_id", Integer, ForeignKey("people.user_id"), nullable=False),
    Column("idempotency_key", String(64), nullable=False, unique=True),
    Column("patient_identifier", String(255), nullable=False),
    Column("patient_issuer", String(255), nullable=False),
    Column("no_abnormality", Boolean, nullable=False),
    Column("image_quality", String(16), nullable=False),
    Column("clock_s", Integer, nullable=False),
    *_signature(),
    UniqueConstraint("case_id", "ordinal"),
)

findings = Table(
    "findings",
    metadata,
    Column("read_id", ID, ForeignKey("reads.read_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("tracking_uid", UID, nullable=False, unique=True),
    Column("what_value", String(64), nullable=False),
    Column("what_scheme", String(32), nullable=False),
    Column("what_meaning", Text, nullable=False),
    Column("where_value", String(64)),
    Column("where_scheme", String(32)),
    Column("where_meaning", Text),
    Column("side", String(16), nullable=False),
    Column("certainty", String(16), nullable=False),
    Column("anchor", JsonText),
    Column("note", Text, nullable=False),
)

measurements = Table(
    "measurements",
    metadata,
    Column("read_id", ID, primary_key=True),
    Column("finding", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("concept_value", String(64), nullable=False),
    Column("concept_scheme", String(32), nullable=False),
    Column("concept_meaning", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("unit", String(32), nullable=False),
    ForeignKeyConstraint(["read_id", "finding"], ["findings.read_id", "findings.number"]),
)

comparisons = Table(
    "comparisons",
    metadata,
    Column("comparison_id", Integer, primary_key=True),
    Column("case_id", String(8), ForeignKey("cases.case_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("read_id", ID, ForeignKey("reads.read_id"), nullable=False),
    Column("report_id", ID, ForeignKey("reports.report_id"), nullable=False),
    Column("idempotency_key", String(64), nullable=False, unique=True),
    Column("scheme", String(32), nullable=False),
    Column("score", String(16), nullable=False),
    Column("comment", Text, nullable=False),
    Column("cause", String(16), nullable=False),
    Column("actionable", Integer),
    Column("request_addendum", Boolean, nullable=False),
    *_signature(),
    UniqueConstraint("case_id", "version"),
)

ledger_rows = Table(
    "ledger_rows",
    metadata,
    Column("comparison_id", Integer, ForeignKey("comparisons.comparison_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("statement", Integer),
    Column("finding", Integer),
    Column("verdict", String(16), nullable=False),
    Column("note", Text, nullable=False),
)

discrepancies = Table(
    "discrepancies",
    metadata,
    Column("discrepancy_id", Integer, primary_key=True),
    Column("comparison_id", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("case_id", String(8), ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("type", String(16), nullable=False, index=True),
    Column("statement_text", Text, nullable=False),
    ForeignKeyConstraint(["comparison_id", "position"], ["ledger_rows.comparison_id", "ledger_rows.position"]),
    UniqueConstraint("comparison_id", "position"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("case_id", String(8), ForeignKey("cases.case_id"), primary_key=True),
    Column("original_reader_id", Integer, ForeignKey("people.user_id"), nullable=False, index=True),
    Column("sent_at", UtcTime, nullable=False),
    Column("sent_by", Integer, ForeignKey("people.user_id"), nullable=False),
    Column("minute", Text, nullable=False),
    Column("reply", Text, nullable=False),
    *_signature(nullable=True),
)

documents = Table(
    "documents",
    metadata,
    Column("document_id", Integer, primary_key=True),
    Column("case_id", String(8), ForeignKey("cases.case_id"), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("digest", SHA256, nullable=False),
    Column("size", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "kind", "version"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("entry_id", Integer, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("key", String(128), nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("is_dispatched", Boolean, nullable=False, index=True),
    UniqueConstraint("kind", "key"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("event", String(64), nullable=False),
    Column("actor_id", Integer),
    Column("actor_name", String(64), nullable=False),
    Column("object_kind", String(32), nullable=False),
    Column("object_id", String(128), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("detail", JsonText, nullable=False),
    Column("previous", SHA256, nullable=False),
    Column("digest", SHA256, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("digest", SHA256, nullable=False),
)

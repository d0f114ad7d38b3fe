"""The first tables: people, studies, reports, cases, reads, comparisons, documents, jobs, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NEVER_CHANGED = (
    "report_authors",
    "report_sections",
    "statements",
    "case_events",
    "reads",
    "findings",
    "measurements",
    "comparisons",
    "ledger_rows",
    "discrepancies",
    "documents",
    "audit",
)
"""Tables whose rows are added and never changed or removed; the database itself refuses it."""

HOLDS_RECORDS = ("people", "studies", "reports", "audit")


def upgrade() -> None:
    """Make the tables, the head of the empty audit chain, and the triggers."""
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=128), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "outbox",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("is_dispatched", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_outbox_kind_key")),
    )
    op.create_index(op.f("ix_outbox_is_dispatched"), "outbox", ["is_dispatched"], unique=False)
    op.create_table(
        "people",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=255), nullable=False),
        sa.Column("physician_id", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("password_expires_at", sa.DateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_people")),
        sa.UniqueConstraint("username", name=op.f("uq_people_username")),
    )
    op.create_index(op.f("ix_people_physician_id"), "people", ["physician_id"], unique=False)
    op.create_table(
        "studies",
        sa.Column("study_uid", sa.String(length=64), nullable=False),
        sa.Column("patient_identifier", sa.String(length=255), nullable=False),
        sa.Column("patient_issuer", sa.String(length=255), nullable=False),
        sa.Column("patient_name", sa.String(length=512), nullable=False),
        sa.Column("patient_birth_date", sa.Date(), nullable=True),
        sa.Column("patient_sex", sa.String(length=16), nullable=False),
        sa.Column("accession", sa.String(length=255), nullable=False),
        sa.Column("studied_on", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("stable", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.DateTime(), nullable=True),
        sa.Column("last_seen", sa.DateTime(), nullable=True),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("study_uid", name=op.f("pk_studies")),
    )
    op.create_index(op.f("ix_studies_accession"), "studies", ["accession"], unique=False)
    op.create_index("ix_studies_patient", "studies", ["patient_identifier", "patient_issuer"], unique=False)
    op.create_table(
        "person_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["people.user_id"], name=op.f("fk_person_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_person_roles")),
    )
    op.create_table(
        "reports",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("received_order", sa.Integer(), nullable=False),
        sa.Column("facility", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("accession", sa.String(length=255), nullable=False),
        sa.Column("filler_order", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_identifier", sa.String(length=255), nullable=False),
        sa.Column("patient_issuer", sa.String(length=255), nullable=False),
        sa.Column("patient_name", sa.String(length=512), nullable=False),
        sa.Column("patient_birth_date", sa.Date(), nullable=True),
        sa.Column("patient_sex", sa.String(length=16), nullable=False),
        sa.Column("named_study_uid", sa.String(length=64), nullable=False),
        sa.Column("study_uid", sa.String(length=64), nullable=True),
        sa.Column("held_because", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=True),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["study_uid"], ["studies.study_uid"], name=op.f("fk_reports_study_uid")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "facility",
            "accession",
            "filler_order",
            "version",
            name=op.f("uq_reports_facility_accession_filler_order_version"),
        ),
        sa.UniqueConstraint("facility", "message_id", name=op.f("uq_reports_facility_message_id")),
        sa.UniqueConstraint("received_order", name=op.f("uq_reports_received_order")),
    )
    op.create_index(op.f("ix_reports_study_uid"), "reports", ["study_uid"], unique=False)
    op.create_table(
        "series",
        sa.Column("series_uid", sa.String(length=64), nullable=False),
        sa.Column("study_uid", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("body_part", sa.String(length=64), nullable=False),
        sa.Column("instances", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_uid"], ["studies.study_uid"], name=op.f("fk_series_study_uid")),
        sa.PrimaryKeyConstraint("series_uid", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_study_uid"), "series", ["study_uid"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["people.user_id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("study_uid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("newer_report_id", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["newer_report_id"], ["reports.report_id"], name=op.f("fk_cases_newer_report_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["people.user_id"], name=op.f("fk_cases_reader_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.report_id"], name=op.f("fk_cases_report_id")),
        sa.ForeignKeyConstraint(["study_uid"], ["studies.study_uid"], name=op.f("fk_cases_study_uid")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_reader_id"), "cases", ["reader_id"], unique=False)
    op.create_index(op.f("ix_cases_state"), "cases", ["state"], unique=False)
    op.create_index(op.f("ix_cases_study_uid"), "cases", ["study_uid"], unique=False)
    op.create_table(
        "report_authors",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.report_id"], name=op.f("fk_report_authors_report_id")),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_report_authors")),
    )
    op.create_table(
        "report_sections",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.report_id"], name=op.f("fk_report_sections_report_id")),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_report_sections")),
    )
    op.create_table(
        "statements",
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.report_id"], name=op.f("fk_statements_report_id")),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_statements")),
    )
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_user", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_user"], ["people.user_id"], name=op.f("fk_case_events_by_user")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_events_case_id")),
        sa.PrimaryKeyConstraint("case_id", "revision", name=op.f("pk_case_events")),
    )
    op.create_table(
        "documents",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_documents_case_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_documents")),
        sa.UniqueConstraint("case_id", "kind", "version", name=op.f("uq_documents_case_id_kind_version")),
    )
    op.create_table(
        "drafts",
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("no_abnormality", sa.Boolean(), nullable=False),
        sa.Column("image_quality", sa.String(length=16), nullable=False),
        sa.Column("annotations", sa.Text(), nullable=False),
        sa.Column("clock_s", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ledger_rows", sa.Text(), nullable=True),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_drafts_case_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["people.user_id"], name=op.f("fk_drafts_reader_id")),
        sa.PrimaryKeyConstraint("case_id", "reader_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "feedback",
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("original_reader_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("signer_name", sa.String(length=255), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("meaning", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_feedback_case_id")),
        sa.ForeignKeyConstraint(
            ["original_reader_id"], ["people.user_id"], name=op.f("fk_feedback_original_reader_id")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["people.user_id"], name=op.f("fk_feedback_sent_by")),
        sa.ForeignKeyConstraint(["signer_id"], ["people.user_id"], name=op.f("fk_feedback_signer_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_original_reader_id"), "feedback", ["original_reader_id"], unique=False)
    op.create_table(
        "reads",
        sa.Column("read_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("patient_identifier", sa.String(length=255), nullable=False),
        sa.Column("patient_issuer", sa.String(length=255), nullable=False),
        sa.Column("no_abnormality", sa.Boolean(), nullable=False),
        sa.Column("image_quality", sa.String(length=16), nullable=False),
        sa.Column("clock_s", sa.Integer(), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=False),
        sa.Column("signer_name", sa.String(length=255), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_reads_case_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["people.user_id"], name=op.f("fk_reads_reader_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["people.user_id"], name=op.f("fk_reads_signer_id")),
        sa.PrimaryKeyConstraint("read_id", name=op.f("pk_reads")),
        sa.UniqueConstraint("case_id", "ordinal", name=op.f("uq_reads_case_id_ordinal")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_reads_idempotency_key")),
    )
    op.create_table(
        "comparisons",
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("score", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("actionable", sa.Integer(), nullable=True),
        sa.Column("request_addendum", sa.Boolean(), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=False),
        sa.Column("signer_name", sa.String(length=255), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_comparisons_case_id")),
        sa.ForeignKeyConstraint(["read_id"], ["reads.read_id"], name=op.f("fk_comparisons_read_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.report_id"], name=op.f("fk_comparisons_report_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["people.user_id"], name=op.f("fk_comparisons_signer_id")),
        sa.PrimaryKeyConstraint("comparison_id", name=op.f("pk_comparisons")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_comparisons_case_id_version")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_comparisons_idempotency_key")),
    )
    op.create_table(
        "findings",
        sa.Column("read_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tracking_uid", sa.String(length=64), nullable=False),
        sa.Column("what_value", sa.String(length=64), nullable=False),
        sa.Column("what_scheme", sa.String(length=32), nullable=False),
        sa.Column("what_meaning", sa.Text(), nullable=False),
        sa.Column("where_value", sa.String(length=64), nullable=True),
        sa.Column("where_scheme", sa.String(length=32), nullable=True),
        sa.Column("where_meaning", sa.Text(), nullable=True),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("certainty", sa.String(length=16), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["read_id"], ["reads.read_id"], name=op.f("fk_findings_read_id")),
        sa.PrimaryKeyConstraint("read_id", "number", name=op.f("pk_findings")),
        sa.UniqueConstraint("tracking_uid", name=op.f("uq_findings_tracking_uid")),
    )
    op.create_table(
        "ledger_rows",
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=True),
        sa.Column("finding", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["comparisons.comparison_id"], name=op.f("fk_ledger_rows_comparison_id")
        ),
        sa.PrimaryKeyConstraint("comparison_id", "position", name=op.f("pk_ledger_rows")),
    )
    op.create_table(
        "measurements",
        sa.Column("read_id", sa.String(length=32), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("concept_value", sa.String(length=64), nullable=False),
        sa.Column("concept_scheme", sa.String(length=32), nullable=False),
        sa.Column("concept_meaning", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["read_id", "finding"],
            ["findings.read_id", "findings.number"],
            name=op.f("fk_measurements_read_id_finding"),
        ),
        sa.PrimaryKeyConstraint("read_id", "finding", "position", name=op.f("pk_measurements")),
    )
    op.create_table(
        "discrepancies",
        sa.Column("discrepancy_id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=8), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("statement_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_discrepancies_case_id")),
        sa.ForeignKeyConstraint(
            ["comparison_id", "position"],
            ["ledger_rows.comparison_id", "ledger_rows.position"],
            name=op.f("fk_discrepancies_comparison_id_position"),
        ),
        sa.PrimaryKeyConstraint("discrepancy_id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint("comparison_id", "position", name=op.f("uq_discrepancies_comparison_id_position")),
    )
    op.create_index(op.f("ix_discrepancies_case_id"), "discrepancies", ["case_id"], unique=False)
    op.create_index(op.f("ix_discrepancies_type"), "discrepancies", ["type"], unique=False)
    op.execute("INSERT INTO audit_head (one, number, digest) VALUES (1, 0, '" + "0" * 64 + "')")
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME; END $$"
        )
        for table in NEVER_CHANGED:
            op.execute(
                f"CREATE TRIGGER {table}_never_change BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in NEVER_CHANGED:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
            )


def downgrade() -> None:
    """Remove the tables; refused while they hold records."""
    for table in HOLDS_RECORDS:
        if op.get_bind().execute(sa.select(sa.literal(1)).select_from(sa.table(table)).limit(1)).first() is not None:
            raise RuntimeError(
                f"The table {table} holds records; going back would lose them. Restore a backup instead."
            )
    op.drop_index(op.f("ix_discrepancies_type"), table_name="discrepancies")
    op.drop_index(op.f("ix_discrepancies_case_id"), table_name="discrepancies")
    op.drop_table("discrepancies")
    op.drop_table("measurements")
    op.drop_table("ledger_rows")
    op.drop_table("findings")
    op.drop_table("comparisons")
    op.drop_table("reads")
    op.drop_index(op.f("ix_feedback_original_reader_id"), table_name="feedback")
    op.drop_table("feedback")
    op.drop_table("drafts")
    op.drop_table("documents")
    op.drop_table("case_events")
    op.drop_table("statements")
    op.drop_table("report_sections")
    op.drop_table("report_authors")
    op.drop_index(op.f("ix_cases_study_uid"), table_name="cases")
    op.drop_index(op.f("ix_cases_state"), table_name="cases")
    op.drop_index(op.f("ix_cases_reader_id"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_series_study_uid"), table_name="series")
    op.drop_table("series")
    op.drop_index(op.f("ix_reports_study_uid"), table_name="reports")
    op.drop_table("reports")
    op.drop_table("person_roles")
    op.drop_index("ix_studies_patient", table_name="studies")
    op.drop_index(op.f("ix_studies_accession"), table_name="studies")
    op.drop_table("studies")
    op.drop_index(op.f("ix_people_physician_id"), table_name="people")
    op.drop_table("people")
    op.drop_index(op.f("ix_outbox_is_dispatched"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("audit_head")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")

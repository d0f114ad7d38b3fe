"""Studies and reports come in, find each other, and become cases."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from reads.audit import AuditEvent
from reads.compare.sections import split
from reads.compare.statements import number_statements
from reads.model.case import BEFORE_REVEAL, Case, CaseState, Source
from reads.model.errors import Invalid
from reads.model.machine import Event, advance
from reads.model.report import Author, ReportMessage, ReportSection
from reads.model.study import PatientIdentity, Study
from reads.store import Unit
from reads.store.reports import ReportSummary
from reads.workflow.binding import bind_case
from reads.workflow.open_case import open_case
from reads.workflow.policy import IntakePolicy
from reads.workflow.views import ReportReceipt

TURN = "intake"
"""A study and its report that arrive at the same moment must see each other: intake goes one by one."""
NO_PICTURES = frozenset({"SR", "KO", "PR", "DOC", "REG", "SEG", "RTSTRUCT", "PLAN", "FID", "RWV", "AU"})
"""Modalities that alone are nothing to read."""
LONGEST_ID = 255

NO_STUDY = "No study with this Study Instance UID or accession number has arrived."
OTHER_PATIENT = "The study that it names belongs to another patient identifier."
SEVERAL = "Several studies have this accession number and the message names none of them."


def study_changed(unit: Unit, study: Study, policy: IntakePolicy, now: datetime) -> None:
    """Record a study as the archive holds it now; bind waiting reports; open, advance or cancel cases.

    Harmless when it is told the same again.
    """
    unit.take_turns(TURN)
    study = _keep_signed_identity(unit, study, now)
    if unit.studies.get(study.study_uid) != study:
        unit.studies.put(study)
    for report in unit.reports.held_for(study.study_uid, study.accession):
        _bind_report(unit, report)
    family = unit.studies.of_patient(study.patient.identifier, study.patient.issuer)
    _cancel_outdated(unit, study, family, now)
    cases = unit.cases.of_study(study.study_uid)
    for case in cases:
        bind_case(unit, case, now)
    readable = any(s.modality not in NO_PICTURES and s.instances for s in study.series)
    is_prior = any(is_newer(other, study) for other in family)
    if policy.open_cases and not cases and readable and not is_prior:
        open_case(unit, study.study_uid, Source.REQUESTED, policy, now)


def report_received(
    unit: Unit, message: ReportMessage, raw: bytes, policy: IntakePolicy, now: datetime
) -> ReportReceipt:
    """Keep a report as a new version, with the raw message, and bind it to its study or hold it.

    The same message (facility and control id) a second time changes nothing.

    Raises
    ------
    Invalid
        If an identifier of the message is missing or too long to be one.
    """
    unit.take_turns(TURN)
    message = _checked(message)
    known = unit.reports.by_message(message.facility, message.message_id)
    if known is not None:
        return ReportReceipt(known.report_id, known.version, repeated=True, held=not known.study_uid)
    sections = split(message.sections)
    report = unit.reports.add(uuid.uuid4().hex, message, sections, number_statements(sections), raw, now)
    study_uid = _bind_report(unit, report)
    unit.audit.record(
        AuditEvent.REPORT_RECEIVED,
        None,
        "report",
        report.report_id,
        now,
        detail={"version": report.version, "status": report.status.value, "held": not study_uid},
    )
    for case in unit.cases.of_study(study_uid) if study_uid else ():
        bind_case(unit, case, now)
    return ReportReceipt(report.report_id, report.version, repeated=False, held=not study_uid)


def is_newer(one: Study, other: Study) -> bool:
    """Whether a study is of a later day than another; an unknown day is neither later nor earlier."""
    if one.study_uid == other.study_uid or one.studied_on is None or other.studied_on is None:
        return False
    return one.studied_on > other.studied_on


def _bind_report(unit: Unit, report: ReportSummary) -> str:
    study, why = _study_of(unit, report)
    if study is None:
        unit.reports.hold(report.report_id, why)
        return ""
    unit.reports.bind(report.report_id, study.study_uid)
    return study.study_uid


def _study_of(unit: Unit, report: ReportSummary) -> tuple[Study | None, str]:
    """By Study Instance UID; else by accession number, if exactly one study has it. Never by a name.

    A message that names a study which is not here may still be matched by accession number, when both sides know the
    patient: some systems make UIDs of their own.
    """
    if report.named_study_uid:
        named = unit.studies.get(report.named_study_uid)
        if named is not None:
            return (named, "") if _same_patient(report, named.patient) else (None, OTHER_PATIENT)
    candidates = unit.studies.by_accession(report.accession)
    fitting = [s for s in candidates if _same_patient(report, s.patient, must_be_known=bool(report.named_study_uid))]
    if len(fitting) == 1:
        return fitting[0], ""
    if len(fitting) > 1:
        return None, SEVERAL
    return None, OTHER_PATIENT if candidates else NO_STUDY


def _same_patient(report: ReportSummary, patient: PatientIdentity, must_be_known: bool = False) -> bool:
    if not report.patient_identifier or not patient.identifier:
        return not must_be_known
    same_issuer = not report.patient_issuer or not patient.issuer or report.patient_issuer == patient.issuer
    return report.patient_identifier == patient.identifier and same_issuer


def _cancel_outdated(unit: Unit, study: Study, family: tuple[Study, ...], now: datetime) -> None:
    for older in family:
        if is_newer(study, older):
            for case in unit.cases.of_study(older.study_uid):
                if case.state in (CaseState.RECEIVED, CaseState.READY) and not _was_opened(unit, case):
                    cancelled = advance(case, Event.CANCEL, now)
                    unit.cases.save(cancelled, Event.CANCEL, now, reason="arrived as a prior of a newer study")
                    unit.audit.record(AuditEvent.CASE_CANCELLED, None, "case", case.case_id, now)


def _was_opened(unit: Unit, case: Case) -> bool:
    return any(event.event == Event.OPEN for event in unit.cases.history(case.case_id))


def _keep_signed_identity(unit: Unit, study: Study, now: datetime) -> Study:
    """The study under the identity it had when somebody began to read it: that changes by a merge, never silently."""
    known = unit.studies.get(study.study_uid)
    if known is None or _identity(known.patient) == _identity(study.patient):
        return study
    in_use = [
        c for c in unit.cases.of_study(study.study_uid) if c.state not in BEFORE_REVEAL or c.reader_id is not None
    ]
    unit.audit.record(AuditEvent.PATIENT_DIFFERS, None, "study", study.study_uid, now, detail={"kept": bool(in_use)})
    return replace(study, patient=known.patient) if in_use else study


def _identity(patient: PatientIdentity) -> tuple[str, str]:
    return (patient.identifier, patient.issuer)


def _checked(message: ReportMessage) -> ReportMessage:
    if not message.message_id:
        raise Invalid("The message has no control id (MSH-10).", "MSH-10")
    for field, value in (
        ("MSH-4", message.facility),
        ("MSH-10", message.message_id),
        ("PID-3", message.patient.identifier),
        ("PID-3.4", message.patient.issuer),
        ("OBR-18", message.accession),
        ("OBR-3", message.filler_order),
        *(("OBR-32", author.identifier) for author in message.authors),
    ):
        if len(value) > LONGEST_ID:
            raise Invalid(f"{field} is longer than {LONGEST_ID} characters.", field)
    if len(message.study_uid) > 64:
        raise Invalid("The Study Instance UID is longer than 64 characters.", "ZDS-1")
    patient = message.patient
    return replace(
        message,
        patient=replace(patient, name=_text(patient.name)[:512], sex=patient.sex[:16]),
        authors=tuple(Author(a.identifier.strip(), _text(a.name)[:512], a.role) for a in message.authors),
        sections=tuple(ReportSection(s.code[:32], _text(s.title), _text(s.text)) for s in message.sections),
        procedure=_text(message.procedure),
    )


def _text(text: str) -> str:
    return text.replace("\x00", "")  # PostgreSQL keeps no NUL

"""What has come in, for the PACS administrator and the quality lead: no report text, no author."""

from __future__ import annotations

from reads.model.access import Permission
from reads.model.people import Person
from reads.model.study import Study
from reads.store import Unit
from reads.workflow.guards import require
from reads.workflow.views import Arrivals, ArrivingStudy, HeldReport

LATEST = 200


def arrivals(unit: Unit, actor: Person) -> Arrivals:
    """The latest studies, each with its report's status and its case, and the reports that wait for a study."""
    require(actor, Permission.SEE_ARRIVALS)
    return Arrivals(
        studies=tuple(_study(unit, study) for study in unit.studies.latest(LATEST)),
        held=tuple(
            HeldReport(
                report_id=report.report_id,
                facility=report.facility,
                accession=report.accession,
                patient_identifier=report.patient_identifier,
                status=report.status,
                received_at=report.received_at,
                why=report.held_because,
            )
            for report in unit.reports.held()[:LATEST]
        ),
    )


def _study(unit: Unit, study: Study) -> ArrivingStudy:
    versions = unit.reports.of_study(study.study_uid)
    cases = unit.cases.of_study(study.study_uid)
    return ArrivingStudy(
        study_uid=study.study_uid,
        accession=study.accession,
        patient_identifier=study.patient.identifier,
        modalities=study.modalities,
        description=study.description,
        studied_on=study.studied_on,
        instances=study.instances,
        stable=study.stable,
        last_seen=study.last_seen,
        sender=study.sender,
        report_status=versions[-1].status if versions else None,
        report_versions=len(versions),
        case_id=cases[-1].case_id if cases else None,
        case_state=cases[-1].state if cases else None,
    )

"""A signed case made by code: one anchored finding of each shape, statements, a ledger, a score."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

from pydicom.dataset import Dataset

from reads.documents.read_back import in_the_patient
from reads.model.case import Case, CaseState, Source
from reads.model.codes import Code, Side
from reads.model.discrepancy import Comparison, Discrepancy, LedgerRow, Score
from reads.model.finding import AnchorKind, Certainty, Finding, ImageAnchor, Measurement
from reads.model.read import BlindRead, ImageQuality, Meaning, Signature
from reads.model.report import Author, AuthorRole, OriginalReport, ReportSection, ReportStatus, Statement
from reads.model.scheme import Scheme, ScoreOption
from reads.model.study import PatientIdentity, Series, Study
from reads.workflow.views import Dossier

NODULE = Code("27925004", "SCT", "Nodule")
LEFT_LUNG = Code("39607008", "SCT", "Lung structure")
LENGTH = Code("410668003", "SCT", "Length")
AREA = Code("42798000", "SCT", "Area")
SENTENCES = ("The lungs are clear.", "The heart is of normal size.", "No pleural effusion.")
AT = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)


def anchor(image: Dataset, kind: AnchorKind, points: tuple[tuple[float, float], ...], frame: int = 1) -> ImageAnchor:
    return ImageAnchor(
        series_uid=str(image.SeriesInstanceUID),
        sop_uid=str(image.SOPInstanceUID),
        sop_class_uid=str(image.SOPClassUID),
        frame=frame,
        kind=kind,
        points=points,
        world=in_the_patient(points, image),
        frame_of_reference_uid=str(image.get("FrameOfReferenceUID") or ""),
    )


def finding(number: int, place: ImageAnchor | None, note: str = "", *measurements: Measurement) -> Finding:
    return Finding(
        number=number,
        tracking_uid=f"2.25.9000{number}",
        what=NODULE,
        where=LEFT_LUNG,
        side=Side.LEFT,
        certainty=Certainty.PROBABLE,
        anchor=place,
        measurements=measurements,
        note=note,
    )


def findings_on(image: Dataset, frame: int = 1) -> tuple[Finding, ...]:
    """A length, an ellipse, a point and one without a place; words that a careless writer would lose."""
    length = anchor(image, AnchorKind.LENGTH, ((40.25, 24.5), (52.0, 39.125)), frame)
    ellipse = anchor(image, AnchorKind.ELLIPSE, ((10.5, 20.5), (14.5, 20.5), (12.5, 12.5), (12.5, 28.5)), frame)
    point = anchor(image, AnchorKind.POINT, ((33.3333, 20.0001),), frame)
    return (
        finding(1, length, "Rundherd, größer als vorher; 結節 <b>", Measurement(LENGTH, 18.763333333333335, "mm")),
        finding(2, ellipse, "", Measurement(AREA, 0.5026548245743669, "cm2")),
        finding(3, point, "line one\nline two, back\\slash " + "long " * 400),
        Finding(4, "2.25.90004", NODULE, None, Side.BILATERAL, Certainty.POSSIBLE),
    )


def dossier(
    image: Dataset, findings: tuple[Finding, ...], score: str = "2a", comment: str = "Seen in retrospect."
) -> Dossier:
    miss = Code("MISS", "99SECREAD", "Missed finding (under-call)")
    over = Code("OVER", "99SECREAD", "Over-call (finding not present)")
    rows = tuple(
        LedgerRow(1 if f.number == 1 else None, f.number, "MISS", "not mentioned" if f.number == 1 else "")
        for f in findings
    )
    rows += (LedgerRow(2, None, "AGREE"), LedgerRow(3, None, "OVER", "there is a small one"))
    if not findings:
        rows, score = tuple(LedgerRow(n, None, "AGREE") for n in (1, 2, 3)), "1"
    text = " ".join(SENTENCES)
    starts = [text.index(s) for s in SENTENCES]
    options = (
        ScoreOption("1", Code("RP1", "99SECREAD", "RADPEER 1"), "1", "Concur with interpretation", False, None, False),
        ScoreOption(
            "2a",
            Code("RP2A", "99SECREAD", "RADPEER 2a"),
            "2a",
            "Discrepancy, not ordinarily expected to be made; unlikely to be clinically significant",
            True,
            False,
            False,
        ),
    )
    patient = PatientIdentity("CANARY-17", "HOSP", "Ωμέγα^Canary", date(1950, 1, 2), "F")
    differing = tuple(
        Discrepancy(
            i + 1, "4F2K", r, over if r.verdict == "OVER" else miss, SENTENCES[r.statement - 1] if r.statement else ""
        )
        for i, r in enumerate(r for r in rows if r.differs)
    )

    def signed(meaning: Meaning) -> Signature:
        content = repr((meaning, findings, rows, score, comment, str(image.SOPInstanceUID)))
        return Signature(7, "Dr. Åsa Öberg", AT, meaning, hashlib.sha256(content.encode()).hexdigest())

    study = Study(
        str(image.StudyInstanceUID),
        patient,
        accession="CANARY-ACC",
        studied_on=date(2024, 5, 3),
        description="CT Thorax",
        series=(Series(str(image.SeriesInstanceUID), str(image.Modality), instances=1),),
        stable=True,
    )
    return Dossier(
        case=Case("4F2K", study.study_uid, CaseState.TRIAGE, Source.REQUESTED, True, "radpeer2016", AT, "r1", 7),
        study=study,
        priors=(),
        report=OriginalReport(
            "r1",
            1,
            "HOSP",
            "CANARY-ACC",
            "FO-1",
            patient,
            study.study_uid,
            ReportStatus.FINAL,
            (Author("D9", "Author^Canary", AuthorRole.PRINCIPAL),),
            (ReportSection("59776-5", "Findings", text),),
            tuple(
                Statement(i + 1, 0, s, s + len(t), t) for i, (s, t) in enumerate(zip(starts, SENTENCES, strict=True))
            ),
            AT,
            AT,
            "CT Thorax",
        ),
        read=BlindRead(
            "read-1", "4F2K", 7, findings, not findings, ImageQuality.DIAGNOSTIC, 143, signed(Meaning.INDEPENDENT_READ)
        ),
        comparison=Comparison(
            "4F2K",
            "read-1",
            "r1",
            rows,
            Score("radpeer2016", score, comment if score != "1" else "", "KM04" if score != "1" else "", None),
            signed(Meaning.COMPARISON_AND_SCORE),
        ),
        comparison_version=1,
        discrepancies=differing,
        scheme=Scheme("radpeer2016", "RADPEER-style 2016", options),
        option=next(o for o in options if o.value == score),
        feedback=None,
    )

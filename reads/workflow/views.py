"""What the use cases hand to pages and jobs: views without what their reader must not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reads.model.case import Case, CaseState, Source
from reads.model.discrepancy import Comparison, Discrepancy, Feedback, LedgerRow, Score
from reads.model.finding import Finding
from reads.model.people import Person
from reads.model.read import BlindRead, Draft
from reads.model.report import OriginalReport, ReportSection, ReportStatus, Statement
from reads.model.scheme import Scheme, ScoreOption
from reads.model.study import Study


class Step(StrEnum):
    """Which page of a case its second reader is on."""

    READ = "read"
    COMPARE = "compare"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class WorklistItem:
    """One line of a second reader's worklist: no patient name, no author, no word of the report."""

    case_id: str
    state: CaseState
    modalities: tuple[str, ...]
    description: str
    studied_on: date | None
    sex: str
    age_years: int | None
    body_part: str
    images: int
    report_arrived: bool
    has_priors: bool
    due_at: datetime | None
    mine: bool
    can_open: bool


@dataclass(frozen=True, slots=True)
class Position:
    """The place of a case in its reader's list, 1-based."""

    index: int
    of: int


@dataclass(frozen=True, slots=True)
class RevealedReport:
    """The original report as others than its authors see it: words, status, times; authors' names are blacked out."""

    status: ReportStatus
    version: int
    reported_at: datetime | None
    received_at: datetime
    sections: tuple[ReportSection, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A case as its second reader may see it now.

    ``report`` is None and ``rows`` empty until the independent read is committed (invariant 2). A row whose verdict is
    empty is a proposed pair that the reader has not judged yet. ``comparison`` is the signed one.
    """

    case: Case
    step: Step
    study: Study
    priors: tuple[Study, ...]
    scheme: Scheme
    draft: Draft
    read: BlindRead | None
    report: RevealedReport | None
    rows: tuple[LedgerRow, ...]
    score: Score | None
    comparison: Comparison | None
    newer_report: bool
    returned_because: str
    position: Position | None
    next_case_id: str | None
    age_years: int | None
    signer_name: str


@dataclass(frozen=True, slots=True)
class ReportReceipt:
    """What became of a report message. ``held``: no study of it is known yet, or it does not fit the patient."""

    report_id: str
    version: int
    repeated: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one compared case, for the documents. Stays in the quality store: it names the authors."""

    case: Case
    study: Study
    priors: tuple[Study, ...]
    report: OriginalReport
    read: BlindRead
    comparison: Comparison
    comparison_version: int
    discrepancies: tuple[Discrepancy, ...]
    scheme: Scheme
    option: ScoreOption
    feedback: Feedback | None

    def finding(self, number: int | None) -> Finding | None:
        """The finding of this number, or None."""
        return next((f for f in self.read.findings if f.number == number), None)


@dataclass(frozen=True, slots=True)
class TriageItem:
    """One case that waits for the quality lead."""

    case_id: str
    modalities: tuple[str, ...]
    description: str
    studied_on: date | None
    score: Score
    option: ScoreOption
    discrepancies: int
    scored_at: datetime
    newer_report: bool


@dataclass(frozen=True, slots=True)
class TriageView:
    """A discrepant case as the quality lead sees it.

    ``needs_minute``: the score counts only after a consensus, so accepting it demands a written minute.
    ``recipient``: the account of the report's principal author, if there is one.
    """

    case: Case
    study: Study
    report: RevealedReport
    read: BlindRead
    comparison: Comparison
    discrepancies: tuple[Discrepancy, ...]
    scheme: Scheme
    option: ScoreOption
    needs_minute: bool
    recipient: Person | None
    candidates: tuple[Person, ...]
    newer_report: bool


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One line of an original reader's inbox. Never says who the second reader was."""

    case_id: str
    modalities: tuple[str, ...]
    description: str
    studied_on: date | None
    state: CaseState
    discrepancies: int
    sent_at: datetime
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxView:
    """What differed and why, as the original reader sees it."""

    item: InboxItem
    report: RevealedReport
    findings: tuple[Finding, ...]
    no_abnormality: bool
    rows: tuple[LedgerRow, ...]
    discrepancies: tuple[Discrepancy, ...]
    score: Score
    option: ScoreOption
    minute: str
    reply: str


@dataclass(frozen=True, slots=True)
class DiscrepancyFilter:
    """Which discrepancies. One source and one blindness at a time: rates of different kinds are never mixed.

    ``since`` and ``until`` (inclusive) are days (UTC) on which the comparison was signed. ``counted_only`` leaves out
    what is not final yet (invariant 6).
    """

    source: Source = Source.REQUESTED
    blind: bool = True
    modality: str = ""
    type: str = ""
    score: str = ""
    since: date | None = None
    until: date | None = None
    counted_only: bool = True


@dataclass(frozen=True, slots=True)
class DiscrepancyView:
    """One discrepancy for the quality team: numeric id, no patient, no person."""

    discrepancy: Discrepancy
    finding: Finding | None
    case_id: str
    state: CaseState
    modalities: tuple[str, ...]
    description: str
    studied_on: date | None
    score: Score
    option: ScoreOption
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases of one modality ended with which score; for the rates.

    ``by_score``: (value, cases) in the scheme's order. ``significant`` counts options that say so, ``unsaid`` the
    discrepant ones whose significance was not said.
    """

    modality: str
    cases: int
    discrepant: int
    significant: int
    unsaid: int
    by_score: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ArrivingStudy:
    """A study as the PACS administrator sees it: no report text, no author."""

    study_uid: str
    accession: str
    patient_identifier: str
    modalities: tuple[str, ...]
    description: str
    studied_on: date | None
    instances: int
    stable: bool
    last_seen: datetime | None
    sender: str
    report_status: ReportStatus | None
    report_versions: int
    case_id: str | None
    case_state: CaseState | None


@dataclass(frozen=True, slots=True)
class HeldReport:
    """A report that waits for its study: no text, no author. ``why`` is a plain sentence."""

    report_id: str
    facility: str
    accession: str
    patient_identifier: str
    status: ReportStatus
    received_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What has come in, newest first."""

    studies: tuple[ArrivingStudy, ...]
    held: tuple[HeldReport, ...]

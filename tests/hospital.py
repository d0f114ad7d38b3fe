"""Small studies, report messages, findings and people for tests, and the straight way through a case."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from reads.model.case import Case
from reads.model.codes import Code, Side
from reads.model.discrepancy import AGREE, Comparison, LedgerRow, Score
from reads.model.finding import AnchorKind, Certainty, Finding, ImageAnchor, Measurement
from reads.model.people import Person, Role
from reads.model.read import BlindRead, Draft
from reads.model.report import Author, AuthorRole, ReportMessage, ReportSection, ReportStatus
from reads.model.study import PatientIdentity, Series, Study
from reads.store import Store
from reads.workflow import claim, commit, draft, feedback, intake, reading, score, triage
from reads.workflow.policy import IntakePolicy
from reads.workflow.views import ReadingView, ReportReceipt

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
POLICY = IntakePolicy()
PATIENT = PatientIdentity("P-100", "HOSPITAL", "TEST^PATIENT", date(1961, 5, 4), "F")
CT = "1.2.840.10008.5.1.4.1.1.2"
NODULE = Code("27925004", "SCT", "Nodule")
RIGHT_UPPER_LOBE = Code("45653009", "SCT", "Upper lobe of lung")
AUTHOR_ID = "DOC-1"
FINDINGS = "59776-5"

_numbers = itertools.count(1)


def study(uid: str = "1.2.3.100", **changes: object) -> Study:
    """A stable chest CT of one series."""
    plain = Study(
        study_uid=uid,
        patient=PATIENT,
        accession="A-100",
        studied_on=date(2026, 3, 1),
        description="CT chest",
        series=(Series(f"{uid}.1", "CT", "Lung 1 mm", 2, "CHEST", 120),),
        stable=True,
        first_seen=NOW,
        last_seen=NOW,
        sender="CT01",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def message(
    text: str = "There is a nodule in the right upper lobe. No pleural effusion.", **changes: object
) -> ReportMessage:
    """A final report of that study with one author; every one has its own control id."""
    plain = ReportMessage(
        facility="HOSPITAL",
        message_id=f"M{next(_numbers)}",
        patient=PATIENT,
        study_uid="",
        accession="A-100",
        filler_order="F-100",
        status=ReportStatus.FINAL,
        authors=(Author(AUTHOR_ID, "SMITH^JENNIFER^A.", AuthorRole.PRINCIPAL),),
        sections=(ReportSection(FINDINGS, "Findings", text),),
        procedure="CT chest",
        reported_at=NOW,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def finding(number: int = 1, **changes: object) -> Finding:
    """A measured nodule with its place in an image."""
    anchor = ImageAnchor(
        "1.2.3.100.1", f"1.2.3.100.1.{number}", CT, 1, AnchorKind.LENGTH, ((10.5, 20.5), (30.25, 20.5)), (), ""
    )
    plain = Finding(
        number=number,
        tracking_uid=f"2.25.{next(_numbers)}",
        what=NODULE,
        where=RIGHT_UPPER_LOBE,
        side=Side.RIGHT,
        certainty=Certainty.DEFINITE,
        anchor=anchor,
        measurements=(Measurement(Code("103339001", "SCT", "Long axis"), 8.4, "mm"),),
        note="solid",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def key() -> str:
    """A new key of one act."""
    return f"key-{next(_numbers):08d}"


@dataclass
class Hospital:
    """A store with people in it, and the steps of a case in one line each."""

    store: Store
    now: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Accounts without a usable password: hashing is slow and is tested where it matters.
        with self.store.unit() as unit:
            for username, role, physician in (
                ("reader", Role.SECOND_READER, "DOC-2"),
                ("other", Role.SECOND_READER, "DOC-3"),
                ("author", Role.ORIGINAL_READER, AUTHOR_ID),
                ("colleague", Role.ORIGINAL_READER, "DOC-4"),
                ("lead", Role.QUALITY_LEAD, ""),
                ("pacs", Role.PACS_ADMIN, ""),
                ("admin", Role.ADMIN, ""),
            ):
                self.people[username] = unit.people.add(
                    username, username.capitalize(), (role,), physician, "!", None, self.now
                )

    def __getitem__(self, username: str) -> Person:
        return self.people[username]

    def tick(self, **step: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**(step or {"minutes": 1}))
        return self.now

    def add_reader(self, username: str, physician_id: str) -> Person:
        """One more second reader."""
        with self.store.unit() as unit:
            self.people[username] = unit.people.add(
                username, username, (Role.SECOND_READER,), physician_id, "!", None, self.now
            )
        return self.people[username]

    def study_comes(self, one: Study | None = None) -> None:
        with self.store.unit() as unit:
            intake.study_changed(unit, one or study(), POLICY, self.tick())

    def report_comes(self, one: ReportMessage | None = None) -> ReportReceipt:
        with self.store.unit() as unit:
            return intake.report_received(unit, one or message(), b"raw message", POLICY, self.tick())

    def case(self, study_uid: str = "1.2.3.100") -> Case:
        with self.store.unit(write=False) as unit:
            (only,) = unit.cases.of_study(study_uid)
            return only

    def ready(self, text: str | None = None) -> str:
        """A study and its report have come; gives the case id."""
        self.study_comes()
        self.report_comes(message(text) if text else None)
        return self.case().case_id

    def claim(self, case_id: str, who: str = "reader") -> Case:
        with self.store.unit() as unit:
            return claim.claim(unit, self[who], case_id, self.tick())

    def save(self, case_id: str, one: Draft, who: str = "reader") -> Draft:
        with self.store.unit() as unit:
            return draft.save(unit, self[who], case_id, one, self.tick())

    def commit(self, case_id: str, revision: int, act: str | None = None, who: str = "reader") -> BlindRead:
        with self.store.unit() as unit:
            return commit.commit(unit, self[who], case_id, revision, act or key(), self.tick())

    def view(self, case_id: str, who: str = "reader") -> ReadingView:
        with self.store.unit() as unit:
            return reading.reading_view(unit, self[who], case_id, self.now)

    def score(
        self, case_id: str, rows: tuple[LedgerRow, ...], value: Score, act: str | None = None, who: str = "reader"
    ) -> Comparison:
        with self.store.unit() as unit:
            return score.score(unit, self[who], case_id, rows, value, act or key(), self.tick())

    def accept(self, case_id: str, recipient: str | None = None, minute: str = "", who: str = "lead") -> Case:
        with self.store.unit() as unit:
            chosen = self[recipient].user_id if recipient else None
            return triage.accept(unit, self[who], case_id, chosen, minute, self.tick())

    def send_back(self, case_id: str, reason: str, who: str = "lead") -> Case:
        with self.store.unit() as unit:
            return triage.send_back(unit, self[who], case_id, reason, self.tick())

    def acknowledge(self, case_id: str, reply: str = "", who: str = "author") -> Case:
        with self.store.unit() as unit:
            return feedback.acknowledge(unit, self[who], case_id, reply, self.tick())

    def reading(self, text: str | None = None) -> str:
        """A case that the reader has open."""
        case_id = self.ready(text)
        self.claim(case_id)
        return case_id

    def compared(self, *findings: Finding, text: str | None = None) -> str:
        """A case whose read is committed: with these findings, or without any."""
        case_id = self.reading(text)
        saved = self.save(case_id, Draft(findings=findings, no_abnormality=not findings, clock_s=60))
        self.commit(case_id, saved.revision)
        return case_id

    def discrepant(self, value: str = "2a") -> str:
        """A case in triage: the report denies what the reader found."""
        case_id = self.compared(finding(), text="The lungs are clear. No nodule.")
        rows = (LedgerRow(1, None, AGREE), LedgerRow(2, 1, "MISS"))
        self.score(case_id, rows, Score("radpeer2016", value, "An 8 mm nodule was missed.", "KM04"))
        return case_id


def agreed(view: ReadingView) -> tuple[LedgerRow, ...]:
    """The proposed rows, each agreed on."""
    return tuple(replace(row, verdict=AGREE) for row in view.rows)

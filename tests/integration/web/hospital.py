"""A hospital small enough for a test: people of every role, a study with its report, a prior, and the application."""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from pydicom.dataset import Dataset
from werkzeug.test import TestResponse

from dicom_gateway.frames.frames import SeriesFrames
from reads.model.people import Person, Role
from reads.model.report import Author, AuthorRole, ReportMessage, ReportSection, ReportStatus
from reads.model.study import PatientIdentity, Series, Study
from reads.store.database import Store
from reads.workflow.intake import report_received, study_changed
from reads.workflow.policy import IntakePolicy
from tests.integration.frames.files import ArchiveOfFiles
from tests.integration.web import images
from viewer.web import csrf, sessions
from viewer.web.app import create_app
from viewer.web.services import Services, WebConfig

AUTHOR = "QUAXAUTHOR"
AUTHOR_ID = "QUAXPHYSICIANID"
REPORT_SENTENCE = "No suspicious QUAXNODULE is seen."
WORDS = "QUAXWORD"
CANARY = b"QUAX"
"""Every word of the first opinion and its author begins with this; before the blind commit no answer may hold it."""
OPINIONS = ("SR", "OT")
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "three blue horses run"


@dataclass
class Clock:
    """A clock that a test sets."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, span: timedelta) -> None:
        self.moment += span


@dataclass
class Hospital:
    """The application, its parts, and how to sign in to it."""

    app: Flask
    store: Store
    clock: Clock
    archive: ArchiveOfFiles
    policy: IntakePolicy

    def sign_in(self, username: str) -> Browser:
        """A browser in which this person is signed in. No password is hashed: that has tests of its own."""
        browser = Browser(self.app.test_client())
        token = secrets.token_urlsafe(32)
        browser.csrf = csrf.token_for(token)
        with self.store.unit() as unit:
            person = unit.people.by_username(username)
            assert person is not None
            unit.sessions.add(sessions.digest(token), person.user_id, browser.csrf, self.clock.now())
        browser.client.set_cookie(sessions.COOKIE, token)
        return browser

    def person(self, username: str) -> Person:
        """The account of this name."""
        with self.store.unit(write=False) as unit:
            found = unit.people.by_username(username)
        assert found is not None
        return found

    def arrive(self, study: Study) -> None:
        """A study as the arrival feed tells it."""
        with self.store.unit() as unit:
            study_changed(unit, study, self.policy, self.clock.now())

    def report(self, message: ReportMessage) -> None:
        """A report as the HL7 listener takes it."""
        with self.store.unit() as unit:
            report_received(unit, message, b"MSH|QUAXRAW", self.policy, self.clock.now())

    def case_of(self, study_uid: str) -> str:
        """The id of the one case of a study."""
        with self.store.unit(write=False) as unit:
            (case,) = unit.cases.of_study(study_uid)
        return case.case_id


@dataclass
class Browser:
    """A test client that sends the CSRF token along."""

    client: FlaskClient
    csrf: str = ""

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **given)

    def send(self, method: str, path: str, **given: Any) -> TestResponse:
        headers = {"X-CSRF-Token": self.csrf}
        return self.client.open(path, method=method, headers=headers, buffered=True, **given)


def json_of(answer: TestResponse) -> Any:
    """The body of an answer."""
    return json.loads(answer.data)


PATIENT = PatientIdentity("P-1", "HOSP", "Patient^Canary", date(1965, 3, 4), "F")


def staffed_database(file: Path) -> Path:
    """A database with an account for every role, each with its owner's password. Made once, copied for each test."""
    url = f"sqlite:///{file}"
    Store.migrate(url)
    store = Store.open(url)
    hashed = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with store.unit() as unit:
        for role in Role:
            physician = AUTHOR_ID if role is Role.ORIGINAL_READER else ""
            unit.people.add(str(role), str(role).replace("_", " ").title(), {role}, physician, hashed, None, START)
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def hospital(folder: Path, staffed: Path, config: WebConfig | None = None) -> Hospital:
    """An empty one, with an account for every role."""
    file = shutil.copy(staffed, folder / "reads.sqlite")
    store, clock, archive = Store.open(f"sqlite:///{file}"), Clock(), ArchiveOfFiles(())
    services = Services(store=store, archive=archive, frames=SeriesFrames(archive, folder / "cache"), clock=clock.now)
    app = create_app(services, config or WebConfig(dist=folder / "dist"))
    return Hospital(app, store, clock, archive, IntakePolicy())


def with_canary_case(made: Hospital) -> str:
    """A CT with a prior and a report, ready to read; the first opinion stands wherever a hospital may have put it.

    Returns the case id.
    """
    prior = _study(made, "prior", date(2025, 10, 14))
    current = _study(made, "current", date(2026, 11, 2))
    made.arrive(prior)
    made.report(_report(prior, "1"))
    made.arrive(current)
    made.report(_report(current, "2"))
    return made.case_of(current.study_uid)


def series_uids(study_uid: str) -> tuple[str, ...]:
    """The series of a canary study: images, structured report, document."""
    return tuple(images.uid(study_uid, name) for name in ("images", "report", "document"))


def _study(made: Hospital, name: str, day: date) -> Study:
    study_uid = images.uid("study", name)
    ct, sr, pdf = series_uids(study_uid)
    instances: list[Dataset] = [images.ct_slice(study_uid, ct, n, "P-1", AUTHOR, WORDS) for n in (1, 2, 3)]
    instances.append(images.report_object(study_uid, sr, "P-1", AUTHOR, WORDS))
    instances.append(images.document(study_uid, pdf, "P-1", AUTHOR, WORDS))
    for instance in instances:
        made.archive.add(instance)
    return Study(
        study_uid=study_uid,
        patient=PATIENT,
        accession=f"A-{name}",
        studied_on=day,
        description="Chest",
        series=(
            Series(ct, "CT", "Lung 5 mm", 1, "CHEST", 3),
            Series(sr, "SR", WORDS, 2, "", 1),
            Series(pdf, "OT", WORDS, 3, "", 1),
        ),
        stable=True,
        first_seen=made.clock.now(),
        last_seen=made.clock.now(),
        sender="MODALITY",
    )


def _report(study: Study, number: str) -> ReportMessage:
    return ReportMessage(
        facility="HOSP",
        message_id=f"M-{number}",
        patient=PATIENT,
        study_uid=study.study_uid,
        accession=study.accession,
        filler_order=f"F-{number}",
        status=ReportStatus.FINAL,
        authors=(Author(AUTHOR_ID, f"{AUTHOR}^Ann", AuthorRole.PRINCIPAL),),
        sections=(ReportSection("59776-5", "Findings", f"{WORDS} of the lungs. {REPORT_SENTENCE}"),),
        procedure="CT chest",
        reported_at=START,
    )

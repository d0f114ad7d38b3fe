"""Fills a running service as a hospital would: people, images by C-STORE, reports by HL7; nothing twice."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from dicom_gateway.archive.orthanc import OrthancArchive
from reads.model.case import CaseState
from reads.model.errors import NotFound, Permanent, Retriable
from reads.model.people import Role
from reads.store.database import Store
from viewer.folder import DataFolder, read_whole, write_whole

CREDENTIALS = "credentials.json"
CALLING_AE_TITLE = "SAMPLE_PACS"
QUIET_LIMIT_S = 180.0
LOOK_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Player:
    """A fictional person of the demonstration. ``physician_id`` is who they are in the sample reports (OBR-32.1)."""

    role: Role
    username: str
    display_name: str
    physician_id: str = ""


PLAYERS = (
    Player(Role.SECOND_READER, "adele", "Adele Marsh", "R2001"),
    Player(Role.ORIGINAL_READER, "ngozi", "Ngozi Okafor", "R1001"),
    Player(Role.ORIGINAL_READER, "erik", "Erik Lindqvist", "R1002"),
    Player(Role.QUALITY_LEAD, "quentin", "Quentin Achterberg"),
    Player(Role.PACS_ADMIN, "petra", "Petra Halloran"),
    Player(Role.ARBITER, "amara", "Amara Toivonen"),
    Player(Role.REQUESTER, "rosa", "Rosa Whitfield"),
    Player(Role.ADMIN, "arjen", "Arjen Castellanos"),
)


@dataclass(frozen=True, slots=True)
class Credential:
    """How one role signs in. ``password`` is empty once the person has chosen their own."""

    role: str
    username: str
    password: str
    url: str


@dataclass(frozen=True, slots=True)
class SampleStudy:
    """One study on the disk: its UID, its files by SOP Instance UID, and its report if there is one."""

    study_uid: str
    name: str
    files: dict[str, Path]
    report: Path | None


class Progress(Protocol):
    """Shows how far a step is."""

    def step(self, title: str, total: int) -> Callable[[int], None]:
        """Begin a step; the function returned is told how many are done."""


def studies_in(folder: Path) -> tuple[SampleStudy, ...]:
    """The studies in a folder that holds one folder for each, with ``*.dcm`` and ``*.hl7`` files in it.

    Raises
    ------
    Permanent
        When there is none.
    """
    found = tuple(_study_in(each) for each in sorted(folder.iterdir()) if each.is_dir()) if folder.is_dir() else ()
    if not any(found):
        raise Permanent(
            f"There are no sample studies in {folder}; run `make setup`, or name their folder by --samples."
        )
    return tuple(study for study in found if study is not None)


def _study_in(folder: Path) -> SampleStudy | None:
    from pydicom import dcmread

    files: dict[str, Path] = {}
    study_uid = ""
    for path in sorted(folder.rglob("*.dcm")):
        header = dcmread(path, specific_tags=["SOPInstanceUID", "StudyInstanceUID"], stop_before_pixels=True)
        files[str(header.SOPInstanceUID)] = path
        study_uid = str(header.StudyInstanceUID)
    report = next(iter(sorted(folder.rglob("*.hl7"))), None)
    return SampleStudy(study_uid, folder.name, files, report) if files else None


def people(store: Store, folder: DataFolder, url: str, now: datetime) -> tuple[Credential, ...]:
    """See that there is somebody for each role; return how they sign in, and write it beside the data (mode 0600)."""
    from reads.workflow.people import add_person, password_expires_at, reset_password

    known = {each["username"]: each["password"] for each in read_whole(folder.root / CREDENTIALS) or ()}
    credentials = []
    for player in PLAYERS:
        with store.unit() as unit:
            person = unit.people.by_username(player.username)
            if person is None:
                _, password = add_person(
                    unit, player.username, frozenset({player.role}), player.display_name, player.physician_id, now
                )
            else:
                expires_at = password_expires_at(unit, person.user_id)
                password = known.get(player.username, "") if expires_at else ""
                if expires_at and (expires_at <= now or not password):
                    password = reset_password(unit, person.user_id, now)
        credentials.append(Credential(player.role.value, player.username, password, url))
    write_whole(folder.root / CREDENTIALS, [asdict(credential) for credential in credentials])
    return tuple(credentials)


@dataclass
class Filling:
    """Sends the sample studies and waits until they can be read."""

    studies: tuple[SampleStudy, ...]
    store: Store
    archive: OrthancArchive
    ready: dict[str, Any]
    accession_from: tuple[str, ...]
    progress: Progress
    stop: threading.Event

    def run(self) -> None:
        """Do what is still to do.

        Raises
        ------
        SecondReadError
            When something is refused, or nothing moves any more.
        """
        self._send_images()
        self._send_reports()
        self._wait_until_readable()

    def _archived(self, study: SampleStudy) -> set[str]:
        try:
            known = self.archive.study(study.study_uid)
            series = known.series if known else ()
            return {i.sop_uid for s in series for i in self.archive.series_instances(s.series_uid)}
        except NotFound:
            return set()

    def _send_images(self) -> None:
        from dicom_gateway.scu.store import store

        node = self.ready["dicom"]
        for study in self.studies:
            there = self._archived(study)
            missing = [path for uid, path in study.files.items() if uid not in there]
            if not missing or self.stop.is_set():
                continue
            tell = self.progress.step(f"C-STORE {study.name}", len(missing))
            done = itertools.count(1)
            results = store(
                node["host"],
                node["port"],
                node["ae_title"],
                missing,
                on_progress=lambda _result, tell=tell, done=done: tell(next(done)),  # type: ignore[misc]
                calling_ae=CALLING_AE_TITLE,
            )
            refused = [result for result in results if not result.stored]
            if refused:
                why = next((result.comment for result in refused if result.comment), "no reason was given")
                raise Retriable(f"{len(refused)} images of {study.name} were not stored ({why}); start again to go on.")

    def _unsent_reports(self) -> Iterator[tuple[str, bytes]]:
        from dicom_gateway.hl7.message import parse_oru

        for study in self.studies:
            if study.report is None:
                continue
            raw = study.report.read_bytes()
            messages = parse_oru(raw, self.accession_from)
            with self.store.unit(write=False) as unit:
                there = [unit.reports.by_message(each.facility, each.message_id) is not None for each in messages]
            if not all(there):
                yield study.name, raw

    def _send_reports(self) -> None:
        from dicom_gateway.hl7.client import send

        unsent = list(self._unsent_reports())
        if not unsent:
            return
        tell = self.progress.step("HL7 reports", len(unsent))
        for number, (name, raw) in enumerate(unsent, 1):
            if self.stop.is_set():
                return
            answer = send(self.ready["hl7"]["host"], self.ready["hl7"]["port"], raw)
            if not answer.accepted:
                raise Permanent(f"The report of {name} was not accepted ({answer.code}): {answer.text}")
            tell(number)

    def _wait_until_readable(self) -> None:
        tell = self.progress.step("Cases", len(self.studies))
        before, deadline = -1, time.monotonic() + QUIET_LIMIT_S
        while not self.stop.is_set():
            done = sum(self._is_readable(study) for study in self.studies)
            if done != before:
                tell(done)
                before, deadline = done, time.monotonic() + QUIET_LIMIT_S
            if done == len(self.studies):
                return
            if time.monotonic() > deadline:
                raise Retriable("The sample cases do not become ready; see the logs, then start the demo again.")
            self.stop.wait(LOOK_EVERY_S)

    def _is_readable(self, study: SampleStudy) -> bool:
        with self.store.unit(write=False) as unit:
            known = unit.studies.get(study.study_uid)
            if known is None or not known.stable:
                return False
            waiting = study.report is not None
            return not any(waiting and c.state is CaseState.RECEIVED for c in unit.cases.of_study(study.study_uid))

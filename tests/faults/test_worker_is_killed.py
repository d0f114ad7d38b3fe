from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from reads.audit import AuditEvent
from reads.model.case import Case, CaseState, Source
from reads.model.study import PatientIdentity, Study
from reads.store import Store
from tests.faults.worker_process import KINDS

JOBS, KILLS = 100, 12
NOW = datetime(2024, 5, 6, tzinfo=UTC)


class Bench:
    """A reads database with jobs waiting, and a worker in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.reads_url = f"sqlite:///{folder / 'reads.sqlite'}"
        self.jobs_url = f"sqlite:///{folder / 'jobs.sqlite'}"
        self.effects = folder / "effects"
        self.said = folder / "said"
        Store.migrate(self.reads_url)
        self.store = Store.open(self.reads_url)
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, *case_ids: str) -> None:
        with self.store.unit() as unit:
            for case_id in case_ids:
                uid = f"2.25.{int.from_bytes(case_id.encode())}"
                unit.studies.put(Study(uid, PatientIdentity(f"P-{case_id}", "HOSP")))
                unit.cases.add(Case(case_id, uid, CaseState.TRIAGE, Source.REQUESTED, True, "radpeer2016", NOW), NOW)
                payload = {"case_id": case_id, "comparison_version": 1}
                unit.outbox.add("documents", f"{case_id}/1", payload, NOW)

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "tests.faults.worker_process",
            self.reads_url,
            self.jobs_url,
            str(self.effects),
        ]
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
        assert self.process.stdout is not None
        with self.process.stdout as told:
            assert told.readline() == b"up\n", self.said.read_text()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=30)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self.store.close()

    def papers(self, case_ids: list[str]) -> Counter[str]:
        """How many documents of each kind there are."""
        with self.store.unit(write=False) as unit:
            return Counter(d.kind for c in case_ids for d in unit.documents.list(c))

    def events(self, event: AuditEvent) -> Counter[str]:
        with self.store.unit(write=False) as unit:
            return Counter(e.object_id for e in unit.audit.entries() if e.event == event.value)

    def made(self) -> int:
        return self.effects.read_text().count("\n") if self.effects.exists() else 0


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_jobs_survive_kill_9_and_each_effect_happens_once(tmp_path: Path) -> None:
    chance = random.Random(20240506)
    cases = [f"J{i:03d}" for i in range(JOBS)]
    bench = Bench(tmp_path)
    try:
        bench.ask(*cases[: JOBS // 2])
        for kill in range(KILLS):
            if kill == KILLS // 2:
                bench.ask(*cases[JOBS // 2 :])  # more comes while the worker falls again and again
            before = bench.made()
            bench.start()
            wanted = min(before + chance.randrange(1, JOBS * len(KINDS) // KILLS), JOBS * len(KINDS) - 1)
            until(lambda least=wanted: bench.made() >= least or bench.papers(cases)["index"] == JOBS)  # type: ignore[misc]
            bench.kill()
        bench.start()
        until(lambda: bench.papers(cases)["index"] == JOBS)
        assert bench.end() == 0
        assert bench.papers(cases) == Counter(dict.fromkeys((*KINDS, "index"), JOBS))
        assert bench.events(AuditEvent.DOCUMENTS_WRITTEN) == Counter(cases)
        assert not bench.events(AuditEvent.DOCUMENTS_FAILED)
        with bench.store.unit(write=False) as unit:
            assert unit.outbox.waiting() == ()
            for case_id in cases:
                for kind in KINDS:
                    found = unit.documents.get(case_id, kind, 1)
                    assert found is not None
                    assert found.digest == hashlib.sha256(f"{case_id} 1 {kind}".encode()).hexdigest()
        # A paper is made again only when its worker died over it: at most the jobs at work, for each kill.
        assert JOBS * len(KINDS) <= bench.made() <= JOBS * len(KINDS) + 2 * KILLS
    finally:
        bench.close()


def test_a_job_that_can_never_be_done_is_recorded_once_and_the_rest_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    try:
        bench.ask("BAD", "BUG", "WAIT", "GOOD")
        bench.start()
        until(lambda: bench.papers(["WAIT", "GOOD"])["index"] == 2 and bench.papers(["BAD", "BUG"])["problem"] == 2)
        assert bench.end() == 0
        assert bench.papers(["BAD"]) == Counter({"picture-1": 1, "pdf": 1, "problem": 1})
        assert bench.events(AuditEvent.DOCUMENTS_FAILED) == Counter(["BAD", "BUG"])
        with bench.store.unit(write=False) as unit:
            problem = unit.documents.get("BAD", "problem", 1)
            assert problem is not None
            assert unit.documents.data(problem.document_id) == b"sr: This one cannot be written."
        for database in tmp_path.glob("*.sqlite*"):  # an unexpected error may quote a patient
            assert b"CANARY" not in database.read_bytes()
    finally:
        bench.close()


def test_an_archive_that_is_away_is_asked_again_until_it_is_back(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    try:
        bench.ask("WAIT")
        bench.start()
        until(lambda: bench.papers(["WAIT"])["index"] == 1)
        assert bench.end() == 0
        assert bench.papers(["WAIT"]) == Counter([*KINDS, "index"])
        assert bench.effects.read_text().count("tried") == 2
    finally:
        bench.close()

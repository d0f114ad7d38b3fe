"""`secondread demo`: it fills itself as a hospital would, and a second run goes on where the first was."""

import json
import re
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from reads.model.people import Role
from reads.store.database import Store
from tests.e2e.service import SECONDREAD, until

TWO_SMALL_STUDIES = ("us-node", "ecg")
FREE_PORTS = ("--dicom-port", "0", "--hl7-port", "0", "--http-port", "0")


@pytest.fixture(scope="module")
def samples_folder(sample_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    for name in TWO_SMALL_STUDIES:
        (folder / name).symlink_to(sample_root / name)
    return folder


@contextmanager
def demo(data: Path, samples: Path) -> Iterator[str]:
    """A demonstration that is ready, and what it printed; stopped by Ctrl-C."""
    printed = data.with_suffix(".out")
    with printed.open("wb") as out:
        running = subprocess.Popen(
            [SECONDREAD, "demo", "--data", data, "--samples", samples, *FREE_PORTS], stdout=out, stderr=out
        )
    try:

        def ready() -> bool:
            assert running.poll() is None, printed.read_text()
            return "Stop with Ctrl-C" in printed.read_text()

        until(ready, "Ready:", 180)
        yield printed.read_text()
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0, printed.read_text()


def credentials(data: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((data / "credentials.json").read_text())
    return found


def kept(data: Path) -> tuple[int, int]:
    """Report versions and cases in the database."""
    store = Store.open(f"sqlite:///{data / 'reads.sqlite'}")
    try:
        with store.unit(write=False) as unit:
            studies = unit.studies.latest(100)
            reports = sum(len(unit.reports.of_study(study.study_uid)) for study in studies)
            return reports, sum(len(unit.cases.of_study(study.study_uid)) for study in studies)
    finally:
        store.close()


@pytest.mark.usefixtures("samples")
def test_a_second_run_goes_on_where_the_first_was(tmp_path: Path, samples_folder: Path) -> None:
    data = tmp_path / "demo"
    with demo(data, samples_folder) as first:
        people = credentials(data)
        (url,) = re.findall(r"^Ready: (http://127\.0\.0\.1:\d+)$", first, re.MULTILINE)
        assert {each["role"] for each in people} == {role.value for role in Role}
        assert {each["url"] for each in people} == {url}
        assert stat.S_IMODE((data / "credentials.json").stat().st_mode) == 0o600
        assert all(f"{each['username']} " in first and each["password"] in first for each in people)
        reader = next(each for each in people if each["role"] == "second_reader")
        login = {"username": reader["username"], "password": reader["password"]}
        assert requests.post(f"{url}/api/v1/session", json=login, timeout=30).status_code == 200
    assert "C-STORE us-node: 1/1" in first
    assert "HL7 reports: 2/2" in first
    assert kept(data) == (2, 2)

    with demo(data, samples_folder) as second:
        again = credentials(data)
    assert "C-STORE" not in second
    assert "HL7" not in second
    assert [(each["username"], each["password"]) for each in again] == [(e["username"], e["password"]) for e in people]
    assert kept(data) == (2, 2)


def test_a_folder_without_studies_is_told_in_one_sentence(tmp_path: Path) -> None:
    said = subprocess.run(
        [SECONDREAD, "demo", "--data", tmp_path / "demo", "--samples", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert said.stderr.startswith("Error: There are no sample studies")

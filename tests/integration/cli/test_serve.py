"""`secondread serve` with all its processes, as an operator starts it."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from dicom_gateway.scu.echo import echo
from tests.e2e.service import SECONDREAD, Service, serve, until

PARTS = ("gateway", "forward", "worker", "web", "orthanc")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serve(tmp_path_factory.mktemp("serve")) as running:
        yield running


def healthy(service: Service) -> bool:
    try:
        return requests.get(f"{service.url}/healthz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and not been waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_ready_file_says_how_everything_is_reached(service: Service) -> None:
    ready = service.ready
    assert set(ready) == {"http", "dicom", "hl7", "archive", "pids"}
    assert set(ready["pids"]) == set(PARTS)
    assert all(is_alive(pid) for pid in ready["pids"].values())
    assert stat.S_IMODE(service.ready_file.stat().st_mode) == 0o600


def test_the_receiver_answers_an_echo(service: Service) -> None:
    host, port, title = service.dicom
    echo(host, port, title)


def test_the_hl7_listener_takes_connections(service: Service) -> None:
    socket.create_connection(service.hl7, timeout=10).close()


def test_the_service_is_healthy(service: Service) -> None:
    until(lambda: healthy(service), "200 from /healthz")


def test_the_archive_refuses_whoever_has_no_password(service: Service) -> None:
    url = service.ready["archive"]["url"]
    assert requests.get(f"{url}/system", timeout=10).status_code == 401
    assert service.archive("/system").status_code == 200


def test_nothing_listens_beyond_this_machine(service: Service) -> None:
    """Orthanc before 1.12 cannot bind to loopback alone; it refuses other hosts itself and wants the password."""
    pids = {name: pid for name, pid in service.ready["pids"].items() if name != "orthanc"}
    listening = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout.splitlines()
    ours = [line.split()[3] for line in listening if any(f"pid={pid}," in line for pid in pids.values())]
    assert ours
    assert {address.rpartition(":")[0] for address in ours} == {"127.0.0.1"}


def test_a_second_service_on_the_same_data_is_refused_in_one_sentence(service: Service) -> None:
    second = subprocess.run(
        [SECONDREAD, "serve", "--data", service.data, "--dicom-port", "0", "--hl7-port", "0", "--http-port", "0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr.startswith("Error: Another Second Read")
    assert second.stderr.count("\n") == 1
    assert healthy(service)


def test_doctor_finds_nothing_wrong_with_a_running_service(service: Service) -> None:
    said = subprocess.run(
        [SECONDREAD, "doctor", "--data", service.data, "--json"], capture_output=True, text=True, check=False
    )
    wrong = [each for each in json.loads(said.stdout) if not each["ok"]]
    assert (wrong, said.returncode) == ([], 0)


def test_the_spool_can_be_asked_while_the_service_runs(service: Service) -> None:
    said = subprocess.run(
        [SECONDREAD, "spool", "--data", service.data, "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout)["set_aside"] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_process_is_back_where_it_was(service: Service, part: str) -> None:
    before = service.ready
    os.kill(before["pids"][part], signal.SIGKILL)
    until(lambda: service.ready["pids"][part] != before["pids"][part], f"another pid of {part} in the ready file")
    after = service.ready
    assert {name: after[name] for name in after if name != "pids"} == {n: before[n] for n in before if n != "pids"}
    until(lambda: healthy(service), "200 from /healthz")
    host, port, title = service.dicom
    echo(host, port, title)


def test_a_backup_of_a_running_service_starts_again(service: Service, tmp_path: Path) -> None:
    account = service.add_user("kept", "pacs_admin")
    subprocess.run([SECONDREAD, "backup", tmp_path / "backup", "--data", service.data], check=True)
    subprocess.run([SECONDREAD, "restore", tmp_path / "backup", "--data", tmp_path / "again"], check=True)
    with serve(tmp_path / "again") as again:
        signed_in = requests.post(
            f"{again.url}/api/v1/session", json={"username": account.username, "password": account.password}, timeout=30
        )
        assert signed_in.status_code == 200


def test_a_stopped_service_leaves_no_process_and_no_ready_file(tmp_path: Path) -> None:
    with serve(tmp_path) as service:
        pids = service.ready["pids"]
    assert not service.ready_file.exists()
    assert [name for name, pid in pids.items() if is_alive(pid)] == []


def test_a_killed_supervisor_takes_its_processes_with_it(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    ports = ["--dicom-port", "0", "--hl7-port", "0", "--http-port", "0"]
    with (tmp_path / "out").open("wb") as out:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "viewer", "serve", "--data", tmp_path / "data", "--ready-file", ready_file, *ports],
            stdout=out,
            stderr=out,
        )
    try:
        until(ready_file.exists, "the ready file", 90)
        pids = json.loads(ready_file.read_text())["pids"]
    finally:
        supervisor.kill()
        supervisor.wait()
    until(lambda: not any(is_alive(pid) for pid in pids.values()), "the end of every process")


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = subprocess.run(
            [SECONDREAD, "serve", "--data", tmp_path, "--dicom-port", port, "--hl7-port", "0", "--http-port", "0"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert f":{port}" in said.stderr
    assert "--dicom-port" in said.stderr


def test_a_person_added_twice_is_a_failure_that_says_so(tmp_path: Path) -> None:
    add = [str(SECONDREAD), "user", "add", "adele", "--role", "second_reader", "--data", str(tmp_path), "--json"]
    first = subprocess.run(add, capture_output=True, text=True, check=True)
    assert json.loads(first.stdout)["password"]
    second = subprocess.run(add, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith("Error: ")
    reset = subprocess.run([SECONDREAD, "user", "reset", "adele", "--data", tmp_path], capture_output=True, check=True)
    assert b"one-time password" in reset.stdout
    listed = subprocess.run(
        [SECONDREAD, "user", "list", "--data", tmp_path, "--json"], capture_output=True, text=True, check=True
    )
    assert [person["username"] for person in json.loads(listed.stdout)] == ["adele"]

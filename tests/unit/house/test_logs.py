"""Logs are JSON lines, and hold no text of an exception, since it may quote patient data."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from viewer import logs

CANARY = "Canary^Patient"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, level = root.handlers[:], root.level
    logs.start("test", tmp_path)
    yield tmp_path / "test.log"
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = handlers, level
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()
    for name in (*logs.OURS, *logs.QUOTING):
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def raise_with_patient_data() -> None:
    raise ValueError(f"bad PN: {CANARY}")


@pytest.mark.parametrize("logger", ["viewer.something", "waitress"])
def test_an_exception_is_logged_by_its_type_and_place_only(log: Path, logger: str) -> None:
    try:
        raise_with_patient_data()
    except ValueError:
        logging.getLogger(logger).exception("it failed")
    (line,) = lines(log)
    assert (line["event"], line["error"], line["level"]) == ("it failed", "ValueError", "error")
    assert "raise_with_patient_data" in str(line["places"])
    assert CANARY not in log.read_text()


def test_a_thread_that_fails_is_logged(log: Path) -> None:
    thread = threading.Thread(target=raise_with_patient_data)
    thread.start()
    thread.join()
    (line,) = lines(log)
    assert (line["event"], line["error"]) == ("thread failed", "ValueError")
    assert CANARY not in log.read_text()


def test_libraries_that_quote_data_elements_are_silent(log: Path) -> None:
    logging.getLogger("pynetdicom.service-c").error("dataset: %s", CANARY)
    structlog.stdlib.get_logger("dicom_gateway.receive").info("association", count=1)
    assert [line["event"] for line in lines(log)] == ["association"]


def test_a_process_that_fails_says_so_without_the_text(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from viewer import logs; "
        f"logs.start('test', Path(sys.argv[1])); raise ValueError('{CANARY}')"
    )
    said = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert CANARY not in said.stderr + said.stdout + (tmp_path / "test.log").read_text()
    assert "ValueError" in said.stderr

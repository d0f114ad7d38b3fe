"""Exit status 0 done, 1 failed, 2 wrong usage; an error is one sentence."""

import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest

from reads.model.errors import Permanent
from viewer import cli
from viewer.supervise import require_free


def said(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "viewer", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        found += commands(command, *above, name) if isinstance(command, click.Group) else [(*above, name)]
    return found


@pytest.mark.parametrize("path", commands(cli.secondread), ids=" ".join)
def test_every_command_says_what_it_does(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([*path, "--help"]) == cli.DONE
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[0].startswith("Usage: secondread " + " ".join(path))
    assert lines[2].strip()


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["serve", "--dicom-port", "70000"], ["user", "add", "somebody"], ["spool", "--data", "/nowhere"]],
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == cli.WRONG_USAGE
    assert "Error: " in capsys.readouterr().err


def test_a_failure_is_status_1_and_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "secondread.toml").write_text("[http]\nport = 'many'\n")
    result = said("serve", "--data", tmp_path)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: The setting http.port cannot be used")
    assert result.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Permanent, match=rf"HL7 listener .*:{port} .*--hl7-port") as told:
            require_free("127.0.0.1", port, "The HL7 listener", "--hl7-port")
    assert "\n" not in told.value.message


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    script = (
        "import sys; from viewer import cli; cli.run(['--help']); "
        "print([n for n in ('flask', 'sqlalchemy', 'pydicom', 'numpy') if n in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"

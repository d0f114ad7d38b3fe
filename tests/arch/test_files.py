"""What must hold for each file of the project."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
HOLD_REGISTRY_NAMES = {"LICENSE"}
# Built so that this file does not contain what it looks for.
REGISTRIES = ["registry." + "npmjs", "pypi." + "org", "pythonhosted" + ".org", "unpkg" + ".com", "jsdelivr" + ".net"]
WORKPLACE = ["/" + "work/", "shared/" + "design", "/tmp/" + "w/", "contract" + ".md"]


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows, by pattern."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text(path: Path) -> str:
    """The file's text, or nothing when it is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("words", [REGISTRIES, WORKPLACE], ids=["package registry", "workplace"])
def test_no_file_names_a_registry_or_a_place_outside_the_project(words: list[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        if path.name not in HOLD_REGISTRY_NAMES
        for word in words
        if word in text(path)
    ]
    assert found == []


def test_no_source_file_is_longer_than_can_be_read_in_one_go() -> None:
    sources = tracked("*.py", "*.ts", "*.tsx", "*.css", "*.html", "*.sh")
    assert sources
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources
        # A migration is a record of what was, not text to keep in order.
        if "migrations" not in path.parts and (count := len(text(path).splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_each_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("reads/*.py", "dicom_gateway/*.py", "viewer/*.py", "sample_studies/*.py")
        if text(path).strip() and not re.match(r'r?"""\S', text(path))
    ]
    assert silent == []


def test_nothing_is_called_after_nothing() -> None:
    nameless = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    found = [
        str(path.relative_to(ROOT)) for path in tracked() if nameless & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ]
    assert found == []


def test_the_lock_file_of_the_front_end_names_no_place_to_fetch_from() -> None:
    assert '"resolved"' not in text(ROOT / "viewer" / "frontend" / "package-lock.json")

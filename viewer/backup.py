"""A copy of everything a service must not lose, that may be taken while it runs; and the way back.

The order of copying is against the flow of data (database, then spool, then archive): whatever a later part already
holds and an earlier one does not yet know is found again at the next start, and nothing acknowledged before the
backup began is missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from reads.model.errors import Permanent
from viewer.folder import DataFolder
from viewer.settings import FILE_NAME, Settings

MANIFEST = "manifest.json"
FORMAT = 1
BLOCK = 1 << 20
DATABASES = ("reads.sqlite", "jobs.sqlite")
ORTHANC_INDEX = Path("index", "index")
ORTHANC_STORAGE = "storage"


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def left_out(settings: Settings) -> list[str]:
    """What a backup does not hold, each with who has it."""
    out = []
    if not settings.reads_url.startswith("sqlite"):
        out.append("the reads database is on a server: back it up with pg_dump")
    if not settings.jobs_url.startswith("sqlite"):
        out.append("the jobs database is on a server: back it up with pg_dump")
    if not settings.owns_archive:
        out.append("the images are in the hospital's own archive: its owner backs it up")
    return out


def take(settings: Settings, target: Path, tell: Callable[[str], None]) -> dict[str, object]:
    """Copy a service's data into the new folder ``target``.

    Parameters
    ----------
    tell
        Called with the name of each part as it is copied.

    Returns
    -------
    dict
        The manifest: when, what is left out, and the SHA-256 of each file.

    Raises
    ------
    Permanent
        When ``target`` is not an empty folder.
    """
    _require_empty(target, "The backup")
    folder = DataFolder(settings.data)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("arrivals.json", FILE_NAME):
        if (folder.root / name).exists():
            shutil.copy2(folder.root / name, target / name)
    for name in DATABASES:
        if (folder.root / name).exists():
            tell(name)
            _copy_database(folder.root / name, target / name)
    tell("spool")
    _copy_tree(folder.spool, target / "spool")
    if settings.owns_archive:
        tell("archive")
        if (folder.orthanc / ORTHANC_INDEX).exists():
            index = target / "orthanc" / ORTHANC_INDEX
            index.parent.mkdir(mode=0o700, parents=True)
            _copy_database(folder.orthanc / ORTHANC_INDEX, index)
        _copy_tree(folder.orthanc / ORTHANC_STORAGE, target / "orthanc" / ORTHANC_STORAGE)
    tell("digests")
    manifest: dict[str, object] = {
        "format": FORMAT,
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "left_out": left_out(settings),
        "files": {str(path.relative_to(target)): digest(path) for path in _files(target)},
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    return manifest


def verify(source: Path) -> dict[str, str]:
    """Check each file of a backup against its manifest.

    Returns
    -------
    dict
        Relative path and SHA-256 of each file.

    Raises
    ------
    Permanent
        When it is no backup of ours, or a file is missing, changed or not in the manifest.
    """
    try:
        manifest = json.loads((source / MANIFEST).read_text())
        files: dict[str, str] = manifest["files"]
        known = manifest["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        raise Permanent(f"{source} is not a backup of Second Read: it has no readable {MANIFEST}.") from None
    if not known:
        raise Permanent(f"The backup {source} was made by another release; restore it with that one.")
    found = {str(path.relative_to(source)) for path in _files(source)} - {MANIFEST}
    for name in sorted(found ^ files.keys()):
        raise Permanent(f"The backup is damaged: {name} is {'missing' if name in files else 'not in its manifest'}.")
    for name, expected in files.items():
        if digest(source / name) != expected:
            raise Permanent(f"The backup is damaged: {name} has changed since it was taken.")
    return files


def bring_back(source: Path, settings: Settings, tell: Callable[[str], None]) -> int:
    """Make a data folder from a verified backup; return how many files it has.

    Raises
    ------
    Permanent
        When the data folder is not empty, or the backup is damaged; nothing is written then.
    """
    _require_empty(settings.data, "The service")
    tell("digests")
    files = verify(source)
    tell("files")
    for name, expected in files.items():
        copy = settings.data / name
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy2(source / name, copy)
        if digest(copy) != expected:
            raise Permanent(f"The disk did not keep {name} as it was written; nothing can be said for this restore.")
    DataFolder(settings.data).prepare()
    return len(files)


def _require_empty(folder: Path, what: str) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Permanent(f"{what} needs an empty folder, and {folder} is not; name another one.")


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a SQLite database that others may be writing (SQLite's online backup)."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
    target.chmod(0o600)


def _copy_tree(source: Path, target: Path) -> None:
    """Copy files that are only ever added to or removed; one that is removed meanwhile is in a later part."""
    for path in _files(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(path, copy)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())

"""A backup brings back everything, byte for byte, or says that it cannot."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reads.model.errors import Permanent
from viewer import backup
from viewer.backup import MANIFEST
from viewer.folder import DataFolder
from viewer.settings import Settings, load


def quiet(_part: str) -> None:
    """Tell nobody."""


@pytest.fixture
def service(tmp_path: Path) -> Settings:
    """The data of a service that has stopped: two databases, a spool, an archive, settings."""
    settings = load(tmp_path / "data")
    folder = DataFolder(settings.data)
    folder.prepare()
    (folder.orthanc / "index").mkdir()
    for path in (folder.root / "reads.sqlite", folder.root / "jobs.sqlite", folder.orthanc / "index" / "index"):
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE kept (what TEXT)")
            database.execute("INSERT INTO kept VALUES (?)", (path.name,))
            database.commit()
    for path in (folder.spool / "segments" / "1.segment", folder.orthanc / "storage" / "ab" / "cd" / "abcd"):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"image " + path.name.encode())
    (folder.root / "secondread.toml").write_text("[dicom]\nport = 104\n")
    (folder.root / "arrivals.json").write_text("{}")
    (folder.cache / "frame").write_text("made again when asked for")
    return settings


def rows(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT what FROM kept").fetchall()


def restored(service: Settings, tmp_path: Path) -> Path:
    backup.take(service, tmp_path / "backup", quiet)
    settings = load(tmp_path / "again")
    backup.bring_back(tmp_path / "backup", settings, quiet)
    return settings.data


def test_what_comes_back_equals_what_was_there(service: Settings, tmp_path: Path) -> None:
    again = restored(service, tmp_path)
    plain = ["spool/segments/1.segment", "orthanc/storage/ab/cd/abcd", "secondread.toml", "arrivals.json"]
    assert [(again / name).read_bytes() for name in plain] == [(service.data / name).read_bytes() for name in plain]
    databases = ["reads.sqlite", "jobs.sqlite", "orthanc/index/index"]
    assert [rows(again / name) for name in databases] == [rows(service.data / name) for name in databases]
    assert not (again / "cache" / "frame").exists()
    assert load(again).dicom.port == 104


def test_a_backup_taken_while_somebody_writes_holds_what_was_committed(service: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(service.data / "reads.sqlite", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO kept VALUES ('committed')")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO kept VALUES ('under way')")
        again = restored(service, tmp_path)
        writer.execute("ROLLBACK")
    assert rows(again / "reads.sqlite") == [("reads.sqlite",), ("committed",)]


@pytest.mark.parametrize("harm", ["changed", "missing", "added"])
def test_a_damaged_backup_is_refused_and_nothing_is_written(service: Settings, tmp_path: Path, harm: str) -> None:
    target = tmp_path / "backup"
    backup.take(service, target, quiet)
    image = target / "orthanc" / "storage" / "ab" / "cd" / "abcd"
    if harm == "changed":
        image.write_bytes(image.read_bytes()[:-1] + b"?")
    elif harm == "missing":
        image.unlink()
    else:
        (target / "spool" / "foreign").write_text("not ours")
    with pytest.raises(Permanent, match="damaged"):
        backup.bring_back(target, load(tmp_path / "again"), quiet)
    assert not (tmp_path / "again").exists()


def test_a_folder_that_holds_something_is_neither_backed_up_into_nor_restored_into(
    service: Settings, tmp_path: Path
) -> None:
    backup.take(service, tmp_path / "backup", quiet)
    with pytest.raises(Permanent, match="empty"):
        backup.take(service, tmp_path / "backup", quiet)
    with pytest.raises(Permanent, match="empty"):
        backup.bring_back(tmp_path / "backup", service, quiet)


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_text("x")
    with pytest.raises(Permanent, match="not a backup"):
        backup.verify(tmp_path)


def test_what_is_kept_elsewhere_is_named_in_the_manifest(service: Settings, tmp_path: Path) -> None:
    elsewhere = load(service.data, archive={"url": "http://archive.example:8042"}).model_copy(
        update={"database_url": "postgresql+psycopg://db.example/reads"}
    )
    backup.take(elsewhere, tmp_path / "backup", quiet)
    told = " ".join(json.loads((tmp_path / "backup" / MANIFEST).read_text())["left_out"])
    assert "pg_dump" in told
    assert "hospital's own archive" in told
    assert not (tmp_path / "backup" / "orthanc").exists()

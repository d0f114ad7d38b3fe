"""The data folder is its owner's alone, and one service's at a time."""

import json
import stat
from pathlib import Path

import pytest

from reads.model.errors import Permanent
from viewer.folder import DataFolder, read_whole, write_whole


def test_nobody_else_can_look_into_the_data_folder(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    assert [stat.S_IMODE(p.stat().st_mode) for p in (folder.root, folder.spool, folder.log)] == [0o700] * 3


def test_a_second_service_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    with folder.held(), pytest.raises(Permanent, match="Another Second Read"), folder.held():
        pass
    with folder.held():
        pass


def test_a_written_file_is_for_its_owner_and_leaves_no_part_behind(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    write_whole(path, {"a": 1})
    write_whole(path, {"a": 2})
    assert json.loads(path.read_text()) == read_whole(path) == {"a": 2}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_reads_as_nothing(tmp_path: Path) -> None:
    assert read_whole(tmp_path / "none.json") is None

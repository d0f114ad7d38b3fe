"""Defaults < secondread.toml < environment < command line."""

from pathlib import Path

import pytest

from reads.model.errors import Permanent
from viewer import settings


def test_everything_listens_on_loopback_by_default(tmp_path: Path) -> None:
    found = settings.load(tmp_path)
    assert {found.dicom.host, found.hl7.host, found.http.host} == {"127.0.0.1"}


def test_each_source_wins_over_the_one_before_and_leaves_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secondread.toml").write_text(
        '[dicom]\nport = 1\nae_title = "FILE"\n[hl7]\nport = 2\n[http]\nport = 3\n'
    )
    monkeypatch.setenv("SECONDREAD_HL7__PORT", "20")
    monkeypatch.setenv("SECONDREAD_HTTP__PORT", "30")
    found = settings.load(tmp_path, http={"port": 300}, dicom={"port": None})
    assert (found.dicom.port, found.hl7.port, found.http.port) == (1, 20, 300)
    assert (found.dicom.ae_title, found.http.threads) == ("FILE", 8)


def test_the_data_folder_named_by_the_environment_is_the_one_whose_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secondread.toml").write_text("[dicom]\nport = 7\n")
    monkeypatch.setenv("SECONDREAD_DATA", str(tmp_path))
    found = settings.load()
    assert (found.data, found.dicom.port) == (tmp_path, 7)


@pytest.mark.parametrize(
    ("text", "named"),
    [("[dicomm]\nport = 1\n", "dicomm"), ("[dicom]\nport = 70000\n", "dicom.port"), ("port =", "secondread.toml")],
)
def test_a_mistake_in_the_file_is_named_in_one_sentence(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "secondread.toml").write_text(text)
    with pytest.raises(Permanent) as told:
        settings.load(tmp_path)
    assert named in told.value.message
    assert "\n" not in told.value.message


def test_a_setting_cannot_be_changed_after_the_start(tmp_path: Path) -> None:
    found = settings.load(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        found.dicom.port = 1  # type: ignore[misc]


def test_a_child_process_finds_the_archive_in_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings.child_environment("http://127.0.0.1:9", "who", "secret", tmp_path)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    archive = settings.load(tmp_path).archive
    assert (archive.url, archive.username, archive.password.get_secret_value()) == (
        "http://127.0.0.1:9",
        "who",
        "secret",
    )
    assert archive.folder == tmp_path


def test_a_password_is_not_shown_when_settings_are_printed(tmp_path: Path) -> None:
    found = settings.load(tmp_path, archive={"password": "do-not-print"})
    assert "do-not-print" not in repr(found)

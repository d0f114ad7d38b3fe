"""The manifest's text holds what was put in."""

import tomllib

from sample_studies.identity import uid
from sample_studies.truth import as_toml


def test_the_manifest_reads_back_as_it_was_written() -> None:
    study = {
        "key": 'a "quoted" \\ name',
        "points": ((1, 2), (3.5, -4.0)),
        "patient": {"name": "Sørbye^Liv"},
        "series": [{"uid": "2.25.1"}],
        "lesion": [],
    }

    read = tomllib.loads(as_toml([study, study]))["study"]

    assert len(read) == 2
    assert read[0]["key"] == study["key"]
    assert read[0]["points"] == [[1, 2], [3.5, -4.0]]
    assert read[0]["patient"] == study["patient"]
    assert read[0]["series"] == study["series"]


def test_a_key_keeps_its_uid_for_ever() -> None:
    assert uid("ct-chest") == "2.25.115152147550150764051390107210462158003"
    assert len({uid("ct-chest", 1, number) for number in range(100)}) == 100

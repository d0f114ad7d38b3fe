"""Fixtures that every kind of test may use."""

from pathlib import Path

import pytest

from sample_studies.build import STAMP
from sample_studies.manifest import STUDIES, SampleStudy, load


@pytest.fixture(scope="session")
def sample_root() -> Path:
    """The folder of the sample studies, made at set-up; tests never fetch anything."""
    if not (STUDIES / STAMP).is_file():
        pytest.fail("The sample studies are not made; run make setup.", pytrace=False)
    return STUDIES


@pytest.fixture(scope="session")
def samples(sample_root: Path) -> dict[str, SampleStudy]:
    """The sample studies by key, with the truth about each."""
    return {study.key: study for study in load()}

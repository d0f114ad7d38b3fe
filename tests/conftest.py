"""Fixtures that every kind of test may use, and what holds for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sample_studies.build import STAMP
from sample_studies.manifest import STUDIES, SampleStudy, load

pytest_plugins = ["tests.databases"]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting in the environment of whoever runs the tests does not reach them."""
    for name in [name for name in os.environ if name.startswith("SECONDREAD_")]:
        monkeypatch.delenv(name)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests: Playwright runs once in a process."""
    from tests.e2e.browser import chromium

    with chromium() as running:
        yield running

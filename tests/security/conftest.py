"""The small hospital, new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.web.hospital import Hospital, hospital, staffed_database


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people in it, to copy."""
    return staffed_database(tmp_path_factory.mktemp("staffed") / "reads.sqlite")


@pytest.fixture
def site(tmp_path: Path, staffed: Path) -> Iterator[Hospital]:
    """An application over a real database, with an account for every role."""
    made = hospital(tmp_path, staffed)
    yield made
    made.store.close()

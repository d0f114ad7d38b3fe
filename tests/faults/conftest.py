"""Fixtures for the fault tests."""

import secrets
import sys

import pytest

from tests.fixtures_archive import archive, orthanc

__all__ = ["archive", "orthanc", "seed"]


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run's random moments, printed so that a failure can be looked into."""
    chosen = secrets.randbelow(2**32)
    sys.stdout.write(f"\nseed of {request.node.name}: {chosen}\n")
    return chosen

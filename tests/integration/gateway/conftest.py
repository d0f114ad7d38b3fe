"""Fixtures for the gateway with a real Orthanc behind it."""

from tests.fixtures_archive import archive, orthanc

__all__ = ["archive", "orthanc"]

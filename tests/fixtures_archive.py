"""A real Orthanc of our own, for tests that need an archive; import the fixtures into a conftest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dicom_gateway.archive import ArchiveAccess, OrthancArchive, OrthancChild

STABLE_AGE_S = 1


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArchiveAccess]:
    """One Orthanc for the whole run; tests keep apart by using UIDs of their own."""
    child = OrthancChild(tmp_path_factory.mktemp("orthanc"), stable_age_s=STABLE_AGE_S)
    access = child.start()
    yield access
    child.stop()


@pytest.fixture
def archive(orthanc: ArchiveAccess) -> Iterator[OrthancArchive]:
    """A client of the shared Orthanc."""
    client = OrthancArchive(orthanc)
    yield client
    client.close()

"""One running service for all of the journeys; each journey brings its own patient or its own case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.service import Account, Service, serve


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """`secondread serve` with an empty data folder."""
    with serve(tmp_path_factory.mktemp("second-read")) as running:
        yield running


@pytest.fixture(scope="session")
def second_reader(service: Service) -> Account:
    """The second reader of the sample hospital; wrote the ECG report (R2001)."""
    return service.add_user("marsh", "second_reader", "--physician-id", "R2001", "--display-name", "Adele Marsh")


@pytest.fixture(scope="session")
def original_reader(service: Service) -> Account:
    """The author of most original reports (R1001)."""
    return service.add_user("okafor", "original_reader", "--physician-id", "R1001", "--display-name", "Ngozi Okafor")


@pytest.fixture(scope="session")
def quality_lead(service: Service) -> Account:
    """Who looks at the discrepancies."""
    return service.add_user("hale", "quality_lead", "--display-name", "Imogen Hale")

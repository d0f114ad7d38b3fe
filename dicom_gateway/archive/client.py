"""orthanc-rest-client made safe for a service: one client's address, pooled connections, explicit timeouts.

As it comes the library keeps the address on classes shared by all clients, mounts a new connection pool for each
call, and gives up after three seconds with one silent retry of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import requests
from apiron import JsonEndpoint, Timeout
from orthanc_rest_client import Orthanc
from orthanc_rest_client import endpoints as shared
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.util.retry import Retry

from dicom_gateway.archive.access import ArchiveAccess
from dicom_gateway.archive.wire import ArchiveAway, ArchiveFailed, ArchiveRefused
from reads.model.errors import Retriable

_SERVICES = {
    "instances": shared.OrthancInstances,
    "modalities": shared.OrthancModalities,
    "patients": shared.OrthancPatients,
    "queries": shared.OrthancQueries,
    "series": shared.OrthancSeries,
    "server": shared.OrthancServer,
    "studies": shared.OrthancStudies,
}
_CORRECTED = {"studies": {"module_patient": JsonEndpoint(path="/studies/{id_}/module-patient/")}}
"""Endpoints that the library misspells."""
_NO_RETRY = Retry(total=0, connect=0, read=0, redirect=0, status=0)
"""Retrying is decided in one place, the forwarder."""


class _PinnedSession(requests.Session):
    """A session that keeps its connection pool: each call of the library tries to mount another."""

    def __init__(self, connections: int) -> None:
        super().__init__()
        self.trust_env = False
        pool = HTTPAdapter(pool_connections=1, pool_maxsize=connections, max_retries=_NO_RETRY)
        super().mount("http://", pool)
        super().mount("https://", pool)

    def mount(self, prefix: str, adapter: Any) -> None:
        """Ignored once the pool is there."""
        if not {"http://", "https://"} <= set(self.adapters):
            super().mount(prefix, adapter)


class OrthancClient(Orthanc):  # type: ignore[misc]  # the library has no types
    """An :class:`orthanc_rest_client.Orthanc` whose settings are its own."""

    def __init__(
        self, access: ArchiveAccess, connect_timeout_s: float, read_timeout_s: float, connections: int
    ) -> None:
        # The parent's __init__ would write the address onto the shared classes.
        self._target = access.url
        self._auth = HTTPBasicAuth(access.username, access.password)
        for name, service in _SERVICES.items():
            own = {"domain": access.url} | _CORRECTED.get(name, {})
            setattr(self, name, type(service.__name__, (service,), own))
        self._session = _PinnedSession(connections)
        self._timeout = Timeout(connect_timeout_s, read_timeout_s)

    def call(self, method: Callable[..., Any], **arguments: Any) -> Any:
        """Call a method or endpoint of this client and translate what goes wrong.

        Returns None where the archive answers 404.

        Raises
        ------
        Retriable
            :class:`ArchiveAway`, :class:`ArchiveFailed`, or an account that is not accepted.
        ArchiveRefused
            The archive answers another 4xx.
        """
        arguments.setdefault("auth", self._auth)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # apiron warns of empty parameters such as ?last
                return method(session=self._session, timeout_spec=self._timeout, retry_spec=_NO_RETRY, **arguments)
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else 500
            if status == 404:
                return None
            if status in (401, 403):
                raise Retriable("The archive does not accept our account: check its user name and password.") from None
            if status >= 500:
                raise ArchiveFailed(f"The archive failed with HTTP status {status}; trying again.") from None
            raise ArchiveRefused(f"The archive refused a request with HTTP status {status}.") from None
        except requests.ConnectionError as error:
            raise ArchiveAway() from error
        except (requests.RequestException, ValueError) as error:
            raise ArchiveFailed("The archive's answer was cut short or could not be understood.") from error

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

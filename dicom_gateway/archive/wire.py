"""Bytes to and from the archive over kept-alive connections, one for each thread.

The control calls go through orthanc-rest-client; files and frames go this way, because it costs a third of the CPU
and streams a large object without holding it.
"""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from dicom_gateway.archive.access import ArchiveAccess
from reads.model.errors import Permanent, Retriable

_PIECE = 1 << 20
AWAY = "The archive does not answer; trying again."


class ArchiveAway(Retriable):
    """Nothing reached the archive: it is down or not up yet."""

    def __init__(self) -> None:
        super().__init__(AWAY)


class ArchiveFailed(Retriable):
    """The archive had the request and failed: it broke the connection or answered 5xx."""


class ArchiveRefused(Permanent):
    """The archive will not take this, however often it is asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, body, content type."""

    status: int
    body: bytes
    content_type: str


class Wire:
    """HTTP to one archive. Each thread that uses it has a connection of its own."""

    def __init__(self, access: ArchiveAccess, timeout_s: float) -> None:
        """`timeout_s` bounds each wait for the archive to send or take bytes."""
        self._url = urlsplit(access.url)
        self._timeout_s = timeout_s
        token = base64.b64encode(f"{access.username}:{access.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}"}
        self._local = threading.local()

    def get(self, path: str) -> Answer:
        """GET a path. Raises :class:`Retriable`."""
        return self._request("GET", path, None, 0)

    def post(self, path: str, body: Iterable[bytes], length: int) -> Answer:
        """POST `length` bytes. `body` may be a one-way stream. Raises :class:`Retriable`."""
        return self._request("POST", path, body, length)

    def get_into(self, path: str, sink: Callable[[bytes], None]) -> int:
        """GET a path and give its body to `sink` piece by piece; the HTTP status. Raises :class:`Retriable`."""
        return self._request("GET", path, None, 0, sink).status

    def close(self) -> None:
        """Close this thread's connection."""
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _request(
        self,
        method: str,
        path: str,
        body: Iterable[bytes] | None,
        length: int,
        sink: Callable[[bytes], None] | None = None,
    ) -> Answer:
        connection = self._connection()
        headers = dict(self._headers)
        if body is not None:
            headers |= {"Content-Length": str(length), "Content-Type": "application/dicom"}
        try:
            connection.request(method, self._url.path + path, body=body, headers=headers)
            response = connection.getresponse()
            while sink and response.status == 200 and (piece := response.read(_PIECE)):
                sink(piece)
            answer = Answer(response.status, response.read(), response.headers.get("Content-Type", ""))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ArchiveFailed("The archive broke the connection; trying again.") from error
        if response.will_close:
            self.close()
        return _judged(answer)

    def _connection(self) -> http.client.HTTPConnection:
        """This thread's connection; a kept one that the archive has closed meanwhile is made anew."""
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is not None and connection.sock is not None and not _peer_has_closed(connection.sock):
            return connection
        self.close()
        secure = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=self._timeout_s, blocksize=1 << 18)
        try:
            connection.connect()
        except OSError as error:
            raise ArchiveAway() from error
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._local.connection = connection
        return connection


def _peer_has_closed(sock: socket.socket) -> bool:
    """An idle HTTP connection has nothing to say; if it is readable, it is at its end."""
    timeout = sock.gettimeout()
    try:
        sock.settimeout(0)
        sock.recv(1)
    except (BlockingIOError, InterruptedError):
        return False
    except OSError:
        return True
    finally:
        sock.settimeout(timeout)
    return True


def _judged(answer: Answer) -> Answer:
    if answer.status in (401, 403):
        raise Retriable("The archive does not accept our account: check its user name and password.")
    if answer.status >= 500:
        raise ArchiveFailed(f"The archive failed with HTTP status {answer.status}; trying again.")
    return answer

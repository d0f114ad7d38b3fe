"""Bytes to and from the archive over kept-alive connections, one for each request under way.

The control calls go through orthanc-rest-client; files and frames go this way, because it costs a third of the CPU
and streams a large object without holding it.
"""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
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
    """HTTP to one archive, for any number of threads."""

    def __init__(self, access: ArchiveAccess, timeout_s: float) -> None:
        """`timeout_s` bounds each wait for the archive to send or take bytes."""
        self._url = urlsplit(access.url)
        self._timeout_s = timeout_s
        token = base64.b64encode(f"{access.username}:{access.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}"}
        self._idle: deque[http.client.HTTPConnection] = deque()
        self._guard = threading.Lock()

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
        """Close the connections that are not in use."""
        with self._guard:
            while self._idle:
                self._idle.pop().close()

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
            with connection.getresponse() as response:
                while sink and response.status == HTTPStatus.OK and (piece := response.read(_PIECE)):
                    sink(piece)
                answer = Answer(response.status, response.read(), response.headers.get("Content-Type", ""))
                last = response.will_close
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise ArchiveFailed("The archive broke the connection; trying again.") from error
        except BaseException:
            connection.close()
            raise
        if last:
            connection.close()
        else:
            self._idle.append(connection)
        return _judged(answer)

    def _connection(self) -> http.client.HTTPConnection:
        """The connection used last, or a new one if none is idle or the archive has closed it meanwhile."""
        while True:
            with self._guard:
                if not self._idle:
                    break
                kept = self._idle.pop()
            if kept.sock is not None and not _peer_has_closed(kept.sock):
                return kept
            kept.close()
        secure = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=self._timeout_s, blocksize=1 << 18)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise ArchiveAway() from error
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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

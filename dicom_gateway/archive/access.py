"""Where the archive is and who we are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ArchiveAccess:
    """An archive's address and our account.

    Parameters
    ----------
    url
        ``http://127.0.0.1:8042``, without a trailing slash.
    username, password
        HTTP basic authentication; the password is in no ``repr``.
    pid
        Process id when the archive is our child.
    folder
        Its storage folder when it is on this machine, so that it can be synced before a spool segment goes.
    """

    url: str
    username: str
    password: str = field(repr=False)
    pid: int | None = None
    folder: Path | None = None

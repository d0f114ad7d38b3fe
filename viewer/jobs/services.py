"""What the worker needs from the outside; put together in the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reads.store import Store, Unit
from reads.workflow.views import Dossier


class ImageSource(Protocol):
    """What a job may ask of the clinical archive: to read. There is no call that stores."""

    def header(self, sop_uid: str) -> bytes:
        """The Part 10 file of an instance, at least up to its pixel data."""
        ...

    def series_sop_uids(self, series_uid: str) -> tuple[str, ...]:
        """The images of a series in viewing order."""
        ...

    def picture(self, dossier: Dossier, finding_number: int) -> bytes:
        """PNG of the image of an anchored finding, its mark drawn in."""
        ...


class PaperMaker(Protocol):
    """Makes the papers of a case, one at a time and each at most once."""

    def kinds(self, case_id: str, version: int) -> tuple[str, ...]:
        """What there is to make, in order; empty when this comparison was superseded."""
        ...

    def make(self, case_id: str, version: int, kind: str) -> str:
        """Make and keep one paper, unless it is there. Its digest (SHA-256, hex)."""
        ...


@dataclass(frozen=True, slots=True)
class JobServices:
    """The worker's tools.

    Parameters
    ----------
    store
        The reads database: outbox in, documents out.
    papers
        What makes the papers of a case.
    clock
        The time, UTC.
    executor
        Name of this worker. What a worker of this name began, the next one of this name goes on with; give each of
        several workers its own.
    """

    store: Store
    papers: PaperMaker
    clock: Callable[[], datetime]
    executor: str = "worker"


DossierOf = Callable[[Unit, str], Dossier]
"""Everything about a compared case; raises ``NotFound`` when it is not compared."""

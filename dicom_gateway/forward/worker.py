"""The forwarder: empties the spool into the archive over several connections, and tries again in one place.

What is tried again and when is decided here and nowhere else: an archive that is away makes everybody wait, an
instance on which the archive fails waits alone, and what can never be archived is set aside with its reason.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import structlog

from dicom_gateway.archive.wire import ArchiveAway
from dicom_gateway.forward.deliver import Archive, Delivered, deliver
from dicom_gateway.spool import SetAsideKind, Spool, SpoolBusy, Waiting
from reads.model.errors import Retriable

log = structlog.get_logger(__name__)

CONNECTIONS = 4
"""More do not make Orthanc faster."""
IDLE_S = 0.05
"""How often an empty spool is looked at."""
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 15.0
GIVE_UP_AFTER = 12
"""So many failures on one instance, of an archive that answers otherwise, and it is set aside."""


@dataclass(slots=True)
class ForwardCounts:
    """What this forwarder has done since it was started."""

    delivered: int = 0
    already_there: int = 0
    set_aside: int = 0
    retried: int = 0


class Forwarder:
    """Forwards from one spool to one archive; run one a spool."""

    def __init__(self, spool: Spool, archive: Archive, connections: int = CONNECTIONS) -> None:
        self._spool = spool
        self._archive = archive
        self._connections = connections
        self._failures: dict[str, int] = {}
        self._later: list[tuple[float, int, Waiting]] = []
        self._order = itertools.count()
        self._under_way: set[str] = set()
        self._guard = threading.Lock()
        self.counts = ForwardCounts()

    def run(self, stop: threading.Event) -> None:
        """Forward until `stop` is set; what is under way then is finished or left for the next start."""
        away = 0
        with ThreadPoolExecutor(self._connections, "forward") as pool:
            under_way: set[Future[bool]] = set()
            while not stop.is_set():
                for item in self._next(2 * self._connections - len(under_way)):
                    under_way.add(pool.submit(self._forward, item, stop))
                if not under_way:
                    self._release()
                    stop.wait(IDLE_S)
                    continue
                done, under_way = wait(under_way, timeout=IDLE_S, return_when="FIRST_COMPLETED")
                reached = [future.result() for future in done]
                if reached:
                    away = 0 if any(reached) else away + 1
                if away:
                    stop.wait(min(FIRST_WAIT_S * 2 ** min(away, 10), LONGEST_WAIT_S / 4))
                self._release()

    def _next(self, room: int) -> list[Waiting]:
        """Instances to forward now: those whose wait is over, then those that came."""
        items: list[Waiting] = []
        with self._guard:
            while self._later and len(items) < room and self._later[0][0] <= time.monotonic():
                items.append(heapq.heappop(self._later)[2])
        if len(items) < room:
            try:
                items += self._spool.take(room - len(items))
            except SpoolBusy:
                log.warning("forward.spool_busy")  # an older forwarder is about to end
        return items

    def _forward(self, item: Waiting, stop: threading.Event) -> bool:
        """Deliver one instance; whether the archive was reached."""
        if stop.is_set():
            return True
        if not self._begin(item):
            self._postpone(item, IDLE_S)
            return True
        try:
            outcome = deliver(item, self._archive)
            if isinstance(outcome, Delivered):
                self._spool.verified(item)
                self._count(delivered=1, already_there=int(outcome.already))
            else:
                self._spool.set_aside(item, outcome.kind, outcome.reason)
                self._count(set_aside=1)
                log.error("forward.set_aside", item=item.item_id, kind=outcome.kind, reason=outcome.reason)
            self._failures.pop(item.item_id, None)
            return True
        except ArchiveAway:
            self._postpone(item, FIRST_WAIT_S)
            return False
        except Retriable as error:
            return self._failed(item, error.message)
        except Exception as error:  # noqa: BLE001  a thread that dies would lose the instance until the next start
            # The disk of the spool or of what is set aside, or a mistake of ours: the instance stays where it is.
            log.error("forward.unexpected", item=item.item_id, error=type(error).__name__)
            self._postpone(item, LONGEST_WAIT_S)
            return True
        finally:
            with self._guard:
                self._under_way.discard(item.arrival.sop_instance_uid)

    def _begin(self, item: Waiting) -> bool:
        """Whether nobody is delivering the same SOP Instance UID: of two with one UID, one must be seen to be first."""
        with self._guard:
            uid = item.arrival.sop_instance_uid
            free = uid not in self._under_way
            self._under_way.add(uid)
            return free

    def _failed(self, item: Waiting, why: str) -> bool:
        """The archive failed on this one. It counts against the instance only if the archive is well without it."""
        try:
            self._archive.ping()
        except Retriable:
            self._postpone(item, FIRST_WAIT_S)
            return False
        failures = self._failures[item.item_id] = self._failures.get(item.item_id, 0) + 1
        log.warning("forward.failed", item=item.item_id, failures=failures, why=why)
        if failures >= GIVE_UP_AFTER:
            reason = f"The archive failed on it {failures} times while it took others. {why}"
            self._spool.set_aside(item, SetAsideKind.FAILED, reason)
            self._failures.pop(item.item_id)
            self._count(set_aside=1)
        else:
            self._postpone(item, min(FIRST_WAIT_S * 2**failures, LONGEST_WAIT_S))
        return True

    def _postpone(self, item: Waiting, seconds: float) -> None:
        with self._guard:
            self.counts.retried += 1
            heapq.heappush(self._later, (time.monotonic() + seconds, next(self._order), item))

    def _count(self, delivered: int = 0, already_there: int = 0, set_aside: int = 0) -> None:
        with self._guard:
            self.counts.delivered += delivered
            self.counts.already_there += already_there
            self.counts.set_aside += set_aside

    def _release(self) -> None:
        """Let go of finished segments, once the archive's own index is on its disk."""
        finished = self._spool.finished_segments()
        if not finished:
            return
        try:
            self._archive.settle()
            self._spool.release(finished)
        except (OSError, Retriable) as error:
            log.warning("forward.not_released", error=type(error).__name__)

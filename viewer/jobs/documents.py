"""The durable job that makes the papers of a signed comparison, one step a paper."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from reads.audit import AuditEvent
from reads.model.errors import Permanent, Retriable, SecondReadError
from viewer.jobs.services import JobServices

KIND = "documents"
"""Kind of the outbox entry; its payload is ``{"case_id", "comparison_version"}``."""

INDEX, PROBLEM = "index", "problem"
"""Kinds of the documents that tell how a job ended: digests of its papers, or why they cannot be made."""

FIRST_WAIT_S = 1.0
WAIT_GROWS_BY = 2.0
ATTEMPTS = 14
"""A paper is tried for two hours (1 + 2 + 4 … s) before its job is given up."""

MAXIMUM_RECOVERIES = 100
"""A job that takes its worker down with it this often is given up."""

_LOG = logging.getLogger(__name__)
T = TypeVar("T")


def register(services: JobServices) -> Callable[[str, int], dict[str, str]]:
    """Make the workflow known to DBOS. What it gets and keeps are ids and digests: no patient data in its database."""
    from dbos import DBOS

    def is_retriable(error: BaseException) -> bool:
        return isinstance(error, Retriable)

    retries: dict[str, Any] = {
        "retries_allowed": True,
        "interval_seconds": FIRST_WAIT_S,
        "backoff_rate": WAIT_GROWS_BY,
        "max_attempts": ATTEMPTS,
        "should_retry": is_retriable,
    }

    @DBOS.step(name="list_papers", **retries)
    def list_papers(case_id: str, version: int) -> list[str]:
        return list(spoken(lambda: services.papers.kinds(case_id, version)))

    @DBOS.step(name="make_paper", **retries)
    def make_paper(case_id: str, version: int, kind: str) -> str:
        return spoken(lambda: services.papers.make(case_id, version, kind))

    @DBOS.step(name="record_outcome", **retries)
    def record_outcome(case_id: str, version: int, made: dict[str, str], problem: str) -> None:
        spoken(lambda: _record(services, case_id, version, made, problem))

    @DBOS.workflow(name="write_documents", max_recovery_attempts=MAXIMUM_RECOVERIES)
    def write_documents(case_id: str, version: int) -> dict[str, str]:
        """Make all papers of a comparison. What can be made is made, even when another cannot."""
        made: dict[str, str] = {}
        problems: list[str] = []
        try:
            kinds = list_papers(case_id, version)
        except Exception as why:
            record_outcome(case_id, version, {}, f"list: {_words(why)}")
            raise
        for kind in kinds:
            try:
                made[kind] = make_paper(case_id, version, kind)
            except Exception as why:  # noqa: BLE001 (recorded below, and the workflow fails)
                problems.append(f"{kind}: {_words(why)}")
        if kinds:
            record_outcome(case_id, version, made, "; ".join(problems))
        if problems:
            raise Permanent("; ".join(problems))
        return made

    return write_documents


def spoken(step: Callable[[], T]) -> T:
    """Run a step; an unexpected exception becomes a Permanent one without its text, which may quote a patient.

    DBOS keeps the exceptions of steps in its database and in the log.
    """
    try:
        return step()
    except SecondReadError:
        raise
    except Exception as why:  # noqa: BLE001 (logged, and raised again below without its text)
        frame = traceback.extract_tb(why.__traceback__)[-1]
        words = f"{type(why).__name__} at {frame.name}, line {frame.lineno}"
        _LOG.exception("a step of a job failed")
    raise Permanent(f"This paper cannot be made ({words}). The log of the worker says where.")


def _words(why: BaseException) -> str:
    if isinstance(why, SecondReadError):
        return why.message
    errors = getattr(why, "errors", None)  # DBOSMaxStepRetriesExceeded keeps what each attempt raised
    last = errors[-1] if isinstance(errors, list) and errors else None
    return last.message if isinstance(last, SecondReadError) else type(why).__name__


def _record(services: JobServices, case_id: str, version: int, made: dict[str, str], problem: str) -> None:
    """Write the outcome once: as a document beside the papers, and in the audit trail.

    A list of the papers with their digests (kind ``index``), or the words of what went wrong (kind ``problem``).
    """
    if problem:
        _LOG.error("papers of case %s, version %d, cannot be written: %s", case_id, version, problem)
        kind, media_type, data = PROBLEM, "text/plain; charset=utf-8", problem.encode()
    else:
        kind, media_type, data = INDEX, "application/json", json.dumps(made, sort_keys=True).encode()
    event = AuditEvent.DOCUMENTS_FAILED if problem else AuditEvent.DOCUMENTS_WRITTEN
    detail: dict[str, Any] = {"version": version, "problem": problem} if problem else {"version": version, **made}
    outcome = "failure" if problem else "success"
    now = services.clock()
    with services.store.unit() as unit:
        if unit.documents.get(case_id, kind, version) is None:
            unit.documents.put(case_id, kind, media_type, data, now, version)
            unit.audit.record(event, None, "case", case_id, now, outcome=outcome, detail=detail)

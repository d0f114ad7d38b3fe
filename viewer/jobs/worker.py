"""The worker: takes jobs from the outbox and carries them through, over restarts and kills, with DBOS."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from reads.store.outbox import OutboxEntry
from viewer.jobs import documents
from viewer.jobs.outbox import OutboxDispatcher
from viewer.jobs.services import JobServices

APPLICATION_VERSION = "1"
"""Of the jobs, not of the product: jobs begun before an upgrade go on after it. Grows when a job's steps change."""

QUEUE = "documents"
AT_ONCE = 2
"""Papers made at the same time by one worker: laying out a page takes a processor to itself."""

QUEUE_POLL_S = 0.5
_END_WAIT_S = 10


def run_worker(
    services: JobServices,
    jobs_database_url: str,
    stop: threading.Event,
    on_up: Callable[[], None] = lambda: None,
) -> None:
    """Do jobs until told to stop; then let running steps end, within seconds. What is unfinished goes on next time.

    Parameters
    ----------
    services
        The worker's tools.
    jobs_database_url
        SQLAlchemy URL (SQLite or PostgreSQL) of DBOS's own tables; made when they are not there.
    stop
        Set it to end the worker.
    on_up
        Called once jobs are being taken.
    """
    from dbos import DBOS, SetWorkflowID

    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS(config=configuration(jobs_database_url, services.executor))
    try:
        write_documents = documents.register(services)
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=QUEUE_POLL_S)

        def start_documents(entry: OutboxEntry) -> None:
            with SetWorkflowID(f"{entry.kind}:{entry.key}"):
                DBOS.enqueue_workflow(
                    QUEUE, write_documents, str(entry.payload["case_id"]), int(entry.payload["comparison_version"])
                )

        on_up()
        OutboxDispatcher(services.store, {documents.KIND: start_documents}).run(stop)
    finally:
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=_END_WAIT_S)


def configuration(jobs_database_url: str, executor: str) -> Any:
    """DBOS's configuration: nothing leaves this machine, nothing is read from the environment."""
    return {
        "name": "second-read",
        "system_database_url": jobs_database_url,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor,
        "enable_otlp": False,
        "log_level": "WARNING",
        "use_listen_notify": False,
        "max_executor_threads": 16,
    }

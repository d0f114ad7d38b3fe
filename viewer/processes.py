"""What each of the four processes does until it is told to stop."""

from __future__ import annotations

import threading
from types import FrameType

from viewer import compose
from viewer.child import came_up
from viewer.folder import DataFolder
from viewer.settings import Settings


def gateway(settings: Settings, stop: threading.Event) -> None:
    """Listen for images and reports."""
    receiver = compose.receiver(settings, compose.spool(settings))
    reports = compose.mllp_listener(settings, compose.store(settings))
    dicom_port = receiver.start()
    try:
        hl7_port = reports.start()
        try:
            came_up(DataFolder(settings.data), "gateway", **{"dicom-port": dicom_port, "hl7-port": hl7_port})
            stop.wait()
        finally:
            reports.stop()
    finally:
        receiver.stop()


def forward(settings: Settings, stop: threading.Event) -> None:
    """Empty the spool into the archive, and tell the worklist what arrived there."""
    archive = compose.archive(settings)
    forwarder = compose.forwarder(compose.spool(settings), archive)
    feed = compose.arrival_feed(settings, archive, compose.store(settings))
    following = threading.Thread(target=feed.run, args=(stop,), name="arrivals")
    following.start()
    try:
        came_up(DataFolder(settings.data), "forward")
        forwarder.run(stop)
    finally:
        stop.set()
        following.join()


def worker(settings: Settings, stop: threading.Event) -> None:
    """Do the durable jobs."""
    from viewer.jobs.worker import run_worker

    run_worker(
        compose.job_services(settings),
        settings.jobs_url,
        stop,
        on_up=lambda: came_up(DataFolder(settings.data), "worker"),
    )


def web(settings: Settings, stop: threading.Event) -> None:
    """Answer browsers with waitress until a signal ends it."""
    import signal

    server = compose.web_server(settings)

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        raise SystemExit(0)  # waitress ends its loop on this and lets running requests finish

    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, end)
    came_up(DataFolder(settings.data), "web", **{"http-port": int(server.effective_port)})
    if not stop.is_set():
        server.run()
    server.close()

"""`secondread gateway|forward|worker|web`: one process of the service; `serve` starts all four."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import click

from viewer.child import end_with_parent
from viewer.cli import options
from viewer.settings import Settings

parent = click.option("--parent", type=int, default=None, hidden=True, help="Process id of the supervisor.")


def _run(name: str, body: Callable[[Settings, threading.Event], None], parent: int | None, settings: Settings) -> None:
    """Run a part until SIGTERM or SIGINT."""
    from viewer import compose, logs

    stop = threading.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, lambda *_: stop.set())
    if parent is not None:
        end_with_parent(parent)
    folder = compose.prepare(settings)
    logs.start(name, folder.log)
    body(settings, stop)


@click.command()
@options.data
@options.port("dicom-port", "DICOM receiver", 11112)
@options.port("hl7-port", "HL7 listener", 2575)
@parent
def gateway(data: Path | None, dicom_port: int | None, hl7_port: int | None, parent: int | None) -> None:
    """Receive images (DICOM) and reports (HL7)."""
    from viewer import processes

    _run("gateway", processes.gateway, parent, options.settings_of(data, dicom_port, hl7_port))


@click.command()
@options.data
@parent
def forward(data: Path | None, parent: int | None) -> None:
    """Carry images from the spool into the archive, and studies from there to the worklist."""
    from viewer import processes

    _run("forward", processes.forward, parent, options.settings_of(data))


@click.command()
@options.data
@parent
def worker(data: Path | None, parent: int | None) -> None:
    """Do the durable jobs: documents, deadlines."""
    from viewer import processes

    _run("worker", processes.worker, parent, options.settings_of(data))


@click.command()
@options.data
@options.port("http-port", "web application", 8080)
@parent
def web(data: Path | None, http_port: int | None, parent: int | None) -> None:
    """Serve the pages and the reading room."""
    from viewer import processes

    _run("web", processes.web, parent, options.settings_of(data, http_port=http_port))

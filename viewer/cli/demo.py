"""`secondread demo`: the whole service with sample studies and somebody for each role."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import structlog

from reads.model.errors import Permanent, SecondReadError
from viewer.cli import options
from viewer.cli.progress import Steps
from viewer.settings import ArchiveSettings, Settings

if TYPE_CHECKING:
    from viewer.demo import Credential


@click.command()
@options.data
@click.option(
    "--samples",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder with a folder for each sample study.",
)
@options.port("dicom-port", "DICOM receiver", 11112)
@options.port("hl7-port", "HL7 listener", 2575)
@options.port("http-port", "web application", 8080)
def demo(
    data: Path | None, samples: Path, dicom_port: int | None, hl7_port: int | None, http_port: int | None
) -> int | None:
    """Start everything with sample studies; a second run goes on where the first was."""
    from viewer import compose, logs
    from viewer.cli import FAILED
    from viewer.demo import studies_in

    studies = studies_in(samples)
    settings = _with_free_ports(options.settings_of(data, dicom_port, hl7_port, http_port))
    folder = compose.prepare(settings)
    logs.start("serve", folder.log)
    supervisor = compose.supervisor(settings, None, announce=click.echo)
    stopping = supervisor.stopping
    wrong: list[str] = []

    def fill(ready: dict[str, Any]) -> None:
        from reads.ports import SystemClock
        from viewer.demo import Filling, people

        reads = compose.store(settings)
        way = ArchiveSettings(**ready["archive"])
        archive = compose.archive(settings.model_copy(update={"archive": way}))
        try:
            credentials = people(reads, folder, ready["http"], SystemClock().now())
            with Steps() as steps:
                Filling(studies, reads, archive, ready, settings.hl7.accession_from, steps, stopping).run()
            if not stopping.is_set():
                _show(ready["http"], credentials)
        finally:
            reads.close()

    def in_background(ready: dict[str, Any]) -> None:
        """Fill while the main thread keeps the processes running; what goes wrong ends the demonstration."""
        try:
            fill(ready)
        except Exception as error:  # noqa: BLE001 - the last stop of this thread: told to the user and logged
            if not stopping.is_set():
                structlog.stdlib.get_logger(__name__).error("the demo could not be filled", exc_info=error)
                wrong.append(error.message if isinstance(error, SecondReadError) else "the log says where it failed.")
                supervisor.stop()

    supervisor.on_ready = lambda ready: threading.Thread(target=in_background, args=(ready,), daemon=True).start()
    supervisor.run()
    if wrong:
        click.echo(f"Error: {wrong[0]}", err=True)
        return FAILED
    click.echo("Stopped.")
    return None


def _with_free_ports(settings: Settings) -> Settings:
    """The settings, with a free port in place of each that is taken: a demonstration should not fail on one."""
    from viewer.supervise import require_free

    for group in ("dicom", "hl7", "http"):
        wanted = getattr(settings, group)
        try:
            require_free(wanted.host, wanted.port, group, f"--{group}-port")
        except Permanent:
            click.echo(f"Port {wanted.port} is in use; {group.upper()} takes a free one.")
            settings = settings.model_copy(update={group: wanted.model_copy(update={"port": 0})})
    return settings


def _show(url: str, credentials: tuple[Credential, ...]) -> None:
    click.echo(f"\nReady: {url}\n")
    for who in credentials:
        password = f"one-time password  {who.password}" if who.password else "password as you chose it"
        click.echo(f"  {who.role:16} {who.username:10} {password}")
    click.echo("\nStop with Ctrl-C; the next start goes on from here.")

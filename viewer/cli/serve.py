"""`secondread serve`: the whole service on one machine."""

from __future__ import annotations

from pathlib import Path

import click

from viewer.cli import options


@click.command()
@options.data
@options.port("dicom-port", "DICOM receiver", 11112)
@options.port("hl7-port", "HL7 listener", 2575)
@options.port("http-port", "web application", 8080)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Written when all is up: how the service is reached, in JSON; removed at the end.",
)
def serve(
    data: Path | None, dicom_port: int | None, hl7_port: int | None, http_port: int | None, ready_file: Path | None
) -> None:
    """Start everything on this machine and keep it running."""
    from viewer import compose, logs

    settings = options.settings_of(data, dicom_port, hl7_port, http_port)
    folder = compose.prepare(settings)
    logs.start("serve", folder.log)
    supervisor = compose.supervisor(settings, ready_file, announce=click.echo)
    supervisor.on_ready = lambda ready: click.echo(f"Ready: {ready['http']}")
    supervisor.run()
    click.echo("Stopped.")

"""`secondread backup` and `secondread restore`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from viewer.cli import options


def _progress(as_json: bool) -> Callable[[str], None]:
    return lambda part: click.echo(f"  {part}", err=as_json)


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@options.data
@options.as_json
def backup(target: Path, data: Path | None, as_json: bool) -> None:
    """Copy everything a service must not lose into the new folder TARGET; the service may run."""
    from viewer import backup as backups

    manifest = backups.take(options.settings_of_existing(data), target, _progress(as_json))
    if as_json:
        click.echo(
            json.dumps({key: value for key, value in manifest.items() if key != "files"} | {"folder": str(target)})
        )
        return
    for sentence in backups.left_out(options.settings_of_existing(data)):
        click.echo(f"Not in this backup: {sentence}.")
    click.echo(f"Done: {target}")


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.data
@options.as_json
def restore(source: Path, data: Path | None, as_json: bool) -> None:
    """Make the data folder again from the backup SOURCE, checking each file."""
    from viewer import backup as backups

    settings = options.settings_of(data)
    files = backups.bring_back(source, settings, _progress(as_json))
    if as_json:
        click.echo(json.dumps({"data": str(settings.data), "files": files}))
    else:
        click.echo(f"Done: {files} files in {settings.data}; start the service as before.")

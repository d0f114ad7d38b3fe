"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from viewer.settings import Settings, load

Command = TypeVar("Command", bound=Callable[..., Any])

data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Data folder of the service.  [default: SECONDREAD_DATA, or ./data]",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def port(name: str, what: str, default: int) -> Callable[[Command], Command]:
    """A decorator for the option ``--NAME`` of a TCP port."""
    return click.option(
        f"--{name}",
        type=click.IntRange(0, 65535),
        default=None,
        help=f"TCP port of the {what}; 0 takes a free one.  [default: {default}]",
    )


def settings_of(
    data: Path | None, dicom_port: int | None = None, hl7_port: int | None = None, http_port: int | None = None
) -> Settings:
    """The settings, with what the command line says on top."""
    return load(data, dicom={"port": dicom_port}, hl7={"port": hl7_port}, http={"port": http_port})


def settings_of_existing(data: Path | None) -> Settings:
    """The settings of a service that has been started before; a mistyped folder is not made.

    Raises
    ------
    click.UsageError
        When there is no such data folder.
    """
    settings = load(data)
    if not settings.data.is_dir():
        raise click.UsageError(f"There is no data folder {settings.data}; name the folder of the service by --data.")
    return settings

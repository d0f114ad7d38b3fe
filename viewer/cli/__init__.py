"""The command line: what an operator, a script or a test types."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from importlib import import_module

import click

from reads.model.errors import SecondReadError

DONE, FAILED, WRONG_USAGE = 0, 1, 2
COMMANDS = {
    "serve": ("viewer.cli.serve", "serve"),
    "demo": ("viewer.cli.demo", "demo"),
    "gateway": ("viewer.cli.parts", "gateway"),
    "forward": ("viewer.cli.parts", "forward"),
    "worker": ("viewer.cli.parts", "worker"),
    "web": ("viewer.cli.parts", "web"),
    "user": ("viewer.cli.user", "user"),
    "spool": ("viewer.cli.spool", "spool"),
    "doctor": ("viewer.cli.doctor", "doctor"),
    "backup": ("viewer.cli.backup", "backup"),
    "restore": ("viewer.cli.backup", "restore"),
}


class Commands(click.Group):
    """Imports a command's module only when it is asked for, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="second-read", prog_name="secondread")
def secondread() -> None:
    """Second Read: an independent second look at radiology studies."""


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns
    -------
    int
        0 done, 1 failed with one sentence on standard error, 2 wrong usage.
    """
    try:
        result = secondread.main(list(arguments), prog_name="secondread", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return WRONG_USAGE
    except click.ClickException as error:
        error.show()
        return FAILED
    except SecondReadError as error:
        click.echo(f"Error: {error.message}", err=True)
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 128 + signal.SIGINT
    return result if isinstance(result, int) else DONE

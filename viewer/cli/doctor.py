"""`secondread doctor`: is everything here that the service needs?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from viewer.cli import options


@click.command()
@options.data
@options.as_json
def doctor(data: Path | None, as_json: bool) -> int:
    """Check the installation; say what is wrong and how to mend it."""
    from viewer.cli import FAILED
    from viewer.doctor import examine

    findings = examine(options.settings_of(data))
    if as_json:
        click.echo(json.dumps([{"check": f.check, "ok": f.ok, "found": f.found, "mend": f.mend} for f in findings]))
    else:
        for finding in findings:
            click.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.check}: {finding.found}")
            if not finding.ok:
                click.echo(f"       {finding.mend}")
    return 0 if all(finding.ok for finding in findings) else FAILED

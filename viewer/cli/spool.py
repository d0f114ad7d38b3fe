"""`secondread spool`: what waits for the archive, and what was set aside."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from viewer.cli import options

NS_PER_S = 1_000_000_000


@click.command()
@options.data
@options.as_json
def spool(data: Path | None, as_json: bool) -> None:
    """Show how many images wait for the archive, and which were set aside; the service may run."""
    from viewer import compose

    status = compose.spool(options.settings_of_existing(data)).status()
    since = datetime.fromtimestamp(status.oldest_at_ns / NS_PER_S, UTC) if status.oldest_at_ns else None
    oldest = since.isoformat(timespec="seconds") if since else None
    if as_json:
        told = {
            "waiting": status.waiting,
            "waiting_bytes": status.waiting_bytes,
            "oldest_at": oldest,
            "free_bytes": status.free_bytes,
            "set_aside": [asdict(each) for each in status.set_aside],
        }
        click.echo(json.dumps(told))
        return
    click.echo(f"Waiting for the archive: {status.waiting} images, {status.waiting_bytes / 1e6:.1f} MB")
    if oldest:
        click.echo(f"The oldest came at {oldest}")
    click.echo(f"Set aside: {len(status.set_aside)}")
    for each in status.set_aside:
        click.echo(f"  {each.set_aside_at}  {each.kind}  {each.reason}  aside/{each.file}")

"""How far a long command is: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Steps:
    """A context in which steps are shown one below the other."""

    def __init__(self) -> None:
        console = Console()
        self._bars = (
            Progress(
                TextColumn("{task.description:24}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
            )
            if console.is_terminal
            else None
        )

    def __enter__(self) -> Steps:
        """Begin to show."""
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave what was shown as it is."""
        if self._bars is not None:
            self._bars.stop()

    def step(self, title: str, total: int) -> Callable[[int], None]:
        """Begin a step of ``total`` parts; call what comes back with the number that is done."""
        if self._bars is None:
            return lambda done: click.echo(f"{title}: {done}/{total}") if done == total else None
        bars, task = self._bars, self._bars.add_task(title, total=total)
        return lambda done: bars.update(task, completed=done)

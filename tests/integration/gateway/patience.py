"""Waiting for something to become true, with a deadline, instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_LOOK_S = 0.02


def until(condition: Callable[[], T | None], what: str, deadline_s: float = 30.0) -> T:
    """The first true value of `condition`; fails naming `what` was waited for."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline_s} s in vain: {what}")
        time.sleep(_LOOK_S)

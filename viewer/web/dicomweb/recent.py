"""Answers of a moment ago, used again for a moment: a reader loads hundreds of frames of one series at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

V = TypeVar("V")
MOST = 512


class Recent(Generic[V]):
    """Values by key, each kept for a short while. Safe between threads; failures are not kept."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._known: dict[Hashable, tuple[float, V]] = {}

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a moment ago, or a new one."""
        with self._lock:
            known = self._known.get(key)
        if known is not None and monotonic() - known[0] < self._fresh_s:
            return known[1]
        value = make()
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = (monotonic(), value)
        return value

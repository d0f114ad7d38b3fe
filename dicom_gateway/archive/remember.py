"""A small memory of what never changes in an archive."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Remember(Generic[V]):
    """The last `size` values by key; the oldest is forgotten. Safe between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[str, V] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: str) -> V | None:
        """The value, or None."""
        with self._guard:
            return self._values.get(key)

    def put(self, key: str, value: V) -> None:
        """Remember a value."""
        with self._guard:
            self._values[key] = value
            if len(self._values) > self._size:
                self._values.popitem(last=False)

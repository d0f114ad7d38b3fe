"""What was answered a moment ago is used again, but never a refusal and never for somebody else."""

from __future__ import annotations

import pytest

from reads.model.errors import NotFound
from viewer.web.dicomweb.recent import Recent


def test_a_value_is_made_once_for_each_key() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    recent: Recent[str] = Recent(fresh_s=60)
    assert [recent.get(name, lambda name=name: make(name)) for name in ("a", "b", "a")] == ["a", "b", "a"]  # type: ignore[misc]
    assert made == ["a", "b"]


def test_an_old_value_is_made_again() -> None:
    values = iter((1, 2))
    recent: Recent[int] = Recent(fresh_s=0)
    assert [recent.get("a", lambda: next(values)) for _ in range(2)] == [1, 2]


def test_a_refusal_is_not_kept() -> None:
    def refuse() -> str:
        raise NotFound("no")

    recent: Recent[str] = Recent(fresh_s=60)
    with pytest.raises(NotFound):
        recent.get("a", refuse)
    assert recent.get("a", lambda: "yes") == "yes"

"""The labels of the vocabularies, for pages."""

from __future__ import annotations

from reads import terms


def cause_label(code: str) -> str:
    """Why something differs, in words; empty when nobody said."""
    return next((c.label for c in terms.causes() if c.code.value == code), "")


def type_label(code: str) -> str:
    """What differs, in words."""
    return next((t.label for t in terms.discrepancy_types() if t.code.value == code), code)


def actionable_label(category: int | None) -> str:
    """How soon somebody must be told, in words; empty when nobody must."""
    label = next((label for number, _, label in terms.actionable() if number == category), "")
    return label.partition(": ")[2] or label

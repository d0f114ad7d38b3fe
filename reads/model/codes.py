"""Coded concepts (PS3.3 8.1): value, scheme, meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Code:
    """A coded concept as in the Code Sequence Macro (PS3.3 table 8.8-1).

    Two codes are the same concept when value and scheme are; the meaning is for people.
    """

    value: str
    scheme: str
    meaning: str

    def same_concept(self, other: Code) -> bool:
        """Whether both name one concept (PS3.3 8.2)."""
        return (self.value, self.scheme) == (other.value, other.scheme)


class Side(StrEnum):
    """Laterality of a finding (CID 244)."""

    RIGHT = "right"
    LEFT = "left"
    BILATERAL = "bilateral"
    MIDLINE = "midline"
    NONE = "none"

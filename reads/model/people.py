"""The people of a second read and the parts they play."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do; see :mod:`reads.model.access`."""

    PACS_ADMIN = "pacs_admin"
    SECOND_READER = "second_reader"
    ORIGINAL_READER = "original_reader"
    ARBITER = "arbiter"
    QUALITY_LEAD = "quality_lead"
    REQUESTER = "requester"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """An account.

    ``physician_id`` is the hospital's id of the person (OBR-32.1); by it the original reader is told and
    nobody is given their own report to judge.
    """

    user_id: int
    username: str
    display_name: str
    roles: frozenset[Role]
    physician_id: str = ""
    active: bool = True

"""Permissions, and which role holds which. What is not granted is denied."""

from __future__ import annotations

from enum import StrEnum

from reads.model.people import Person, Role


class Permission(StrEnum):
    """What a route or a use case may ask for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    SEE_ARRIVALS = "see_arrivals"
    SEE_WORKLIST = "see_worklist"
    READ_CASE = "read_case"
    SEE_INBOX = "see_inbox"
    SEE_QUALITY = "see_quality"
    MANAGE_PEOPLE = "manage_people"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PACS_ADMIN: frozenset({Permission.SEE_ARRIVALS}),
    Role.SECOND_READER: frozenset({Permission.SEE_WORKLIST, Permission.READ_CASE}),
    Role.ORIGINAL_READER: frozenset({Permission.SEE_INBOX}),
    Role.ARBITER: frozenset({Permission.SEE_WORKLIST}),
    Role.QUALITY_LEAD: frozenset({Permission.SEE_ARRIVALS, Permission.SEE_QUALITY}),
    Role.REQUESTER: frozenset(),
    Role.ADMIN: frozenset({Permission.SEE_ARRIVALS, Permission.MANAGE_PEOPLE}),
}


def permits(person: Person | None, permission: Permission) -> bool:
    """Whether this person, or nobody (``None``), holds the permission."""
    if permission is Permission.PUBLIC:
        return True
    if person is None or not person.active:
        return False
    if permission is Permission.SIGNED_IN:
        return True
    return any(permission in GRANTS[role] for role in person.roles)

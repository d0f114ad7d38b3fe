"""What can go wrong in a second read, in words for the person who can mend it."""

from __future__ import annotations


class SecondReadError(Exception):
    """Base of every error that this product raises on purpose.

    Parameters
    ----------
    message
        One sentence for the person who met it: what, why, what to do. Never holds patient data.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Permanent(SecondReadError):
    """Trying the same again cannot help."""


class Retriable(SecondReadError):
    """The same call may succeed later."""


class DomainError(Permanent):
    """A rule of the second read forbids this step."""


class NotAllowed(DomainError):
    """This person may not do this, or may not know whether it exists."""


class NotFound(DomainError):
    """There is no such thing, or this person must not learn that there is."""


class Conflict(DomainError):
    """Somebody else was first, or the page shows an older state."""


class Invalid(DomainError):
    """What was entered is incomplete or contradicts itself.

    Parameters
    ----------
    message
        The sentence for the person.
    field
        The name of the entry to mend, if there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

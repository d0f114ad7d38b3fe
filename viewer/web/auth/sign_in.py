"""Proving who somebody is, for the form and the API alike."""

from __future__ import annotations

from reads.model.errors import DomainError
from reads.workflow import people
from viewer.web import sessions
from viewer.web.auth import throttle
from viewer.web.services import now, services


def sign_in(username: str, password: str) -> sessions.Session:
    """Check the password and start a session.

    Raises
    ------
    DomainError
        Wrong user name or password, or too many failures: one sentence that does not say which.
    """
    try:
        person = people.authenticate(services().store, username, password, now())
    except DomainError:
        throttle.refused()
        raise
    return sessions.begin(person)

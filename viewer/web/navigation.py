"""The header of every page: only what the person may open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request

from reads.model.access import Permission, permits
from reads.model.people import Person
from reads.workflow import people
from viewer.web import csrf, sessions
from viewer.web.services import services


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the header: endpoint, label, who sees it."""

    endpoint: str
    label: str
    permission: Permission


PLACES = (
    Place("worklist.page", "Worklist", Permission.READ_CASE),
    Place("inbox.page", "Inbox", Permission.SEE_INBOX),
    Place("quality.page", "Quality", Permission.SEE_QUALITY),
    Place("arrivals.page", "Arrivals", Permission.SEE_ARRIVALS),
    Place("people.page", "People", Permission.MANAGE_PEOPLE),
)


def places(person: Person | None) -> tuple[Place, ...]:
    """What this person sees in the header."""
    return tuple(place for place in PLACES if permits(person, place.permission))


def home(person: Person) -> str:
    """The endpoint where this person starts."""
    own = places(person)
    return own[0].endpoint if own else "password.page"


def install(app: Flask) -> None:
    """Give the templates the person, the header and the CSRF token."""

    @app.context_processor
    def header() -> dict[str, object]:
        person = sessions.current_person()
        once_until = None
        if person is not None:
            with services().store.unit(write=False) as unit:
                once_until = people.password_expires_at(unit, person.user_id)
        return {
            "person": person,
            "places": places(person),
            "here": request.path,
            "once_until": once_until,
            "csrf_token": csrf.current_token,
            "csrf_field": csrf.field,
        }

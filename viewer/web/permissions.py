"""Every route says who may use it; a route that says nothing answers 403 to everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from flask import Flask, request

from reads.model.access import Permission, permits
from reads.model.errors import NotAllowed
from viewer.web import sessions
from viewer.web.errors import NotSignedIn

P = ParamSpec("P")
R = TypeVar("R")
_DECLARED = "__route_rule__"


@dataclass(frozen=True, slots=True)
class RouteRule:
    """Who may use a route, and whether using it counts as the person being there.

    ``counts_as_use`` is False for what a page asks for by itself (polling): that must not keep a session alive.
    """

    permission: Permission
    counts_as_use: bool = True


def needs(permission: Permission, *, counts_as_use: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the permission of a view function. Put it closest to the function."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _DECLARED, RouteRule(permission, counts_as_use))
        return view

    return declare


def rule_of(view: Callable[..., object] | None) -> RouteRule | None:
    """What a view function declared, or None."""
    rule = getattr(view, _DECLARED, None)
    return rule if isinstance(rule, RouteRule) else None


def install(app: Flask) -> None:
    """Check the permission before each request."""

    @app.before_request
    def check() -> None:
        if request.endpoint is None:
            return  # no such page: the 404 handler answers
        rule = rule_of(app.view_functions.get(request.endpoint))
        if rule is None:
            raise NotAllowed("This address is closed: nobody has said who may use it.")
        if rule.permission is Permission.PUBLIC:
            return
        person = sessions.current_person(counts_as_use=rule.counts_as_use)
        if person is None:
            raise NotSignedIn()
        if not permits(person, rule.permission):
            raise NotAllowed("Your account may not use this page. Go back to your own pages.")

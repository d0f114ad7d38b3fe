"""Every route declares who may use it; what is not declared is closed; roles get theirs and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask

from reads.model.access import GRANTS, Permission
from reads.model.people import Role
from tests.integration.web.hospital import Browser, Hospital, with_canary_case
from tests.security.walk import send, steps
from viewer.web.permissions import rule_of

ALL = ("GET", "POST", "PUT", "DELETE", "PATCH")
REFUSED = "Your account may not use this page"


def permission_of(app: Flask, endpoint: str) -> Permission:
    rule = rule_of(app.view_functions[endpoint])
    assert rule is not None
    return rule.permission


def test_every_route_declares_its_permission(site: Hospital) -> None:
    silent = [r.rule for r in site.app.url_map.iter_rules() if rule_of(site.app.view_functions[r.endpoint]) is None]
    assert silent == []


def test_a_route_that_declares_nothing_is_closed_to_everybody(site: Hospital) -> None:
    site.app.add_url_rule("/forgotten", "forgotten", lambda: "QUAX")
    for client in (site.app.test_client(), site.sign_in("admin").client):
        answer = client.get("/forgotten")
        assert answer.status_code == 403
        assert "QUAX" not in answer.text


def test_only_these_routes_are_open_to_the_world(site: Hospital) -> None:
    public = {r.rule for r in site.app.url_map.iter_rules() if permission_of(site.app, r.endpoint) is Permission.PUBLIC}
    assert public == {
        "/login",
        "/healthz",
        "/metrics",
        "/static/<name>",
        "/static/dist/<path:name>",
        "/api/v1/session",
    }


def test_nobody_who_is_not_signed_in_gets_anything(site: Hospital) -> None:
    case_id = with_canary_case(site)
    for step in steps(site.app, case_id, ALL):
        if permission_of(site.app, step.endpoint) is Permission.PUBLIC:
            continue
        answer = send(Browser(site.app.test_client()), step)
        assert answer.status_code in (303, 401), step
        if answer.status_code == 303:
            assert answer.headers["Location"].startswith("/login")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_what_it_was_not_granted_and_only_that(site: Hospital, role: Role) -> None:
    case_id = with_canary_case(site)
    granted = GRANTS[role] | {Permission.PUBLIC, Permission.SIGNED_IN}
    browser = site.sign_in(str(role))
    for step in steps(site.app, case_id, ALL):
        if step.endpoint in ("auth.logout", "api_session.sign_out"):
            continue
        answer = send(browser, step)
        is_refused = answer.status_code == 403 and REFUSED in answer.text
        assert is_refused == (permission_of(site.app, step.endpoint) not in granted), step
        assert answer.status_code < 500, step

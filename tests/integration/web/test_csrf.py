"""An unsafe request must prove that it comes from one of our own pages."""

from __future__ import annotations

import re

import pytest

from tests.integration.web.hospital import PASSWORD, Browser, Hospital


def form_token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    assert found
    return found.group(1)


def test_an_unsafe_request_without_a_token_is_refused(site: Hospital) -> None:
    browser = site.sign_in("admin")
    assert browser.client.delete("/api/v1/session").status_code == 403
    assert browser.get("/api/v1/session").status_code == 200


def test_the_token_of_one_session_is_worth_nothing_in_another(site: Hospital) -> None:
    mine, theirs = site.sign_in("admin"), site.sign_in("quality_lead")
    mine.csrf = theirs.csrf
    assert mine.send("DELETE", "/api/v1/session").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "null origin", "fetch metadata"],
)
def test_another_site_is_refused_even_with_the_token(site: Hospital, headers: dict[str, str]) -> None:
    browser = site.sign_in("admin")
    answer = browser.client.delete("/api/v1/session", headers=headers | {"X-CSRF-Token": browser.csrf})
    assert answer.status_code == 403


def test_our_own_origin_is_let_in(site: Hospital) -> None:
    browser = site.sign_in("admin")
    headers = {"Origin": "http://localhost", "X-CSRF-Token": browser.csrf}
    assert browser.client.delete("/api/v1/session", headers=headers).status_code == 204


def test_the_form_works_with_its_hidden_field(site: Hospital) -> None:
    browser = Browser(site.app.test_client())
    token = form_token(browser.get("/login").text)
    form = {"username": "admin", "password": PASSWORD, "csrf_token": token}
    answer = browser.client.post("/login", data=form)
    assert answer.status_code == 303
    out = form_token(browser.get("/password").text)
    assert browser.client.post("/logout", data={"csrf_token": out}).status_code == 303
    assert browser.get("/api/v1/session").status_code == 401


def test_the_log_in_form_cannot_be_sent_from_elsewhere(site: Hospital) -> None:
    answer = site.app.test_client().post("/login", data={"username": "admin", "password": PASSWORD})
    assert answer.status_code == 403


def test_a_script_signs_in_with_json_alone_but_not_with_a_form(site: Hospital) -> None:
    given = {"username": "admin", "password": PASSWORD}
    assert site.app.test_client().post("/api/v1/session", json=given).status_code == 200
    assert site.app.test_client().post("/api/v1/session", data=given).status_code == 403

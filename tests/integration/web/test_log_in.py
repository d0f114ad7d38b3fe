"""Signing in: one plain sentence when it fails, a limit on guessing, and no way out to other sites."""

from __future__ import annotations

from pathlib import Path

import pytest

from reads.model.people import Role
from tests.integration.web.hospital import PASSWORD, Browser, Hospital, hospital
from tests.integration.web.test_csrf import form_token
from viewer.web.services import WebConfig


def log_in(browser: Browser, username: str, password: str, onward: str = "") -> tuple[int, str, str]:
    token = form_token(browser.get("/login").text)
    form = {"username": username, "password": password, "next": onward, "csrf_token": token}
    answer = browser.client.post("/login", data=form)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


@pytest.mark.parametrize(
    ("role", "first_page"),
    [
        (Role.SECOND_READER, "/worklist"),
        (Role.ORIGINAL_READER, "/inbox"),
        (Role.QUALITY_LEAD, "/quality"),
        (Role.PACS_ADMIN, "/arrivals"),
        (Role.REQUESTER, "/password"),
    ],
)
def test_everybody_starts_on_their_own_page(site: Hospital, role: Role, first_page: str) -> None:
    browser = site.sign_in(str(role))
    answer = browser.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == first_page


def test_a_wrong_password_and_an_unknown_name_sound_the_same(site: Hospital) -> None:
    wrong = log_in(Browser(site.app.test_client()), "admin", "guess")
    unknown = log_in(Browser(site.app.test_client()), "nobody", "guess")
    assert wrong[0] == unknown[0] == 403
    assert wrong[2].replace("admin", "") != ""
    sentences = [text.partition('role="alert">')[2].partition("<")[0] for _, _, text in (wrong, unknown)]
    assert sentences[0] == sentences[1] != ""


def test_after_the_log_in_the_page_that_was_asked_for_opens(site: Hospital) -> None:
    browser = Browser(site.app.test_client())
    answer = browser.get("/people")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/people"
    assert log_in(browser, "admin", PASSWORD, "/people")[1] == "/people"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_a_log_in_never_leads_to_another_site(site: Hospital, elsewhere: str) -> None:
    status, location, _ = log_in(Browser(site.app.test_client()), "quality_lead", PASSWORD, elsewhere)
    assert status == 303
    assert location == "/quality"


def test_guessing_from_one_address_is_stopped(tmp_path: Path, staffed: Path) -> None:
    site = hospital(tmp_path, staffed, WebConfig(dist=tmp_path, wrong_logins_per_minute=3))
    client = site.app.test_client()
    answers = [
        client.post("/api/v1/session", json={"username": f"guess{n}", "password": "x"}).status_code for n in range(5)
    ]
    assert answers[0] == 403
    assert answers[-1] == 429
    form = log_in(Browser(site.app.test_client()), "admin", PASSWORD)
    assert form[0] == 429
    assert "Wait a minute" in form[2]
    site.store.close()


def test_right_log_ins_are_not_counted(tmp_path: Path, staffed: Path) -> None:
    site = hospital(tmp_path, staffed, WebConfig(dist=tmp_path, wrong_logins_per_minute=2))
    for _ in range(5):
        site.sign_in("admin")
    site.store.close()


def test_one_account_is_guarded_from_any_address(site: Hospital) -> None:
    client = site.app.test_client()
    for n in range(12):
        client.post(
            "/api/v1/session",
            json={"username": "admin", "password": "x"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{n}"},
        )
    answer = client.post(
        "/api/v1/session",
        json={"username": "admin", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "10.0.1.1"},
    )
    assert answer.status_code == 403

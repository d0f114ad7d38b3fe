"""Sessions end: when they are idle, when they are old, when they are revoked; and each log-in begins a new one."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie

from tests.integration.web.hospital import PASSWORD, Browser, Hospital

COOKIE = "secondread_session"


def session_cookie(answer_headers: list[str]) -> str:
    found = [SimpleCookie(h) for h in answer_headers if h.startswith(COOKIE)]
    return found[-1][COOKIE].value


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/api/v1/session").status_code == 200


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(site: Hospital) -> None:
    answer = site.app.test_client().post("/api/v1/session", json={"username": "admin", "password": PASSWORD})
    (header,) = [h for h in answer.headers.getlist("Set-Cookie") if h.startswith(COOKIE)]
    assert "HttpOnly" in header
    assert "SameSite=" in header
    assert "Path=/" in header


def test_each_log_in_has_its_own_session_and_ends_the_one_before(site: Hospital) -> None:
    browser = site.sign_in("admin")
    first = browser.client.get_cookie(COOKIE)
    again = browser.send("POST", "/api/v1/session", json={"username": "admin", "password": PASSWORD})
    second = browser.client.get_cookie(COOKIE)
    assert again.status_code == 200
    assert first is not None
    assert second is not None
    assert first.value != second.value
    browser.client.set_cookie(COOKIE, first.value)
    assert not is_signed_in(browser)


def test_a_session_chosen_by_somebody_else_is_never_taken_over(site: Hospital) -> None:
    browser = Browser(site.app.test_client())
    browser.client.set_cookie(COOKIE, "chosen-by-an-attacker")
    browser.client.post("/api/v1/session", json={"username": "admin", "password": PASSWORD})
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value != "chosen-by-an-attacker"


def test_an_idle_session_ends(site: Hospital) -> None:
    browser = site.sign_in("admin")
    site.clock.pass_by(timedelta(minutes=15, seconds=1))
    assert not is_signed_in(browser)


def test_use_puts_the_idle_limit_off(site: Hospital) -> None:
    browser = site.sign_in("admin")
    for _ in range(4):
        site.clock.pass_by(timedelta(minutes=10))
        assert is_signed_in(browser)


def test_polling_is_not_use(site: Hospital) -> None:
    browser = site.sign_in("second_reader")
    for _ in range(3):
        site.clock.pass_by(timedelta(minutes=5))
        assert browser.get("/worklist/rows").status_code == 200
    site.clock.pass_by(timedelta(seconds=1))
    assert browser.get("/worklist/rows").status_code == 302 or not is_signed_in(browser)


def test_no_session_lives_longer_than_twelve_hours(site: Hospital) -> None:
    browser = site.sign_in("admin")
    for _ in range(72):
        site.clock.pass_by(timedelta(minutes=10))
        browser.get("/api/v1/session")
    site.clock.pass_by(timedelta(seconds=1))
    assert not is_signed_in(browser)


def test_signing_out_ends_the_session_on_the_server(site: Hospital) -> None:
    browser = site.sign_in("admin")
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    assert browser.send("DELETE", "/api/v1/session").status_code == 204
    browser.client.set_cookie(COOKIE, cookie.value)
    assert not is_signed_in(browser)


def test_a_closed_account_is_out_at_once(site: Hospital) -> None:
    browser = site.sign_in("admin")
    with site.store.unit() as unit:
        unit.people.set_active(site.person("admin").user_id, False)
    assert not is_signed_in(browser)


def test_a_new_password_ends_every_other_session(site: Hospital) -> None:
    here, elsewhere = site.sign_in("admin"), site.sign_in("admin")
    form = {"current": PASSWORD, "new": "four green boats sail", "again": "four green boats sail"}
    assert here.send("POST", "/password", data=form).status_code == 200
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_the_database_holds_no_token(site: Hospital) -> None:
    browser = site.sign_in("admin")
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie is not None
    with site.store.unit(write=False) as unit:
        assert unit.sessions.get(cookie.value) is None

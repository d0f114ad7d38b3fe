"""In a real browser: nothing that a sender, a report or a person wrote runs, and our own pages keep our own policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from reads.model.study import Series, Study
from tests.integration.web import images, journeys
from tests.integration.web.hospital import PASSWORD, PATIENT, Hospital, with_canary_case
from viewer.web.server import listen

PAYLOADS = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}<svg onload=alert(3)>"
SHORT = "<img src=x onerror=alert(4)>"
REFUSED_ON_PURPOSE = "the server responded with a status of 4"


@pytest.fixture
def address(site: Hospital) -> Iterator[str]:
    """The application on a free port of this machine."""
    server = listen(site.app, "127.0.0.1", 0, threads=4, https=False)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)


class Watched:
    """A page that notes every dialog, every breach of the policy and every fault of a script."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.noted: list[str] = []
        self.page: Page = browser.new_page(base_url=address)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda e: self.noted.append(f"script fault {e}"))
        self.page.on("console", self._console)

    def _dialog(self, dialog: Dialog) -> None:
        self.noted.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and REFUSED_ON_PURPOSE not in message.text:
            self.noted.append(message.text)

    def sign_in(self, username: str) -> None:
        self.page.goto("/login")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("text=Sign in")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def close(self) -> None:
        self.page.close()


def hostile_case(site: Hospital) -> str:
    """A study whose every text tag holds markup that would run if it were not escaped."""
    study_uid = images.uid("study", "hostile")
    series = images.uid(study_uid, "images")
    for number in (1, 2):
        site.archive.add(images.ct_slice(study_uid, series, number, SHORT, SHORT, SHORT))
    study = Study(
        study_uid=study_uid,
        patient=replace(PATIENT, identifier=SHORT, name=PAYLOADS, sex="F"),
        accession="A<b>1",
        studied_on=date(2026, 11, 2),
        description=PAYLOADS,
        series=(Series(series, "CT", PAYLOADS, 1, PAYLOADS, 2),),
        stable=True,
        first_seen=site.clock.now(),
        last_seen=site.clock.now(),
        sender="<i>AE</i>",
    )
    site.arrive(study)
    site.report(journeys.report_for(study, f"{PAYLOADS} is seen. Nothing else."))
    return site.case_of(study_uid)


def test_hostile_text_runs_nowhere(site: Hospital, browser: Browser, address: str) -> None:
    case_id = hostile_case(site)
    series = images.uid(images.uid("study", "hostile"), "images")
    finding = journeys.a_mass(series, images.uid(series, "2"))
    reader, view = journeys.read_blind(site, case_id, [finding | {"note": PAYLOADS}])
    journeys.sign(reader, view, "MISS", journeys.score("3b", PAYLOADS))
    visits = {
        "second_reader": ("/worklist", f"/cases/{case_id}"),
        "pacs_admin": ("/arrivals",),
        "quality_lead": ("/quality", f"/quality/cases/{case_id}"),
        "original_reader": ("/inbox", f"/inbox/{case_id}"),
    }
    journeys.send_to_author(site, case_id, PAYLOADS)
    for username, paths in visits.items():
        watched = Watched(browser, address)
        watched.sign_in(username)
        for path in paths:
            watched.page.goto(path, wait_until="load")
            assert "49" not in watched.page.locator("h1").all_inner_texts()
            assert watched.page.locator("img[src=x], svg[onload]").count() == 0
        watched.close()
        assert watched.noted == [], username


def test_every_page_keeps_the_policy(site: Hospital, browser: Browser, address: str) -> None:
    case_id = with_canary_case(site)
    number = journeys.missed_mass(site, case_id, images.uid("study", "current"))
    visits = {
        "quality_lead": ("/quality", f"/quality/discrepancies/{number}", "/password", "/people"),
        "admin": ("/people", "/arrivals", "/nothing-here"),
        "second_reader": ("/worklist",),
    }
    for username, paths in visits.items():
        watched = Watched(browser, address)
        watched.sign_in(username)
        for path in paths:
            watched.page.goto(path, wait_until="load")
            assert watched.page.locator("h1, .empty b").first.is_visible()
        watched.close()
        assert watched.noted == [], username


def test_the_decision_is_made_with_the_keyboard_alone(site: Hospital, browser: Browser, address: str) -> None:
    case_id = with_canary_case(site)
    journeys.missed_mass(site, case_id, images.uid("study", "current"))
    watched = Watched(browser, address)
    watched.sign_in("quality_lead")
    watched.page.goto(f"/quality/cases/{case_id}")
    watched.page.focus("#minute")
    watched.page.keyboard.type("Agreed by two readers.")
    watched.page.keyboard.press("Tab")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_selector("text=Sent to the original reader")
    watched.close()


def test_the_worklist_opens_a_case_by_enter(site: Hospital, browser: Browser, address: str) -> None:
    case_id = with_canary_case(site)
    watched = Watched(browser, address)
    watched.sign_in("second_reader")
    watched.page.focus("a.row")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url(f"**/cases/{case_id}")
    watched.close()

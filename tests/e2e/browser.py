"""Debian's Chromium, headless, with a fresh profile for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.service import Account, Service, until

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader"
).split()
SCREEN = {"width": 1680, "height": 980}


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            browser.close()


def person(browser: Browser, service: Service, account: Account) -> tuple[BrowserContext, Page, list[str]]:
    """Sign in as a person would. Gives their window, its page and what the console complains of."""
    context = browser.new_context(base_url=service.url, viewport=SCREEN, accept_downloads=True)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(f"{m.text} {m.location.get('url')}") if m.type == "error" else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto("/login")
    page.get_by_label("User name").fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
    return context, page, complaints


def evaluate_until(page: Page, script: str, what: str, deadline_s: float = 60.0) -> Any:
    """Evaluate until true. The page's CSP forbids Playwright's own waiting, which compiles a function."""
    look: Callable[[], Any] = lambda: page.evaluate(script)  # noqa: E731
    return until(look, what, deadline_s)

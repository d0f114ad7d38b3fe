"""The headers that every answer carries, and how errors are said."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.integration.web.hospital import Hospital, hospital, json_of
from viewer.web.services import WebConfig

ADDRESSES = ["/login", "/healthz", "/static/look.css", "/nothing-here", "/api/v1/session", "/dicom-web/x", "/metrics"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_policy(site: Hospital, address: str) -> None:
    headers = site.app.test_client().get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    for directive in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert directive in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_patients_stay_in_no_cache(site: Hospital) -> None:
    assert site.sign_in("second_reader").get("/worklist").headers["Cache-Control"] == "no-store"


def test_behind_https_the_cookie_is_secure_and_the_browser_is_told(tmp_path: Path, staffed: Path) -> None:
    site = hospital(tmp_path, staffed, WebConfig(dist=tmp_path, https=True))
    answer = site.app.test_client().get("/login")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
    site.store.close()


def test_over_plain_http_nothing_promises_https(site: Hospital) -> None:
    assert "Strict-Transport-Security" not in site.app.test_client().get("/login").headers


def test_metrics_are_for_this_machine_only(site: Hospital) -> None:
    client = site.app.test_client()
    assert b"secondread_http_requests" in client.get("/metrics").data
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404


def test_a_program_gets_an_error_it_can_read(site: Hospital) -> None:
    error = json_of(site.sign_in("second_reader").get("/api/v1/cases/ZZZZ"))["error"]
    assert error["code"] == "not_found"
    assert error["message"].endswith(".")


def test_a_person_gets_one_sentence_and_one_next_step(site: Hospital) -> None:
    page = site.sign_in("second_reader").get("/people")
    assert page.status_code == 403
    assert "Back to your pages" in page.text
    assert "Traceback" not in page.text


def test_a_fault_of_ours_says_nothing_of_the_patient(
    site: Hospital, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Patient^Canary")

    monkeypatch.setattr("viewer.web.pages.worklist.worklist", broken)
    answer = site.sign_in("second_reader").get("/worklist")
    logged = "".join(capfd.readouterr())
    assert answer.status_code == 500
    assert "Canary" not in answer.text
    assert "RuntimeError" in logged
    assert "Canary" not in logged


def test_built_files_are_sent_packed_and_kept_for_ever(site: Hospital, tmp_path: Path) -> None:
    assets = tmp_path / "dist" / "assets"
    assets.mkdir(parents=True)
    (assets / "room-1a2b3c4d.js").write_bytes(b"room();" * 100)
    (assets / "room-1a2b3c4d.js.gz").write_bytes(gzip.compress(b"room();" * 100))
    (assets / "codec-99.wasm").write_bytes(b"\0asm")
    client = site.app.test_client()
    packed = client.get("/static/dist/assets/room-1a2b3c4d.js", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == b"room();" * 100
    assert "immutable" in packed.headers["Cache-Control"]
    plain = client.get("/static/dist/assets/room-1a2b3c4d.js", buffered=True)
    assert plain.data == b"room();" * 100
    assert "text/javascript" in plain.headers["Content-Type"]
    assert "Content-Security-Policy" in plain.headers
    wasm = client.get("/static/dist/assets/codec-99.wasm", buffered=True)
    assert wasm.headers["Content-Type"] == "application/wasm"


@pytest.mark.parametrize("path", ["../look.css", "..%2flook.css", ".vite/manifest.json", "/etc/passwd", "assets"])
def test_nothing_beside_the_build_is_sent(site: Hospital, tmp_path: Path, path: str) -> None:
    (tmp_path / "dist" / ".vite").mkdir(parents=True)
    (tmp_path / "dist" / ".vite" / "manifest.json").write_text("{}")
    (tmp_path / "look.css").write_text("secret")
    answer = site.app.test_client().get(f"/static/dist/{path}")
    assert answer.status_code in (308, 404)
    assert b"secret" not in answer.data


def test_without_a_build_the_reading_page_says_how_to_make_one(site: Hospital) -> None:
    page = site.sign_in("second_reader").get("/cases/4F2K")
    assert "make setup" in page.text

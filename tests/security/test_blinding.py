"""Before the blind commit no route gives the second reader a word of the first opinion, or who wrote it.

The first opinion stands, as a canary, in the report's text, its author's name and id, the raw message, the headers of
the images, and beside them as a structured report and a PDF. Every route of the URL map is asked.
"""

from __future__ import annotations

import pytest

from reads.model.case import CaseState
from tests.integration.web import images
from tests.integration.web.hospital import AUTHOR, CANARY, REPORT_SENTENCE, Browser, Hospital, json_of, with_canary_case
from tests.security.walk import everything_in, send, steps

SAFE = ("GET", "HEAD", "OPTIONS")
UNSAFE = ("POST", "PUT", "DELETE", "PATCH")
DRAFT = {
    "findings": [],
    "no_abnormality": True,
    "image_quality": "diagnostic",
    "annotations": "[]",
    "clock_s": 30,
    "revision": 0,
}
KEY = "8f14e45f-ceea-467f"
READER = "second_reader"


def claim(site: Hospital, case_id: str) -> Browser:
    browser = site.sign_in(READER)
    answer = browser.send("POST", f"/api/v1/cases/{case_id}/claim")
    assert answer.status_code == 200, answer.text
    return browser


def state_of(site: Hospital, case_id: str) -> CaseState:
    with site.store.unit(write=False) as unit:
        case = unit.cases.get(case_id)
    assert case is not None
    return case.state


def assert_blind(browser: Browser, site: Hospital, case_id: str, methods: tuple[str, ...]) -> None:
    told = {}
    for step in steps(site.app, case_id, methods):
        answer = everything_in(send(browser, step))
        if CANARY in answer:
            at = answer.index(CANARY)
            told[f"{step.method} {step.path}"] = answer[max(0, at - 60) : at + 40]
    assert not told


def test_before_the_claim_nothing_is_told(site: Hospital) -> None:
    case_id = with_canary_case(site)
    assert_blind(site.sign_in(READER), site, case_id, SAFE)


def test_while_reading_nothing_is_told(site: Hospital) -> None:
    case_id = with_canary_case(site)
    browser = claim(site, case_id)
    assert browser.send("PUT", f"/api/v1/cases/{case_id}/draft", json=DRAFT).status_code == 200
    assert_blind(browser, site, case_id, SAFE)
    assert state_of(site, case_id) is CaseState.READING


def test_no_unsafe_request_tells_either(site: Hospital) -> None:
    case_id = with_canary_case(site)
    told = {}
    asked = set()
    for step in steps(site.app, case_id, UNSAFE):
        browser = claim(site, case_id)  # some of these requests give the case back or end the session
        answer = everything_in(send(browser, step))
        asked.add(step.endpoint)
        assert state_of(site, case_id).is_blind, f"{step.endpoint} committed by itself"
        if CANARY in answer:
            told[f"{step.method} {step.path}"] = answer
    assert not told
    assert "api_cases.commit" in asked


@pytest.mark.parametrize("role", ["arbiter", "requester", "pacs_admin"])
def test_nor_is_anybody_told_who_has_nothing_to_do_with_it(site: Hospital, role: str) -> None:
    case_id = with_canary_case(site)
    assert_blind(site.sign_in(role), site, case_id, SAFE)


def test_images_themselves_are_served_blind(site: Hospital) -> None:
    """The walk would pass if nothing were served at all: what a reader needs does come."""
    case_id = with_canary_case(site)
    browser = claim(site, case_id)
    for name in ("current", "prior"):
        study = images.uid("study", name)
        series = images.uid(study, "images")
        base = f"/dicom-web/studies/{study}/series/{series}"
        metadata = browser.get(f"{base}/metadata")
        assert metadata.status_code == 200
        assert [i["00200013"]["Value"] for i in json_of(metadata)] == [[1], [2], [3]]
        frame = browser.get(f"{base}/instances/{images.uid(series, '2')}/frames/1")
        assert len(frame.data) == images.SIDE**2 * 2
        assert frame.headers["Content-Type"] == "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"
        assert browser.get(f"{base}/thumbnail").mimetype == "image/png"


def test_reports_kept_beside_the_images_are_not_there_for_a_blind_reader(site: Hospital) -> None:
    case_id = with_canary_case(site)
    browser = claim(site, case_id)
    study = images.uid("study", "current")
    for name in ("report", "document"):
        series = images.uid(study, name)
        base = f"/dicom-web/studies/{study}/series/{series}"
        for path in ("metadata", "thumbnail", f"instances/{images.uid(series, name)}/rendered"):
            assert browser.get(f"{base}/{path}").status_code == 404
    shown = json_of(browser.get(f"/api/v1/cases/{case_id}"))["studies"]
    assert [s["modality"] for one in shown for s in one["series"]] == ["CT", "CT"]


def test_after_the_commit_the_words_are_shown_and_the_author_still_is_not(site: Hospital) -> None:
    case_id = with_canary_case(site)
    browser = claim(site, case_id)
    before = json_of(browser.get(f"/api/v1/cases/{case_id}"))
    assert before["report"] is None
    assert before["rows"] == []
    saved = json_of(browser.send("PUT", f"/api/v1/cases/{case_id}/draft", json=DRAFT))
    body = {"draft_revision": saved["revision"], "key": KEY}
    after = browser.send("POST", f"/api/v1/cases/{case_id}/commit", json=body)
    assert after.status_code == 200, after.text
    texts = [s["text"] for s in json_of(after)["report"]["statements"]]
    assert REPORT_SENTENCE in texts
    walked = [
        everything_in(send(browser, step)) for step in steps(site.app, case_id, SAFE) if "/api/v1/cases" in step.path
    ]
    assert any(REPORT_SENTENCE.encode() in answer for answer in walked)
    assert not any(AUTHOR.encode() in answer for answer in walked)

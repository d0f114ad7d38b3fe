"""A case from the worklist to its end, over the pages and the API."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from reads.model.case import CaseState
from tests.integration.web import images, journeys
from tests.integration.web.hospital import AUTHOR, REPORT_SENTENCE, Hospital, json_of, with_canary_case

CURRENT = images.uid("study", "current")
PNG = b"\x89PNG"


def state_of(site: Hospital, case_id: str) -> CaseState:
    with site.store.unit(write=False) as unit:
        case = unit.cases.get(case_id)
    assert case is not None
    return case.state


def test_an_empty_worklist_says_what_to_expect(site: Hospital) -> None:
    assert "Nothing to read just now" in site.sign_in("second_reader").get("/worklist").text


def test_the_worklist_shows_sex_age_images_and_report_but_no_name(site: Hospital) -> None:
    case_id = with_canary_case(site)
    page = site.sign_in("second_reader").get("/worklist").text
    assert f'href="/cases/{case_id}"' in page
    assert "♀ 61 y" in page
    assert "✓ arrived" in page
    assert "in 3 d" in page
    assert "Canary" not in page


def test_the_rows_come_again_only_when_something_changed(site: Hospital) -> None:
    case_id = with_canary_case(site)
    browser = site.sign_in("second_reader")
    address = re.search(r'hx-get="([^"]+)"', browser.get("/worklist").text)
    assert address
    assert browser.get(address.group(1)).status_code == 204
    browser.send("POST", f"/api/v1/cases/{case_id}/claim")
    changed = browser.get(address.group(1))
    assert changed.status_code == 200
    assert "yours" in changed.text
    assert changed.text.lstrip().startswith("<tbody")


def test_two_readers_cannot_have_the_same_case(site: Hospital) -> None:
    case_id = with_canary_case(site)
    with site.store.unit() as unit:
        roles = site.person("second_reader").roles
        unit.people.add("other", "Other", roles, "", "x", None, site.clock.now())
    assert site.sign_in("second_reader").send("POST", f"/api/v1/cases/{case_id}/claim").status_code == 200
    late = site.sign_in("other").send("POST", f"/api/v1/cases/{case_id}/claim")
    assert late.status_code == 409
    assert json_of(late)["error"]["code"] == "conflict"


def test_a_draft_of_an_older_window_is_refused(site: Hospital) -> None:
    case_id = with_canary_case(site)
    browser = site.sign_in("second_reader")
    browser.send("POST", f"/api/v1/cases/{case_id}/claim")
    draft = {
        "findings": [],
        "no_abnormality": True,
        "image_quality": "limited",
        "annotations": "[]",
        "clock_s": 5,
        "revision": 0,
    }
    address = f"/api/v1/cases/{case_id}/draft"
    assert json_of(browser.send("PUT", address, json=draft))["revision"] == 1
    again = browser.send("PUT", address, json=draft)
    assert again.status_code == 409
    kept = json_of(browser.get(f"/api/v1/cases/{case_id}"))["draft"]
    assert kept == draft | {"revision": 1}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"clock_s": "soon"}, "clock_s"),
        ({"image_quality": "splendid"}, "image_quality"),
        ({"clock_s": -1}, "clock_s"),
        ({"surprise": 1}, "surprise"),
        ({"findings": [{"number": 1}]}, "findings.0.tracking_uid"),
    ],
)
def test_a_body_that_does_not_fit_names_the_entry(site: Hospital, change: dict[str, object], field: str) -> None:
    case_id = with_canary_case(site)
    browser = site.sign_in("second_reader")
    browser.send("POST", f"/api/v1/cases/{case_id}/claim")
    draft: dict[str, object] = {
        "findings": [],
        "no_abnormality": True,
        "image_quality": "limited",
        "annotations": "[]",
        "clock_s": 5,
        "revision": 0,
    }
    answer = browser.send("PUT", f"/api/v1/cases/{case_id}/draft", json=draft | change)
    assert answer.status_code == 422
    assert json_of(answer)["error"]["field"] == field


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"clock_s": NaN}', b"\xff"])
def test_a_body_that_is_not_json_is_refused_plainly(site: Hospital, body: bytes) -> None:
    case_id = with_canary_case(site)
    browser = site.sign_in("second_reader")
    answer = browser.send("PUT", f"/api/v1/cases/{case_id}/draft", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert json_of(answer)["error"]["code"] == "invalid"


def test_a_missed_mass_goes_from_the_reader_to_the_author_and_counts_only_at_the_end(site: Hospital) -> None:
    case_id = with_canary_case(site)
    number = journeys.missed_mass(site, case_id, CURRENT)
    assert state_of(site, case_id) is CaseState.TRIAGE
    lead, author = site.sign_in("quality_lead"), site.sign_in("original_reader")

    page = lead.get(f"/quality/discrepancies/{number}").text
    for shown in ("Missed: mass, left lower lobe of lung", "46 mm", REPORT_SENTENCE, "3b", "Under-reading", "Waits"):
        assert shown.lower() in page.lower()
    assert AUTHOR not in page
    assert lead.get(f"/quality/discrepancies/{number}/picture.png").data.startswith(PNG)
    assert "0" in figure(lead.get("/quality").text, "Final reads")
    assert "Nothing for you" in author.get("/inbox").text

    journeys.send_to_author(site, case_id)
    item = author.get(f"/inbox/{case_id}").text
    assert REPORT_SENTENCE in item
    assert "Two readers agreed on 3b." in item
    assert "Second Reader" not in item
    assert author.get(f"/inbox/{case_id}/discrepancies/{number}/picture.png").data.startswith(PNG)
    assert author.send("POST", f"/inbox/{case_id}", data={"reply": "Thank you."}).status_code == 303
    assert state_of(site, case_id) is CaseState.FINALISED

    final = lead.get("/quality").text
    assert figure(final, "Final reads") == "1"
    assert figure(final, "Any discrepancy") == "100.0 %"
    (rated,) = json.loads(final.partition('id="rates">')[2].partition("</script>")[0])
    assert (rated["modality"], rated["cases"], rated["discrepant"]) == ("CT", 1, 1)
    assert rated["low"] == pytest.approx(0.2065, abs=1e-4)
    assert "Thank you." in lead.get(f"/quality/discrepancies/{number}").text


def figure(page: str, label: str) -> str:
    """The number under a label at the top of the quality page."""
    return page.partition(f"<small>{label}</small><b>")[2].partition("</b>")[0]


def test_a_score_that_needs_a_consensus_needs_a_minute(site: Hospital) -> None:
    case_id = with_canary_case(site)
    journeys.missed_mass(site, case_id, CURRENT)
    form = {"recipient_id": str(site.person("original_reader").user_id), "minute": " "}
    answer = site.sign_in("quality_lead").send("POST", f"/quality/cases/{case_id}/accept", data=form)
    assert answer.status_code == 422
    assert state_of(site, case_id) is CaseState.TRIAGE


def test_a_returned_case_is_compared_again_and_keeps_its_blind_read(site: Hospital) -> None:
    case_id = with_canary_case(site)
    journeys.missed_mass(site, case_id, CURRENT)
    lead = site.sign_in("quality_lead")
    answer = lead.send("POST", f"/quality/cases/{case_id}/return", data={"reason": "Is it in the prior?"})
    assert answer.status_code == 303
    view = json_of(site.sign_in("second_reader").get(f"/api/v1/cases/{case_id}"))
    assert view["step"] == "compare"
    assert view["returned_because"] == "Is it in the prior?"
    assert view["read"]["findings"][0]["what"]["meaning"] == "Mass"


def test_concordant_reads_close_and_count(site: Hospital) -> None:
    case_id = with_canary_case(site)
    browser, view = journeys.read_blind(site, case_id, [])
    journeys.sign(browser, view, "AGREE", journeys.score("1"))
    assert state_of(site, case_id) is CaseState.CLOSED_CONCORDANT
    page = site.sign_in("quality_lead").get("/quality").text
    assert figure(page, "Any discrepancy") == "0.0 %"


def test_blind_and_open_reads_are_not_shown_together(site: Hospital) -> None:
    number = journeys.missed_mass(site, with_canary_case(site), CURRENT)
    lead = site.sign_in("quality_lead")
    link = f'href="/quality/discrepancies/{number}"'
    assert link in lead.get("/quality?blind=yes").text
    assert link not in lead.get("/quality?blind=no").text
    assert link not in lead.get("/quality?source=random").text
    assert lead.get("/quality?source=everything").status_code == 422


def test_the_csv_holds_the_discrepancy_and_no_patient(site: Hospital) -> None:
    case_id = with_canary_case(site)
    number = journeys.missed_mass(site, case_id, CURRENT)
    answer = site.sign_in("quality_lead").get("/quality/discrepancies.csv")
    assert answer.mimetype == "text/csv"
    assert f"{number},{case_id}," in answer.text.replace('"', "")
    for secret in ("Canary", "P-1", AUTHOR, "QUAX"):
        assert secret not in answer.text


def test_the_papers_are_announced_until_they_are_written(site: Hospital) -> None:
    case_id = with_canary_case(site)
    number = journeys.missed_mass(site, case_id, CURRENT)
    lead = site.sign_in("quality_lead")
    assert "being written" in lead.get(f"/quality/discrepancies/{number}").text
    assert lead.get(f"/quality/cases/{case_id}/report.pdf").status_code == 404
    with site.store.unit() as unit:
        for kind, media_type in (("pdf", "application/pdf"), ("sr", "application/dicom"), ("kos", "application/dicom")):
            unit.documents.put(case_id, kind, media_type, kind.encode(), site.clock.now())
    page = lead.get(f"/quality/discrepancies/{number}").text
    assert "being written" not in page
    answer = lead.get(f"/quality/cases/{case_id}/report.pdf")
    assert answer.data == b"pdf"
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_privileged_pages_say_so(site: Hospital) -> None:
    case_id = with_canary_case(site)
    number = journeys.missed_mass(site, case_id, CURRENT)
    journeys.send_to_author(site, case_id)
    lead, author = site.sign_in("quality_lead"), site.sign_in("original_reader")
    for browser, path in (
        (lead, "/quality"),
        (lead, f"/quality/discrepancies/{number}"),
        (lead, f"/quality/cases/{case_id}"),
        (author, "/inbox"),
        (author, f"/inbox/{case_id}"),
    ):
        assert "privileged and confidential" in browser.get(path).text


def test_an_inbox_item_is_for_its_own_reader_only(site: Hospital) -> None:
    case_id = with_canary_case(site)
    number = journeys.missed_mass(site, case_id, CURRENT)
    journeys.send_to_author(site, case_id)
    with site.store.unit() as unit:
        roles = site.person("original_reader").roles
        unit.people.add("colleague", "Colleague", roles, "R9", "x", None, site.clock.now())
    colleague = site.sign_in("colleague")
    assert colleague.get(f"/inbox/{case_id}").status_code == 404
    assert colleague.get(f"/inbox/{case_id}/discrepancies/{number}/picture.png").status_code == 404
    assert colleague.send("POST", f"/inbox/{case_id}").status_code == 404


def test_arrivals_show_what_came_without_a_word_of_the_report(site: Hospital) -> None:
    with_canary_case(site)
    page = site.sign_in("pacs_admin").get("/arrivals").text
    for shown in ("A-current", "P-1", "MODALITY", "✓ final"):
        assert shown in page
    assert "QUAX" not in page


def test_a_new_person_signs_in_with_the_password_shown_once(site: Hospital) -> None:
    admin = site.sign_in("admin")
    form = {"username": "marsh", "display_name": "Adele Marsh", "roles": ["second_reader"], "physician_id": "R2"}
    page = admin.send("POST", "/people", data=form).text
    shown = re.findall(r'class="once">([^<]+)<', page)
    assert shown[0] == "marsh"
    assert shown[1] not in admin.get("/people").text
    given = {"username": "marsh", "password": shown[1]}
    client = site.app.test_client()
    assert client.post("/api/v1/session", json=given).status_code == 200
    assert "one-time password" in client.get("/worklist").text
    site.clock.pass_by(timedelta(days=4))
    assert site.app.test_client().post("/api/v1/session", json=given).status_code == 403


def test_a_user_name_that_is_taken_is_said_so(site: Hospital) -> None:
    form = {"username": "admin", "display_name": "Again", "roles": ["admin"]}
    answer = site.sign_in("admin").send("POST", "/people", data=form)
    assert answer.status_code == 422
    assert "is taken" in answer.text


def test_hostile_text_is_shown_as_text(site: Hospital) -> None:
    hostile = "<script>alert(1)</script>"
    form = {"username": "x<b>", "display_name": hostile, "roles": ["admin"]}
    page = site.sign_in("admin").send("POST", "/people", data=form).text
    assert hostile not in page
    assert "&lt;script&gt;" in page

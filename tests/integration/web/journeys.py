"""Takes a case from the worklist to its end through the API and the pages, as people would."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from reads.model.report import Author, AuthorRole, ReportMessage, ReportSection, ReportStatus
from reads.model.study import Study
from tests.integration.web import images
from tests.integration.web.hospital import AUTHOR, AUTHOR_ID, START, Browser, Hospital, json_of


def a_mass(series_uid: str, sop_uid: str, sop_class_uid: str = images.CT, size_mm: float = 46.2) -> dict[str, Any]:
    """A measured, marked mass in the left lower lobe."""
    return {
        "number": 1,
        "tracking_uid": images.uid("tracking", str(uuid4())),
        "what": {"value": "4147007", "scheme": "SCT", "meaning": "Mass"},
        "where": {"value": "90572001", "scheme": "SCT", "meaning": "Lower lobe of lung"},
        "side": "left",
        "certainty": "probable",
        "anchor": {
            "series_uid": series_uid,
            "sop_uid": sop_uid,
            "sop_class_uid": sop_class_uid,
            "frame": 1,
            "kind": "length",
            "points": [[4.5, 5.5], [9.5, 7.5]],
            "world": [],
            "frame_of_reference_uid": "",
        },
        "measurements": [
            {
                "concept": {"value": "103339001", "scheme": "SCT", "meaning": "Long axis"},
                "value": size_mm,
                "unit": "mm",
            }
        ],
        "note": "",
    }


def read_blind(site: Hospital, case_id: str, findings: list[dict[str, Any]]) -> tuple[Browser, dict[str, Any]]:
    """Claim the case, enter the findings (none: no abnormality), commit. Gives back the case with its report."""
    browser = site.sign_in("second_reader")
    base = f"/api/v1/cases/{case_id}"
    assert browser.send("POST", f"{base}/claim").status_code == 200
    draft = {
        "findings": findings,
        "no_abnormality": not findings,
        "image_quality": "diagnostic",
        "annotations": "[]",
        "clock_s": 95,
        "revision": 0,
    }
    saved = browser.send("PUT", f"{base}/draft", json=draft)
    assert saved.status_code == 200, saved.text
    body = {"draft_revision": json_of(saved)["revision"], "key": uuid4().hex}
    committed = browser.send("POST", f"{base}/commit", json=body)
    assert committed.status_code == 200, committed.text
    return browser, json_of(committed)


def sign(browser: Browser, view: dict[str, Any], verdict: str, score: dict[str, Any]) -> dict[str, Any]:
    """Agree with every statement but the last, which gets the verdict, paired with the first finding if any."""
    numbers = [s["number"] for s in view["report"]["statements"]]
    findings = [f["number"] for f in view["read"]["findings"]]
    rows = [{"statement": n, "finding": None, "verdict": "AGREE", "note": ""} for n in numbers[:-1]]
    rows.append(
        {"statement": numbers[-1], "finding": findings[0] if findings else None, "verdict": verdict, "note": ""}
    )
    body = {"rows": rows, "score": score, "key": uuid4().hex}
    signed = browser.send("POST", f"/api/v1/cases/{view['case_id']}/sign", json=body)
    assert signed.status_code == 200, signed.text
    answer: dict[str, Any] = json_of(signed)
    return answer


def score(value: str, comment: str = "", cause: str = "") -> dict[str, Any]:
    """A score as the page sends it."""
    return {"value": value, "comment": comment, "cause": cause, "actionable": None, "request_addendum": False}


def missed_mass(site: Hospital, case_id: str, study_uid: str, value: str = "3b") -> int:
    """A case whose report missed a mass, signed. Gives back the number of the discrepancy."""
    series = images.uid(study_uid, "images")
    browser, view = read_blind(site, case_id, [a_mass(series, images.uid(series, "2"))])
    sign(browser, view, "MISS", score(value, "Visible on image 2; look behind the heart.", "KM04"))
    page = site.sign_in("quality_lead").get("/quality").text
    found = re.search(r"/quality/discrepancies/(\d+)\"", page)
    assert found
    return int(found.group(1))


def send_to_author(site: Hospital, case_id: str, minute: str = "Two readers agreed on 3b.") -> None:
    """The quality lead passes the case on to the account of the report's author."""
    form = {"recipient_id": str(site.person("original_reader").user_id), "minute": minute}
    answer = site.sign_in("quality_lead").send("POST", f"/quality/cases/{case_id}/accept", data=form)
    assert answer.status_code == 303, answer.text


def report_for(study: Study, text: str) -> ReportMessage:
    """A final report of a study, by the original reader."""
    return ReportMessage(
        facility="HOSP",
        message_id=f"M-{study.study_uid[-8:]}",
        patient=study.patient,
        study_uid=study.study_uid,
        accession=study.accession,
        filler_order="F-1",
        status=ReportStatus.FINAL,
        authors=(Author(AUTHOR_ID, f"{AUTHOR}^Ann", AuthorRole.PRINCIPAL),),
        sections=(ReportSection("59776-5", "Findings", text),),
        reported_at=START,
    )

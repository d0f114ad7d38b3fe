"""What exactly is signed: the canonical written form of a read, a comparison and an acknowledgement, and its digest.

The form is the JSON of :mod:`reads.model.plain` with keys sorted, no space between tokens, text as UTF-8 without
escapes, and a first member ``form`` that names it. The digest is its SHA-256 in hex. Anyone who has the record can
compute it again; a form never changes, a new one gets a new name.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from reads.model.discrepancy import LedgerRow, Score
from reads.model.finding import Finding
from reads.model.plain import to_plain
from reads.model.read import ImageQuality
from reads.model.study import PatientIdentity


def canonical(content: dict[str, Any]) -> bytes:
    """The one written form of a JSON object."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical form, hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def read_content(
    case_id: str,
    study_uid: str,
    patient: PatientIdentity,
    reader_id: int,
    findings: tuple[Finding, ...],
    no_abnormality: bool,
    image_quality: ImageQuality,
) -> dict[str, Any]:
    """What an independent read signs: whose images, of which case, and everything that was found."""
    return {
        "form": "second-read.read.1",
        "case_id": case_id,
        "study_uid": study_uid,
        "patient_identifier": patient.identifier,
        "patient_issuer": patient.issuer,
        "reader_id": reader_id,
        "findings": to_plain(findings),
        "no_abnormality": no_abnormality,
        "image_quality": image_quality.value,
    }


def comparison_content(
    case_id: str, read_digest: str, report_id: str, rows: tuple[LedgerRow, ...], score: Score
) -> dict[str, Any]:
    """What a comparison signs: which read, which version of the report, each row, the score."""
    return {
        "form": "second-read.comparison.1",
        "case_id": case_id,
        "read": read_digest,
        "report_id": report_id,
        "rows": to_plain(rows),
        "score": to_plain(score),
    }


def acknowledgement_content(case_id: str, comparison_digest: str, reply: str) -> dict[str, Any]:
    """What an original reader signs: which comparison they saw, and their reply."""
    return {
        "form": "second-read.acknowledgement.1",
        "case_id": case_id,
        "comparison": comparison_digest,
        "reply": reply,
    }

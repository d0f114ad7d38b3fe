"""Values that several tables hold in the same columns: a patient, a signature, a code."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping

from reads.model.codes import Code
from reads.model.read import Meaning, Signature
from reads.model.study import PatientIdentity


def patient_columns(patient: PatientIdentity) -> dict[str, Any]:
    """The columns of a patient."""
    return {
        "patient_identifier": patient.identifier,
        "patient_issuer": patient.issuer,
        "patient_name": patient.name,
        "patient_birth_date": patient.birth_date,
        "patient_sex": patient.sex,
    }


def patient_of(row: RowMapping) -> PatientIdentity:
    """The patient of a row."""
    return PatientIdentity(
        identifier=row["patient_identifier"],
        issuer=row["patient_issuer"],
        name=row["patient_name"],
        birth_date=row["patient_birth_date"],
        sex=row["patient_sex"],
    )


def signature_columns(signature: Signature) -> dict[str, Any]:
    """The columns of a signature."""
    return {
        "signer_id": signature.signer_id,
        "signer_name": signature.signer_name,
        "signed_at": signature.signed_at,
        "meaning": signature.meaning.value,
        "digest": signature.digest,
    }


def signature_of(row: RowMapping) -> Signature:
    """The signature of a row that has one."""
    return Signature(
        signer_id=row["signer_id"],
        signer_name=row["signer_name"],
        signed_at=row["signed_at"],
        meaning=Meaning(row["meaning"]),
        digest=row["digest"],
    )


def code_columns(prefix: str, code: Code | None) -> dict[str, Any]:
    """The three columns ``prefix_value``, ``prefix_scheme``, ``prefix_meaning`` of a code."""
    return {
        f"{prefix}_value": code.value if code else None,
        f"{prefix}_scheme": code.scheme if code else None,
        f"{prefix}_meaning": code.meaning if code else None,
    }


def code_of(row: RowMapping, prefix: str) -> Code | None:
    """The code in the three columns of the prefix, or None."""
    if row[f"{prefix}_value"] is None:
        return None
    return Code(row[f"{prefix}_value"], row[f"{prefix}_scheme"], row[f"{prefix}_meaning"])

"""What a document takes from the images it is about, and the identifiers that it gets."""

from __future__ import annotations

import re
import uuid
from copy import deepcopy
from typing import Any

from pydicom.dataset import Dataset

from reads.model.errors import Permanent
from reads.workflow.views import Dossier

_NAMESPACE = uuid.UUID("6f2d5c0e-6f0b-5b8e-9a57-0d5c61a1f6d3")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_TYPE_2 = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
)
LONG_STRING = 64
"""Longest value of an LO attribute such as a code meaning (PS3.5 6.2)."""


def document_uid(dossier: Dossier, kind: str) -> str:
    """The UID (PS3.5 B.2) of a document about this signed comparison: always the same for the same one.

    A job that is done twice therefore makes one document, not two.
    """
    return f"2.25.{uuid.uuid5(_NAMESPACE, f'{kind}:{dossier.comparison.signature.digest}').int}"


def of_case(dossier: Dossier, name: str) -> str:
    """A UID for something of this case that has none of its own (a statement, the case itself)."""
    return f"2.25.{uuid.uuid5(_NAMESPACE, f'{dossier.read.read_id}:{name}').int}"


def prepared(header: Dataset) -> Dataset:
    """A copy of an image's header, decoded to Unicode, with what a document demands of it.

    Raises
    ------
    Permanent
        When the image does not say which study and series it belongs to.
    """
    image = deepcopy(header)
    for _ in image.iterall():  # each text is decoded by the image's own character set when it is first looked at
        pass
    if not all(image.get(k) for k in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")):
        raise Permanent("The image does not name its study and series, so no document can refer to it.")
    image.SpecificCharacterSet = "ISO_IR 192"
    for keyword in _TYPE_2:
        if image.get(keyword) is None:
            setattr(image, keyword, "")
    if image.PatientSex not in ("M", "F", "O", ""):
        image.PatientSex = ""
    return image


def text(value: str) -> str:
    """A text as a UT value may hold it: without control characters (PS3.5 6.1.3)."""
    return _FORBIDDEN.sub("", value).replace("\r\n", "\n").strip(" ")


def long_string(value: str) -> str:
    """A text as an LO value: one line, no backslash, 64 characters."""
    flat = " ".join(_FORBIDDEN.sub("", value).replace("\\", "/").split())
    return flat if len(flat) <= LONG_STRING else flat[: LONG_STRING - 3] + "..."


def person_name(display_name: str) -> str:
    """A display name as a PN value (PS3.5 6.2.1): kept as one component unless it has components already."""
    flat = long_string(display_name.replace("=", " ")) or "Unnamed"
    return flat if "^" in flat else flat + "^"


def written(dataset: Dataset) -> bytes:
    """The data set as a DICOM Part 10 file."""
    from io import BytesIO

    from pydicom import dcmwrite

    file = BytesIO()
    dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def signed_at(dossier: Dossier) -> dict[str, Any]:
    """Content Date and Content Time of a document: when the comparison was signed, in the site's own time."""
    local = dossier.comparison.signature.signed_at.astimezone()
    return {"content_date": local.date(), "content_time": local.time().replace(microsecond=0)}


def stamp(document: Dataset, dossier: Dossier) -> None:
    """Put the time of the signature wherever the library put the time of writing."""
    local = dossier.comparison.signature.signed_at.astimezone()
    document.InstanceCreationDate = local.strftime("%Y%m%d")
    document.InstanceCreationTime = local.strftime("%H%M%S")
    for item in document.get("VerifyingObserverSequence", []):
        item.VerificationDateTime = local.strftime("%Y%m%d%H%M%S%z")
    for item in document.get("ContributingEquipmentSequence", []):
        item.ContributionDateTime = local.strftime("%Y%m%d%H%M%S%z")

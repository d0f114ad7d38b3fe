"""Statuses of a C-STORE-RSP (PS3.4 table B.2-1), with an Error Comment (0000,0902) that says why."""

from __future__ import annotations

import re

from pydicom.dataset import Dataset

from dicom_gateway.receive.screen import RoutingTags

SUCCESS = 0x0000
OUT_OF_RESOURCES = 0xA700
DOES_NOT_MATCH = 0xA900
CANNOT_UNDERSTAND = 0xC000

_UID = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_UID_LENGTH = 64
_COMMENT_LENGTH = 64
"""Error Comment is LO."""


def refusal(status: int, comment: str) -> Dataset:
    """A failure status with its reason; the comment never holds anything from the data set."""
    answer = Dataset()
    answer.Status = status
    answer.ErrorComment = comment[:_COMMENT_LENGTH]
    return answer


def uid_fault(sop_class_uid: str, sop_instance_uid: str) -> Dataset | None:
    """A refusal if one of the UIDs is no UID (PS3.5 9.1).

    A component with a leading zero is let pass: real devices send them, and the archive keeps them.
    """
    for name, uid in (("SOP Class", sop_class_uid), ("SOP Instance", sop_instance_uid)):
        if len(uid) > _UID_LENGTH or not _UID.fullmatch(uid):
            return refusal(CANNOT_UNDERSTAND, f"The Affected {name} UID is not a valid UID.")
    return None


def context_fault(sop_class_uid: str, abstract_syntax: str) -> Dataset | None:
    """A refusal if the object is of another class than was negotiated for its presentation context."""
    if sop_class_uid == abstract_syntax:
        return None
    return refusal(DOES_NOT_MATCH, "The SOP class is not the one of the presentation context.")


def data_set_fault(sop_class_uid: str, sop_instance_uid: str, tags: RoutingTags) -> Dataset | None:
    """A refusal if the data set, as far as it was looked at, is of another object than the message says.

    The archive files it by what the data set says, we by what the message says: they must agree.
    """
    if tags.sop_instance_uid not in ("", sop_instance_uid):
        return refusal(DOES_NOT_MATCH, "The data set has another SOP Instance UID than the message.")
    if tags.sop_class_uid not in ("", sop_class_uid):
        return refusal(DOES_NOT_MATCH, "The data set has another SOP Class UID than the message.")
    return None

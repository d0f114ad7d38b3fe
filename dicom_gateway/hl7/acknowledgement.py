"""Acknowledgements (ACK, HL7 v2 2.9.3): AA taken, AE the sender must mend it, AR not taken."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from enum import StrEnum

from dicom_gateway.hl7.errors import Rejected
from dicom_gateway.hl7.segments import Segment, header_of
from reads.model.errors import Invalid


class AckCode(StrEnum):
    """MSA-1 (table 0008)."""

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


_CONDITION = {AckCode.ERROR: "102^Data type error^HL70357", AckCode.REJECTED: "207^Application internal error^HL70357"}


_COPIED_LENGTH = 250
"""Of a field that is copied from the message: what comes from outside does not grow on its way back."""
_PLACE = re.compile(r"[A-Z][A-Z0-9]{2}(-[0-9]{1,2})?")


def acknowledge(raw: bytes, code: AckCode, text: str = "", field: str = "") -> bytes:
    """The answer to a message. `text` is for the people who run the sender and holds no patient data."""
    try:
        header: Segment | None = header_of(raw)
    except (Rejected, Invalid):
        header = None
    mark, encoding = ("|", "^~\\&") if header is None else (header.form.marks.field, header.raw(2))

    def copied(number: int, otherwise: str = "") -> str:
        value = header.raw(number) if header else ""
        return value[:_COPIED_LENGTH] or otherwise

    trigger = header.component(9, 2) if header else ""
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    kind = "ACK" + (encoding[0] + trigger[:3] if trigger.isalnum() else "")
    version = copied(12, "2.5")
    msh = ["MSH", encoding, copied(5), copied(6), copied(3), copied(4), now, "", kind, secrets.token_hex(10)]
    segments = [[*msh, copied(11, "P"), version], ["MSA", code.value, copied(10), text]]
    if code is not AckCode.ACCEPTED:
        place = field.replace("-", encoding[0] + "1" + encoding[0]) if _PLACE.fullmatch(field) else ""
        condition = _CONDITION[code].replace("^", encoding[0])
        segments.append(["ERR", "", place, condition, "E", "", "", "", text])
    return "".join(mark.join(s) + "\r" for s in segments).encode("latin-1", "replace")


def code_and_text(ack: bytes) -> tuple[str, str, str]:
    """MSA-1, MSA-2 and MSA-3 of an acknowledgement; empty where it has none."""
    lines = ack.replace(b"\n", b"\r").split(b"\r")
    msa = next((line for line in lines if line.startswith(b"MSA")), b"")
    fields = msa.decode("utf-8", "replace").split(chr(msa[3]) if len(msa) > len("MSA") else "|")
    code, control_id, text = ([*fields[1:], "", "", ""])[:3]
    return code, control_id, text

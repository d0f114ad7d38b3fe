"""C-ECHO as SCU (PS3.7 9.1.5)."""

from __future__ import annotations

from pynetdicom.presentation import build_context
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from dicom_gateway.scu.association import NoAssociation, association


def echo(host: str, port: int, called_ae: str, calling_ae: str = "SECONDREAD") -> None:
    """Return if the node answers a C-ECHO with success. Raises :class:`NoAssociation` if not."""
    with association(host, port, calling_ae, called_ae, [build_context(Verification)]) as opened:
        answer = opened.send_c_echo()
        if "Status" not in answer or answer.Status != 0x0000:
            raise NoAssociation(f"{called_ae} at {host}:{port} did not answer the C-ECHO.")

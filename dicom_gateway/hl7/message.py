"""ORU^R01 (HL7 v2.3 to 2.7, chapter 7) made into :class:`reads.model.report.ReportMessage`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dicom_gateway.hl7.errors import Rejected
from dicom_gateway.hl7.people import authors_of, moment, patient_of
from dicom_gateway.hl7.sections import pdf_of, sections_of, study_uid_in
from dicom_gateway.hl7.segments import Message, Segment, parse
from dicom_gateway.hl7.status import status_of
from reads.model.errors import Invalid
from reads.model.report import ReportMessage

ACCESSION_FROM = ("OBR-18", "OBR-3", "OBR-19")
"""Where the accession number is looked for, in this order; a site's habit."""

_VERSION = re.compile(r"2\.[3-7](\.[0-9])?")
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")
_UID_LENGTH = 64
_OBR_FIELD = re.compile(r"OBR-([0-9]{1,2})")


@dataclass(slots=True)
class _Order:
    """One OBR and what belongs to it."""

    pid: Segment | None
    obr: Segment
    results: list[Segment] = field(default_factory=list)
    others: list[Segment] = field(default_factory=list)


def parse_oru(raw: bytes, accession_from: Sequence[str] = ACCESSION_FROM) -> tuple[ReportMessage, ...]:
    """The reports of one ORU^R01 message: one for each OBR.

    An OBR without text of its own, as several procedures reported together are sent, has the text of the OBR that
    follows it, or else of the one before. The ``message_id`` of the second and later reports is MSH-10 with ``/2``,
    ``/3`` …, so that each is told from a repeat of the first.

    Parameters
    ----------
    raw
        The message without its MLLP frame.
    accession_from
        OBR fields in which to look for the accession number; the first that is not empty counts.

    Raises
    ------
    Rejected
        AR: MSH-9, MSH-11 or MSH-12 is not what this listener takes, or it is no HL7 v2 at all.
    Invalid
        AE: the sender must mend something in the report; ``field`` says where. Its text holds no patient data.
    """
    message = parse(raw)
    _check_header(message.header)
    orders = _orders(message)
    if not orders:
        raise Invalid("The message has no OBR segment.", "OBR")
    control_id = message.header.component(10, 1)
    if not control_id:
        raise Invalid("MSH-10 holds no message control id.", "MSH-10")
    return tuple(
        _report(message.header, order, results, accession_from, control_id if not n else f"{control_id}/{n + 1}")
        for n, (order, results) in enumerate(zip(orders, _shared_results(orders), strict=True))
    )


def _check_header(msh: Segment) -> None:
    if (msh.component(9, 1), msh.component(9, 2)) != ("ORU", "R01"):
        raise Rejected("This listener takes reports only: MSH-9 must be ORU^R01.")
    if msh.component(11, 1) != "P":
        raise Rejected("The processing id in MSH-11 must be P: training and debugging messages are not kept.")
    if not _VERSION.fullmatch(msh.component(12, 1)):
        raise Rejected("The version in MSH-12 must be 2.3 to 2.7.")


def _orders(message: Message) -> list[_Order]:
    orders: list[_Order] = []
    pid: Segment | None = None
    for segment in message.segments[1:]:
        if segment.name == "PID":
            pid = segment
        elif segment.name == "OBR":
            orders.append(_Order(pid, segment))
        elif orders and segment.name == "OBX":
            orders[-1].results.append(segment)
        elif orders:
            orders[-1].others.append(segment)
    return orders


def _shared_results(orders: list[_Order]) -> list[list[Segment]]:
    """The OBX of each order, borrowed from a neighbour of the same patient where it has none."""
    shared = [order.results for order in orders]
    for n in reversed(range(len(orders) - 1)):
        if not shared[n] and orders[n].pid is orders[n + 1].pid:
            shared[n] = shared[n + 1]
    for n in range(1, len(orders)):
        if not shared[n] and orders[n].pid is orders[n - 1].pid:
            shared[n] = shared[n - 1]
    return shared


def _report(
    msh: Segment, order: _Order, results: list[Segment], accession_from: Sequence[str], message_id: str
) -> ReportMessage:
    if order.pid is None:
        raise Invalid("The message has no PID segment.", "PID")
    obr = order.obr
    report = ReportMessage(
        facility=msh.component(4, 1),
        message_id=message_id,
        patient=patient_of(order.pid),
        study_uid=_study_uid(order, results),
        accession=_accession(obr, accession_from),
        filler_order=obr.component(3, 1),
        status=status_of(obr, results),
        authors=authors_of(obr, results),
        sections=sections_of(results),
        procedure=obr.component(4, 2) or obr.component(4, 5) or obr.component(4, 1),
        reported_at=moment(obr, 22) or moment(msh, 7),
        pdf=pdf_of(results),
    )
    if report.status.can_be_judged and not report.sections and report.pdf is None:
        raise Invalid("The report has neither text (OBX-2 TX, FT, ST) nor a PDF (OBX-2 ED).", "OBX")
    if not report.study_uid and not report.accession:
        raise Invalid("The message names no study: neither a Study Instance UID nor an accession number.", "OBR-18")
    return report


def _accession(obr: Segment, accession_from: Sequence[str]) -> str:
    for place in accession_from:
        found = _OBR_FIELD.fullmatch(place)
        value = obr.component(int(found[1]), 1) if found else ""
        if value:
            return value
    return ""


def _study_uid(order: _Order, results: list[Segment]) -> str:
    """Study Instance UID from ZDS-1, IPC-3 or an OBX 113014 DCM, whichever the message has."""
    fields = {"ZDS": 1, "IPC": 3}
    named = [s.component(fields[s.name], 1) for s in order.others if s.name in fields]
    named += [study_uid_in(obx) for obx in (*order.results, *results)]
    uid = next((n for n in named if n), "")
    if uid and (len(uid) > _UID_LENGTH or not _UID.fullmatch(uid)):
        raise Invalid("The Study Instance UID is not a UID.", "ZDS-1")
    return uid

"""What the HL7 listener promises to a RIS: AA when the report is kept, AE and AR with a reason, never silence."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from dicom_gateway.hl7.client import Answer, NoAnswer, send
from dicom_gateway.hl7.mllp import END, MAX_CONNECTIONS, START, CannotListenForReports, MllpListener
from reads.model.errors import Invalid, Retriable
from reads.model.report import ReportMessage
from tests.integration.gateway.patience import until

CANARY = "CANARY-PATIENT"


def oru(control_id: str = "M1", **header: str) -> bytes:
    values = {"type": "ORU^R01", "processing": "P", "version": "2.5.1"} | header
    return (
        f"MSH|^~\\&|RIS|HOSP|SR|DEPT|20240131||{values['type']}|{control_id}|{values['processing']}|{values['version']}\r"
        f"PID|1||{CANARY}^^^HOSP||{CANARY}^{CANARY}\r"
        "OBR|1||ACC1|CT|||||||||||||||||||||F|||||||R1^Okafor^Ngozi\r"
        f"OBX|1|TX|&GDT||{CANARY} Normal.||||||F\r"
    ).encode()


@dataclass
class Kept:
    """The other side of ``accept``: keeps reports, or fails as told."""

    reports: list[ReportMessage] = field(default_factory=list)
    fault: Exception | None = None
    may_commit: threading.Event = field(default_factory=threading.Event)
    called: threading.Event = field(default_factory=threading.Event)

    def accept(self, report: ReportMessage, raw: bytes) -> None:
        self.called.set()
        assert self.may_commit.wait(30)
        if self.fault:
            raise self.fault
        assert raw.startswith(b"MSH")
        self.reports.append(report)


@pytest.fixture
def kept() -> Kept:
    kept = Kept()
    kept.may_commit.set()
    return kept


@pytest.fixture
def listener(kept: Kept) -> Iterator[MllpListener]:
    listener = MllpListener("127.0.0.1", 0, kept.accept, idle_s=20, deadline_s=5)
    yield listener
    listener.stop()


@pytest.fixture
def port(listener: MllpListener) -> int:
    return listener.start()


def segment(answer: Answer, name: str) -> list[str]:
    lines = [line.split("|") for line in answer.raw.decode().split("\r")]
    return next((fields for fields in lines if fields[0] == name), [])


def test_a_report_is_kept_and_acknowledged(port: int, kept: Kept) -> None:
    answer = send("127.0.0.1", port, oru("M42"))
    assert (answer.code, answer.control_id) == ("AA", "M42")
    (report,) = kept.reports
    assert (report.message_id, report.accession) == ("M42", "ACC1")
    msh = segment(answer, "MSH")
    assert (msh[2], msh[3], msh[4], msh[5]) == ("SR", "DEPT", "RIS", "HOSP")
    assert (msh[8], msh[11]) == ("ACK^R01", "2.5.1")


def test_nothing_is_acknowledged_before_it_is_committed(port: int, kept: Kept) -> None:
    kept.may_commit.clear()
    with socket.create_connection(("127.0.0.1", port)) as ris:
        ris.sendall(START + oru() + END)
        assert kept.called.wait(30)
        ris.setblocking(False)
        with pytest.raises(BlockingIOError):
            ris.recv(1)
        ris.settimeout(30)
        kept.may_commit.set()
        assert b"MSA|AA|M1" in ris.recv(4096)


def test_what_the_sender_must_mend_is_answered_with_ae_and_where(port: int, kept: Kept) -> None:
    answer = send("127.0.0.1", port, oru().replace(b"||F|||||||R1", b"||I|||||||R1").replace(b"|||F|", b"|||I|"))
    assert answer.code == "AE"
    assert segment(answer, "ERR")[2] == "OBR^1^25"
    assert "OBR-25" in answer.text
    assert kept.reports == []


def test_a_rule_of_the_product_that_a_report_breaks_is_answered_with_ae(port: int, kept: Kept) -> None:
    kept.fault = Invalid("This accession belongs to another patient.", "OBR-18")
    answer = send("127.0.0.1", port, oru())
    assert (answer.code, answer.text) == ("AE", "This accession belongs to another patient.")


@pytest.mark.parametrize("fault", [Retriable("locked"), RuntimeError(CANARY), KeyError(CANARY)])
def test_a_fault_of_ours_is_answered_with_ar_and_tells_nothing(port: int, kept: Kept, fault: Exception) -> None:
    kept.fault = fault
    answer = send("127.0.0.1", port, oru())
    assert answer.code == "AR"
    assert "again later" in answer.text
    kept.fault = None
    assert send("127.0.0.1", port, oru()).code == "AA"


@pytest.mark.parametrize("header", [{"type": "ADT^A08"}, {"type": "ORM^O01"}, {"processing": "T"}, {"version": "2.8"}])
def test_what_this_listener_does_not_take_is_answered_with_ar_and_why(port: int, header: dict[str, str]) -> None:
    answer = send("127.0.0.1", port, oru(**header))
    assert answer.code == "AR"
    assert "MSH-" in answer.text


def test_no_answer_holds_patient_data(port: int, kept: Kept, capfd: pytest.CaptureFixture[str]) -> None:
    kept.fault = ValueError(CANARY)
    for message in (oru(), oru(type="ADT^A01"), oru()[:-30], oru().replace(b"ACC1", b""), oru() + b"bad segment\r"):
        assert CANARY.encode() not in send("127.0.0.1", port, message).raw
    logged = capfd.readouterr()
    assert CANARY not in logged.out + logged.err


def test_messages_on_one_connection_are_answered_in_order_however_they_are_cut(port: int) -> None:
    stream = b"".join(START + oru(f"M{n}") + END for n in range(5))
    with socket.create_connection(("127.0.0.1", port)) as ris:
        ris.settimeout(30)
        for at in range(0, len(stream), 97):
            ris.sendall(stream[at : at + 97])
        received = b""
        while received.count(END) < 5:
            received += ris.recv(4096)
    controls = [frame.split(b"MSA|AA|")[1][:2] for frame in received.split(END)[:5]]
    assert controls == [b"M0", b"M1", b"M2", b"M3", b"M4"]


def test_bytes_between_frames_do_not_disturb(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as ris:
        ris.settimeout(30)
        ris.sendall(b"\r\n  noise " + START + oru() + END)
        assert b"MSA|AA|M1" in ris.recv(4096)


def test_what_is_no_hl7_is_answered_and_the_connection_goes_on(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as ris:
        ris.settimeout(30)
        ris.sendall(START + b"Unparseable message" + END)
        assert b"MSA|AR|" in ris.recv(4096)
        ris.sendall(START + oru() + END)
        assert b"MSA|AA|M1" in ris.recv(4096)


def test_a_message_that_never_ends_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as ris:
        ris.settimeout(30)
        ris.sendall(START + oru())
        with pytest.raises(OSError):  # noqa: PT011  reset or broken pipe, as the kernel has it
            ris.sendall(b"x" * (200 << 20))
    assert send("127.0.0.1", port, oru()).code == "AA"


def test_a_sender_that_drips_bytes_is_cut_off(kept: Kept) -> None:
    listener = MllpListener("127.0.0.1", 0, kept.accept, idle_s=20, deadline_s=0.2)
    port = listener.start()
    try:
        with socket.create_connection(("127.0.0.1", port)) as ris:
            ris.sendall(START + b"MSH")
            ris.settimeout(30)
            assert ris.recv(100) == b""
    finally:
        listener.stop()


def test_silent_connections_do_not_keep_others_out(port: int, kept: Kept) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(MAX_CONNECTIONS - 1)]
    assert send("127.0.0.1", port, oru()).code == "AA"
    for connection in silent:
        connection.close()


def test_one_connection_too_many_is_closed_and_its_place_is_given_back(port: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(MAX_CONNECTIONS)]
    extra = socket.create_connection(("127.0.0.1", port))
    extra.settimeout(30)
    assert extra.recv(1) == b""
    for connection in (*silent, extra):
        connection.close()
    until(lambda: _accepted(port), "a place is free again")


def test_stopping_ends_waiting_connections(listener: MllpListener) -> None:
    port = listener.start()
    with socket.create_connection(("127.0.0.1", port)) as ris:
        ris.sendall(START + oru() + END)
        ris.settimeout(30)
        assert b"MSA|AA" in ris.recv(4096)
        listener.stop()
        assert ris.recv(1) == b""
    with pytest.raises(NoAnswer):
        send("127.0.0.1", port, oru())


def test_a_port_that_is_taken_is_told_in_words(port: int, kept: Kept) -> None:
    with pytest.raises(CannotListenForReports, match="--hl7-port"):
        MllpListener("127.0.0.1", port, kept.accept).start()


def _accepted(port: int) -> bool:
    try:
        return send("127.0.0.1", port, oru()).accepted
    except NoAnswer:
        return False

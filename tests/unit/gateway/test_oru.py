"""Reports as hospitals write them, and as they should not."""

from __future__ import annotations

import base64
import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom_gateway.hl7.errors import Rejected
from dicom_gateway.hl7.message import parse_oru
from reads.model.errors import Invalid
from reads.model.report import Author, AuthorRole, ReportMessage, ReportSection, ReportStatus

STUDY = "2.25.4711"


def obr(**fields: str) -> str:
    """An OBR with fields by number (``f25="F"``)."""
    values = {3: "ACC1", 4: "CTH^CT head", 22: "20240131120000+0100", 25: "F", 32: "R1001&Okafor&Ngozi"}
    values |= {int(name[1:]): value for name, value in fields.items()}
    return "OBR|" + "|".join(values.get(n, "") for n in range(1, 45))


def obx(value: str, code: str = "59776-5^Findings^LN", kind: str = "TX", status: str = "F", observer: str = "") -> str:
    return f"OBX|1|{kind}|{code}||{value}||||||{status}|||||{observer}"


def oru(*segments: str, msh: dict[int, str] | None = None, pid: str = "P-1^^^HOSP^MR", end: str = "\r") -> bytes:
    head = {3: "RIS", 4: "HOSP", 7: "20240131", 9: "ORU^R01^ORU_R01", 10: "MSG1", 11: "P", 12: "2.5.1"} | (msh or {})
    header = "MSH|^~\\&|" + "|".join(head.get(n, "") for n in range(3, 19))
    lines = [header, f"PID|1||{pid}||M\u00fcller^J\u00f6rg^K^Jr^Dr||19501224|F", *segments]
    return (end.join(lines) + end).encode(_codec(head.get(18, "")))


def _codec(name: str) -> str:
    return {"8859/1": "latin-1", "8859/15": "iso8859_15"}.get(name, "utf-8")


def one(raw: bytes) -> ReportMessage:
    (report,) = parse_oru(raw)
    return report


def usual(*segments: str) -> bytes:
    return oru(obr(), *segments, f"ZDS|{STUDY}^RIS^Application^DICOM")


def test_a_report_is_read_whole() -> None:
    report = one(usual(obx("Normal."), obx("No bleeding.", "19005-8^Impressions^LN")))
    assert report.facility == "HOSP"
    assert report.message_id == "MSG1"
    assert (report.patient.identifier, report.patient.issuer) == ("P-1", "HOSP")
    assert report.patient.name == "M\u00fcller^J\u00f6rg^K^Dr^Jr"
    assert (report.patient.birth_date, report.patient.sex) == (date(1950, 12, 24), "F")
    assert (report.study_uid, report.accession, report.filler_order) == (STUDY, "ACC1", "ACC1")
    assert report.status is ReportStatus.FINAL
    assert report.authors == (Author("R1001", "Ngozi Okafor", AuthorRole.PRINCIPAL),)
    assert report.sections == (
        ReportSection("59776-5", "Findings", "Normal."),
        ReportSection("19005-8", "Impressions", "No bleeding."),
    )
    assert report.procedure == "CT head"
    assert report.reported_at == datetime(2024, 1, 31, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["R1001&Okafor&Ngozi", "R1001&Okafor&Ngozi^20240131^20240131", "R1001^Okafor^Ngozi", "R1001^Okafor^Ngozi^B.^^Dr"],
)
def test_an_author_is_known_in_both_forms_in_which_systems_write_people(written: str) -> None:
    assert one(oru(obr(f32=written), obx("x"))).authors == (Author("R1001", "Ngozi Okafor", AuthorRole.PRINCIPAL),)


def test_everybody_behind_a_report_is_an_author() -> None:
    report = one(oru(obr(f33="R2^Lee^Ann~R3&Ito&Ken", f34="T1^20240131", f35="S1"), obx("x", observer="R4^Bo^Li")))
    assert [(a.identifier, a.role) for a in report.authors] == [
        ("R1001", AuthorRole.PRINCIPAL),
        ("R2", AuthorRole.ASSISTANT),
        ("R3", AuthorRole.ASSISTANT),
        ("T1", AuthorRole.TECHNICIAN),
        ("S1", AuthorRole.TRANSCRIPTIONIST),
        ("R4", AuthorRole.ASSISTANT),
    ]


def test_without_a_principal_the_responsible_observer_is_it() -> None:
    report = one(oru(obr(f32=""), obx("x", observer="R9^Bo^Li"), obx("y", observer="R9^Bo^Li")))
    assert report.authors == (Author("R9", "Li Bo", AuthorRole.PRINCIPAL),)


@pytest.mark.parametrize(
    ("segments", "place"),
    [
        ((obr(), obx("x"), f"ZDS|{STUDY}^RIS^Application^DICOM"), "ZDS-1"),
        ((obr(), f"IPC|ACC1^RIS|RP1^RIS|{STUDY}^RIS|SPS1", obx("x")), "IPC-3"),
        ((obr(), obx(STUDY, "113014^Study^DCM", "HD"), obx("x")), "OBX 113014"),
    ],
)
def test_the_study_is_found_wherever_it_is_named(segments: tuple[str, ...], place: str) -> None:
    report = one(oru(*segments))
    assert report.study_uid == STUDY, place
    assert [s.text for s in report.sections] == ["x"]


def test_the_accession_is_looked_for_where_the_site_puts_it() -> None:
    raw = oru(obr(f18="A18", f3="A3^RIS", f19="A19"), obx("x"))
    assert parse_oru(raw)[0].accession == "A18"
    assert parse_oru(raw, ("OBR-19", "OBR-3"))[0].accession == "A19"
    assert parse_oru(oru(obr(f18=""), obx("x")), ("OBR-18", "OBR-3"))[0].accession == "ACC1"


@pytest.mark.parametrize(
    ("letter", "status"),
    [
        ("A", ReportStatus.PRELIMINARY),
        ("R", ReportStatus.PRELIMINARY),
        ("P", ReportStatus.PRELIMINARY),
        ("F", ReportStatus.FINAL),
        ("C", ReportStatus.CORRECTED),
        ("X", ReportStatus.CANCELLED),
        ("Prelim", ReportStatus.PRELIMINARY),
        ("Wet Read", ReportStatus.PRELIMINARY),
        ("Final", ReportStatus.FINAL),
    ],
)
def test_the_status_is_obr_25_by_table_0123(letter: str, status: ReportStatus) -> None:
    # OBX-11 "A" (amended, table 0085) must not change it.
    assert one(oru(obr(f25=letter), obx("x", status="A"))).status is status


@pytest.mark.parametrize(
    ("letters", "status"),
    [("FF", ReportStatus.FINAL), ("FP", ReportStatus.PRELIMINARY), ("FC", ReportStatus.CORRECTED)],
)
def test_without_obr_25_the_parts_decide_and_one_open_part_keeps_it_open(letters: str, status: ReportStatus) -> None:
    assert one(oru(obr(f25=""), *(obx("x", status=s) for s in letters))).status is status


@pytest.mark.parametrize("letter", ["I", "S", "O", "Y", "Z", "Q", "done"])
def test_a_message_without_a_result_is_for_the_sender_to_mend(letter: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_oru(oru(obr(f25=letter), obx("x")))
    assert caught.value.field == "OBR-25"


def test_lines_of_one_section_are_joined_and_sections_kept_in_order() -> None:
    code = "&GDT"
    report = one(oru(obr(), obx("a", code), obx("", code), obx("b", code), obx("c", "&IMP"), obx("d", code)))
    assert report.sections == (
        ReportSection("59776-5", "Findings", "a\n\nb"),
        ReportSection("19005-8", "Impressions", "c"),
        ReportSection("59776-5", "Findings", "d"),
    )


@pytest.mark.parametrize(
    "code", ["59776-5^x^LN", "59776-5", "59776-5^x", "RAD1^x^L^59776-5^Findings^LN", "73022.1&GDT^CT^L", "&GDT"]
)
def test_a_section_is_known_by_its_code_or_its_suffix(code: str) -> None:
    assert one(oru(obr(), obx("x", code))).sections == (ReportSection("59776-5", "Findings", "x"),)


def test_text_whose_sender_names_no_section_is_one_section() -> None:
    report = one(oru(obr(), obx("FINDINGS:~Normal.", "4898525"), obx("IMPRESSION:~Normal.", "4898525")))
    assert report.sections == (ReportSection("", "", "FINDINGS:\nNormal.\nIMPRESSION:\nNormal."),)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (r"a\.br\b", "a\nb"),
        (r"a\.sp2\b", "a\n\nb"),
        (r"3 \S\ 4 \T\ \F\ \R\ \E\ ", "3 ^ 4 & | ~ \\"),
        (r"\E\.br\E\ ", "\\.br\\"),
        (r"\H\bold\N\ text", "bold text"),
        (r"\X41C3A4\ ", "A\u00e4"),
        (r"\XZZ\ stays", r"\XZZ\ stays"),
        (r"50\Zx\%", r"50\Zx\%"),
        ("one~two", "one\ntwo"),
        ("lone \\ backslash", "lone \\ backslash"),
        ('""', ""),
    ],
)
def test_escapes_mean_what_the_standard_says_and_unknown_ones_stay(sent: str, meant: str) -> None:
    report = one(oru(obr(), obx("head"), obx(sent, kind="FT"), obx("foot"), msh={18: "UNICODE UTF-8"}))
    assert report.sections[0].text == f"head\n{meant}\nfoot"


@pytest.mark.parametrize("name", ["UNICODE UTF-8", "8859/1", "8859/15", ""])
def test_umlauts_come_through_in_each_character_set(name: str) -> None:
    assert one(oru(obr(), obx("Sch\u00e4del"), msh={18: name})).sections[0].text == "Sch\u00e4del"


def test_latin_1_that_is_not_declared_is_read_all_the_same() -> None:
    raw = oru(obr(), obx("Sch\u00e4del")).decode("utf-8").encode("latin-1")
    assert one(raw).sections[0].text == "Sch\u00e4del"


def test_text_that_contradicts_its_declared_character_set_is_for_the_sender_to_mend() -> None:
    raw = oru(obr(), obx("Sch\u00e4del"), msh={18: "UNICODE UTF-8"}).decode().encode("latin-1")
    with pytest.raises(Invalid) as caught:
        parse_oru(raw)
    assert caught.value.field == "MSH-18"


def test_other_delimiters_and_line_ends_are_read() -> None:
    raw = usual(obx("a")).translate(bytes.maketrans(b"|^", b"#!")).replace(b"\r", b"\r\n")
    report = one(raw)
    assert (report.patient.identifier, report.sections[0].text, report.study_uid) == ("P-1", "a", STUDY)


def test_a_pdf_is_kept_beside_the_text() -> None:
    pdf = b"%PDF-1.7 tiny"
    value = "^application^pdf^Base64^" + base64.b64encode(pdf).decode()
    report = one(oru(obr(), obx(value, "PDF^Report", "ED")))
    assert (report.pdf, report.sections) == (pdf, ())


def test_the_usual_identifier_is_chosen_among_several() -> None:
    report = one(oru(obr(), obx("x"), pid="123^^^SSA^SS~P-7^^^HOSP&1.2.3&ISO^MR~9^^^OLD^PI"))
    assert (report.patient.identifier, report.patient.issuer) == ("P-7", "HOSP")


def test_two_procedures_with_two_reports_are_two_reports() -> None:
    reports = parse_oru(oru(obr(f3="A1"), obx("first"), obr(f3="A2", f25="P"), obx("second")))
    assert [(r.accession, r.message_id, r.status.value, r.sections[0].text) for r in reports] == [
        ("A1", "MSG1", "final", "first"),
        ("A2", "MSG1/2", "preliminary", "second"),
    ]


def test_procedures_reported_together_share_the_text() -> None:
    reports = parse_oru(oru(obr(f3="A1"), obr(f3="A2"), obx("both"), obr(f3="A3")))
    assert [(r.accession, r.sections[0].text) for r in reports] == [("A1", "both"), ("A2", "both"), ("A3", "both")]


def test_a_report_is_never_given_the_text_of_another_patient() -> None:
    raw = oru(obr(f3="A1", f25="P"), "PID|2||P-2^^^HOSP^MR", obr(f3="A2"), obx("of the second"))
    first, second = parse_oru(raw)
    assert (first.patient.identifier, first.sections) == ("P-1", ())
    assert (second.patient.identifier, second.sections[0].text) == ("P-2", "of the second")


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (oru(obr(), obx("x"), pid=""), "PID-3"),
        (oru(), "OBR"),
        (oru(obr()), "OBX"),
        (oru(obr(), obx("x"), msh={10: ""}), "MSH-10"),
        (oru(obr(f3=""), obx("x")), "OBR-18"),
        (oru(obr(), obx("x"), "ZDS|not a uid"), "ZDS-1"),
        (oru(obr(), obx("^application^pdf^Base64^@@@", kind="ED")), "OBX-5"),
        (oru(obr(), obx("x"), msh={18: "EBCDIC"}), "MSH-18"),
        (oru(obr(), obx("x"), "no segment"), None),
    ],
)
def test_what_the_sender_must_mend_is_named(raw: bytes, field: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        parse_oru(raw)
    assert caught.value.field == field
    assert "P-1" not in caught.value.message


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"MSH|",
        b"MSH|^^^^|x",
        oru(obr(), obx("x"), msh={9: "ADT^A01"}),
        oru(obr(), obx("x"), msh={9: ""}),
        oru(obr(), obx("x"), msh={11: "T"}),
        oru(obr(), obx("x"), msh={12: "2.8"}),
        oru(obr(), obx("x"), msh={12: "3"}),
        oru(obr(), obx("|" * 200_000)),
        oru(obr(), *["OBX|1"] * 10_001),
    ],
    ids=["empty", "http", "cut", "marks", "adt", "no type", "training", "2.8", "3", "fields", "segments"],
)
def test_what_is_no_report_is_rejected(raw: bytes) -> None:
    with pytest.raises(Rejected):
        parse_oru(raw)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_spoilt_message_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    raw = bytearray(usual(obx("Normal."), obx(r"a\.br\b", kind="FT")))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    with contextlib.suppress(Invalid, Rejected):
        parse_oru(bytes(raw))

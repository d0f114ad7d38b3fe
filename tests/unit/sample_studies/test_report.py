"""A report must reach the receiver as it was written."""

import hl7

from sample_studies.catalogue import PLANS
from sample_studies.report import Original, as_oru

PLAN = PLANS[0]


def original(text: str, form: str = "FT", binding: str = "accession") -> Original:
    """A report with one section."""
    procedure = ("CTCHEST", "CT chest")
    return Original("R1001", "right", binding, form, "20261103113800", procedure, "", "", {"findings": text})


def test_separators_in_the_text_are_escaped() -> None:
    message = as_oru(PLAN, original("T1|T2 & 5^2 ~ 3\\4"), "2.25.1").decode()

    assert "T1\\F\\T2 \\T\\ 5\\S\\2 \\R\\ 3\\E\\4" in message


def test_lines_become_breaks_in_ft_and_segments_in_tx() -> None:
    formatted = as_oru(PLAN, original("one\ntwo"), "2.25.1").decode()
    plain = hl7.parse(as_oru(PLAN, original("one\ntwo", "TX"), "2.25.1").decode())

    assert "one\\.br\\two" in formatted
    assert [str(obx[4]) for obx in plain.segments("OBX")] == ["1", "2"]


def test_each_binding_names_the_study_in_its_own_place() -> None:
    by_uid = as_oru(PLAN, original("x", binding="study_uid"), "2.25.1").decode()
    by_zds = as_oru(PLAN, original("x", binding="zds"), "2.25.1").decode()
    by_accession = as_oru(PLAN, original("x"), "2.25.1").decode()

    assert "|113014^DICOM Study^DCM|1|^2.25.1^ISO|" in by_uid
    assert "\rZDS|2.25.1^^Application^DICOM\r" in by_zds
    assert "2.25.1" not in by_accession
    assert str(hl7.parse(by_accession).segment("OBR")[18]) == PLAN.accession

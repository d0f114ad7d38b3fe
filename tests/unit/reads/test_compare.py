"""Reports in sections and statements, findings paired with statements, authors blacked out."""

import sys
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reads.compare.authors import BLACK, HIDDEN, without_authors
from reads.compare.pairing import is_denied, propose
from reads.compare.sections import HEADER, SIGN_OFF, is_judged, split
from reads.compare.statements import number_statements, sentences
from reads.model.codes import Code, Side
from reads.model.discrepancy import LedgerRow
from reads.model.finding import Certainty, Finding
from reads.model.report import Author, AuthorRole, OriginalReport, ReportSection, ReportStatus, Statement
from reads.model.study import PatientIdentity

FINDINGS, IMPRESSION, TECHNIQUE = "59776-5", "19005-8", "55111-9"


def pieces(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lungs clear. Heart normal.", ["Lungs clear.", "Heart normal."]),
        ("A 4.5 cm mass. It grew.", ["A 4.5 cm mass.", "It grew."]),
        ("Mass of 4.5 cm. The liver is normal.", ["Mass of 4.5 cm.", "The liver is normal."]),
        ("See image No. 3 of series 2. Stable.", ["See image No. 3 of series 2.", "Stable."]),
        ("Effusion? No. The lungs are clear.", ["Effusion?", "No.", "The lungs are clear."]),
        ("Told Dr. Miller at 10. He agreed.", ["Told Dr. Miller at 10.", "He agreed."]),
        ("Told Dr. J. Miller. He agreed.", ["Told Dr. J. Miller.", "He agreed."]),
        ("Nodule vs. Vessel, e.g. Artery.", ["Nodule vs. Vessel, e.g. Artery."]),
        ("1. Fracture of rib 4. 2. No pneumothorax.", ["1. Fracture of rib 4.", "2. No pneumothorax."]),
        ("1. Fracture\n2. Effusion\n", ["1. Fracture", "2. Effusion"]),
        ("- Fracture\n- Effusion", ["- Fracture", "- Effusion"]),
        ("No change\nNew nodule", ["No change", "New nodule"]),
        (
            "The lungs are clear of any consolidation or effusion and\nthe heart is normal. Stable.",
            ["The lungs are clear of any consolidation or effusion and\nthe heart is normal.", "Stable."],
        ),
        ("LUNGS: Clear.\nHEART: Normal size.", ["LUNGS: Clear.", "HEART: Normal size."]),
        ("Stable.\n-----\nDone.", ["Stable.\n-----", "Done."]),
        ("Measures 8 x 9 mm (series 3).Normal.", ["Measures 8 x 9 mm (series 3).Normal."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_are_cut_where_a_reader_would_cut_them(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


letters = st.text(st.sampled_from("aAbZ1290 .,:;?!()-*\n\t\"'•é "), max_size=120)


@given(letters | st.text(max_size=80))
@example("2.\n3.")
@example("...")
def test_every_character_that_is_no_space_is_in_exactly_one_statement(text: str) -> None:
    sections = (ReportSection(TECHNIQUE, "Technique", "Contrast."), ReportSection(FINDINGS, "Findings", text))
    statements = number_statements(sections)
    assert [s.number for s in statements] == list(range(1, len(statements) + 1))
    place = 0
    for s in statements:
        assert s.section == 1
        assert s.start >= place
        assert text[s.start : s.end] == s.text == s.text.strip()
        assert not text[place : s.start].strip()
        place = s.end
    assert not text[place:].strip()


@given(
    st.lists(st.sampled_from(["FINDINGS:", "Impression:", "technique", "The lungs are clear.", "", "Dictated by: X"]))
)
def test_splitting_keeps_every_word_but_the_headings(lines: list[str]) -> None:
    text = "\n".join(lines)
    headings = {"FINDINGS:", "Impression:"}
    expected = [w for line in lines if line not in headings for w in line.split()]
    kept = [w for s in split((ReportSection("", "", text),)) for w in s.text.split()]
    assert kept == expected


def test_a_report_without_codes_is_divided_by_its_headings() -> None:
    text = (
        "CT CHEST\nCLINICAL HISTORY: Cough.\nTechnique: 1 mm.\nCOMPARISON\nNone.\nFINDINGS:\nNodule. No effusion.\n"
        "IMPRESSION: Nodule.\nRecommendation: CT in 3 months.\nDictated by: Somebody\nSigned by: Somebody, MD\n"
    )
    sections = split((ReportSection("", "", text),))
    assert [(s.title, s.text.strip()) for s in sections] == [
        (HEADER, "CT CHEST"),
        ("Clinical Information", "Cough."),
        ("Current Procedure Descriptions", "1 mm."),
        ("Prior Procedure Descriptions", "None."),
        ("Findings", "Nodule. No effusion."),
        ("Impressions", "Nodule."),
        ("Recommendations", "CT in 3 months."),
        (SIGN_OFF, "Dictated by: Somebody\nSigned by: Somebody, MD"),
    ]
    assert [s.text for s in number_statements(sections)] == ["Nodule.", "No effusion.", "Nodule.", "CT in 3 months."]


def test_a_report_that_cannot_be_divided_is_judged_whole() -> None:
    (whole,) = split((ReportSection("", "", "The lungs are clear. The heart is normal."),))
    assert is_judged(whole)
    assert len(number_statements((whole,))) == 2


def test_words_before_the_impression_are_judged_when_no_findings_are_named() -> None:
    sections = split((ReportSection("", "", "There is a nodule.\nIMPRESSION: Nodule."),))
    assert [s.text for s in number_statements(sections)] == ["There is a nodule.", "Nodule."]


def test_a_coded_section_keeps_its_code() -> None:
    coded = ReportSection(IMPRESSION, "Impression", "Findings suggest a report of the impression:\nnodule.")
    assert split((coded,)) == (coded,)


def test_a_signature_in_the_middle_hides_no_findings() -> None:
    text = "Clear lungs.\nDictated by: Somebody\nOn review there is after all a large nodule in the right upper lobe."
    assert all(s.title != SIGN_OFF for s in split((ReportSection(FINDINGS, "Findings", text),)))


def test_the_last_word_of_a_wrapped_line_is_no_heading() -> None:
    (only,) = split((ReportSection("", "", "There are no significant\nfindings\nin the lungs."),))
    assert "findings" in only.text


def finding(number: int, meaning: str, value: str, where: Code | None = None, side: Side = Side.NONE) -> Finding:
    return Finding(number, f"2.25.{number}", Code(value, "SCT", meaning), where, side, Certainty.DEFINITE)


def said(*texts: str) -> tuple[Statement, ...]:
    return tuple(Statement(n, 0, 0, len(t), t) for n, t in enumerate(texts, 1))


NODULE = finding(1, "Nodule", "27925004", Code("45653009", "SCT", "Upper lobe of lung"), Side.RIGHT)
PNEUMOTHORAX = finding(2, "Pneumothorax", "36118008", None, Side.LEFT)


def test_a_finding_is_proposed_with_the_sentence_that_names_it() -> None:
    rows = propose(
        said("The heart is normal.", "Nodule in the right upper lobe.", "No pneumothorax."), (NODULE, PNEUMOTHORAX)
    )
    assert rows == (LedgerRow(1, None, ""), LedgerRow(2, 1, ""), LedgerRow(3, 2, ""))


def test_a_sentence_that_says_it_is_there_goes_before_one_that_denies_it() -> None:
    rows = propose(said("No pneumothorax on the right.", "Small left pneumothorax."), (PNEUMOTHORAX,))
    assert rows == (LedgerRow(1, None, ""), LedgerRow(2, 2, ""))


def test_site_and_side_decide_between_two_of_a_kind() -> None:
    rows = propose(said("Nodule in the left lower lobe.", "Nodule in the right upper lobe."), (NODULE,))
    assert rows[1] == LedgerRow(2, 1, "")


def test_another_word_for_it_is_known() -> None:
    embolism = finding(1, "Pulmonary embolism", "59282003")
    assert propose(said("Acute PE in both lower lobes."), (embolism,)) == (LedgerRow(1, 1, ""),)


def test_what_the_report_does_not_name_stays_alone() -> None:
    rows = propose(said("The heart is normal."), (NODULE,))
    assert rows == (LedgerRow(1, None, ""), LedgerRow(None, 1, ""))


@given(st.lists(st.text(max_size=40), max_size=6), st.lists(st.sampled_from([NODULE, PNEUMOTHORAX]), unique=True))
def test_a_proposal_holds_every_statement_and_every_finding_and_decides_nothing(
    texts: list[str], found: list[Finding]
) -> None:
    rows = propose(said(*texts), tuple(found))
    assert {r.statement for r in rows} - {None} == set(range(1, len(texts) + 1))
    assert sorted(r.finding for r in rows if r.finding) == sorted(f.number for f in found)
    assert {r.verdict for r in rows} <= {""}


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [
        ("No pneumothorax.", True),
        ("There is no pleural effusion or pneumothorax.", True),
        ("Pneumothorax is not seen.", True),
        ("No effusion but a small pneumothorax.", False),
        ("Small pneumothorax, no effusion.", False),
        ("Nothing.", False),
    ],
)
def test_a_denial_is_told_from_a_finding(sentence: str, denied: bool) -> None:
    assert is_denied(sentence, "pneumothorax") is denied


def report(text: str, *names: str) -> OriginalReport:
    sections = split((ReportSection(FINDINGS, "Findings", text),))
    authors = tuple(Author(f"D{n}", name, AuthorRole.PRINCIPAL) for n, name in enumerate(names))
    return OriginalReport(
        "r", 1, "H", "A", "F", PatientIdentity("P"), "", ReportStatus.FINAL, authors, sections,
        number_statements(sections), datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Seen by Jennifer A. Smith.",
        "Seen by SMITH, JENNIFER.",
        "Told Dr. Smith.",
        "Told Prof. J. Smith of it.",
        "JENNIFER SMITH, M.D.",
    ],
)
def test_an_author_is_blacked_out_and_no_offset_moves(text: str) -> None:
    shown = without_authors(report(f"Nodule. {text} Stable.", "SMITH^JENNIFER^A."))
    assert shown.authors == ()
    assert "smith" not in repr(shown).lower()
    assert BLACK in shown.sections[0].text
    assert len(shown.sections[0].text) == len(f"Nodule. {text} Stable.")


def test_a_surname_that_is_a_word_of_anatomy_hides_no_anatomy() -> None:
    text = "The left lung is clear. Long axis 4 mm."
    assert without_authors(report(text, "LUNG^PETER", "Long Mary")).sections[0].text == text


def test_whoever_signed_is_not_shown_even_when_the_message_names_no_author() -> None:
    shown = without_authors(report("Clear.\nDictated by: Guy Sanchez Interpreter"))
    assert shown.sections[1].text == HIDDEN
    assert "Sanchez" not in repr(shown)


@pytest.mark.parametrize("piece", ["A. ", "* ", "No. ", "Dictated by: x\n", "Aa ", "\n", "Findings: ", "1. "])
def test_hostile_text_takes_work_in_proportion_to_its_length(piece: str) -> None:
    """Counted in steps of the interpreter: four times the text takes four times the work, not sixteen."""

    def work(length: int) -> int:
        text, steps = piece * (length // len(piece)), 0

        def count(_frame: object, _event: str, _argument: object) -> object:
            nonlocal steps
            steps += 1
            return count

        before = sys.gettrace()
        sys.settrace(count)  # type: ignore[arg-type]
        try:
            number_statements(split((ReportSection("", "", text),)))
        finally:
            sys.settrace(before)
        return steps

    work(100)
    assert work(8_000) <= 5 * work(2_000) + 1_000

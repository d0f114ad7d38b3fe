"""The original reports: read from reports/KEY.toml, written as HL7 v2.5.1 ORU^R01 messages.

Statements are those of a radiologist; what is wrong in them is told in the manifest, never in the message. The author's
name stands in OBR-32 only.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sample_studies.catalogue import Plan
from sample_studies.people import ISSUER, RADIOLOGISTS

REPORTS = Path(__file__).with_name("reports")

# LOINC codes of the sections (DICOM CID 7001).
SECTIONS = {
    "clinical": ("55752-0", "Clinical Information"),
    "technique": ("55111-9", "Current Procedure Descriptions"),
    "comparison": ("18834-2", "Comparison Study"),
    "findings": ("59776-5", "Findings"),
    "impression": ("19005-8", "Impressions"),
    "recommendation": ("18783-1", "Recommendations"),
}
ESCAPES = (("\\", "\\E\\"), ("|", "\\F\\"), ("^", "\\S\\"), ("~", "\\R\\"), ("&", "\\T\\"))


@dataclass(frozen=True)
class Original:
    """One original report. `form` is FT (a segment a section, with line break escapes) or TX (a segment a line)."""

    author: str
    verdict: str
    binding: str
    form: str
    reported: str
    procedure: tuple[str, str]
    statement: str
    truth: str
    sections: dict[str, str]


def read_original(key: str) -> Original:
    """Read reports/KEY.toml. Raise KeyError when a section is not known or a field is missing."""
    with (REPORTS / f"{key}.toml").open("rb") as stream:
        table = tomllib.load(stream)
    sections = {name: text.strip() for name, text in table["sections"].items()}
    if unknown := set(sections) - set(SECTIONS):
        raise KeyError(f"reports/{key}.toml has unknown sections: {sorted(unknown)}")
    return Original(
        author=table["author"],
        verdict=table["verdict"],
        binding=table["binding"],
        form=table["form"],
        reported=table["reported"],
        procedure=(table["procedure"]["code"], table["procedure"]["text"]),
        statement=table.get("statement", ""),
        truth=table.get("truth", ""),
        sections=sections,
    )


def as_oru(plan: Plan, original: Original, study_uid: str) -> bytes:
    """Return the report as an ORU^R01 message: UTF-8, segments ended by CR (HL7 v2.5.1 2.5)."""
    segments = [*_head(plan, original), _obr(plan, original), *_observations(original, study_uid)]
    if original.binding == "zds":
        segments.append(f"ZDS|{study_uid}^^Application^DICOM")
    return "".join(f"{segment}\r" for segment in segments).encode("utf-8")


def _head(plan: Plan, original: Original) -> list[str]:
    person = plan.patient
    header = (
        f"MSH|^~\\&|RIS|{ISSUER}|SECONDREAD|{ISSUER}|{original.reported}||ORU^R01^ORU_R01|{plan.accession}R1|P|2.5.1"
        "|||AL|NE||UNICODE UTF-8"
    )
    return [
        header,
        f"PID|1||{person.id}^^^{ISSUER}^MR||{_escaped(person.name, keep='^')}||{person.birth_date}|{person.sex}",
        "PV1|1|O||||||D4001^Brandt^Ilse^^^Dr.",
        f"ORC|RE|P{plan.accession[3:]}^RIS|{plan.accession}^RIS||CM",
    ]


def _obr(plan: Plan, original: Original) -> str:
    author = RADIOLOGISTS[original.author]
    fields = [""] * 33
    fields[0], fields[1] = "OBR", "1"
    fields[2], fields[3] = f"P{plan.accession[3:]}^RIS", f"{plan.accession}^RIS"
    code, text = original.procedure
    fields[4] = f"{code}^{_escaped(text)}^L"
    fields[7] = plan.date + plan.time
    fields[16] = "D4001^Brandt^Ilse^^^Dr."
    fields[18] = plan.accession
    fields[22], fields[24], fields[25] = original.reported, plan.modality, "F"
    fields[32] = f"{author.id}&{author.family}&{author.given}&&&{author.prefix}"
    return "|".join(fields)


def _observations(original: Original, study_uid: str) -> list[str]:
    told: list[tuple[str, str, str, str]] = []
    if original.binding == "study_uid":
        told.append(("HD", "113014^DICOM Study^DCM", "1", f"^{study_uid}^ISO"))
    for name, text in original.sections.items():
        code, meaning = SECTIONS[name]
        lines = [_escaped(line) for line in text.split("\n") if line.strip()]
        if original.form == "FT":
            lines = ["\\.br\\".join(lines)]
        told += [(original.form, f"{code}^{meaning}^LN", str(at), line) for at, line in enumerate(lines, 1)]
    when = original.reported
    return [
        f"OBX|{at}|{kind}|{what}|{sub}|{value}||||||F|||{when}" for at, (kind, what, sub, value) in enumerate(told, 1)
    ]


def _escaped(text: str, keep: str = "") -> str:
    for character, escape in ESCAPES:
        if character not in keep:
            text = text.replace(character, escape)
    return text

"""What is taken out of an instance's attributes before they go to a browser."""

from __future__ import annotations

from typing import Any

FIRST_OPINION = frozenset(
    {
        "00081048",  # Physician(s) of Record
        "00081049",  # their identification
        "00081050",  # Performing Physician's Name
        "00081052",  # their identification
        "00081060",  # Name of Physician(s) Reading Study
        "00081062",  # their identification
        "00081070",  # Operators' Name
        "00081072",  # their identification
        "00081080",  # Admitting Diagnoses Description
        "00081084",  # Admitting Diagnoses Code Sequence
        "00204000",  # Image Comments
        "0032000A",  # Study Status ID: says that the study was read
        "00320034",  # Study Read Date
        "00320035",  # Study Read Time
        "00324000",  # Study Comments
        "00400280",  # Comments on the Performed Procedure Step
        "0040A073",  # Verifying Observer Sequence
        "0040A075",  # Verifying Observer Name
        "0040A078",  # Author Observer Sequence
        "0040A07A",  # Participant Sequence
        "0040A088",  # Verifying Observer Identification Code Sequence
        "0040A123",  # Person Name (content item)
        "0040A160",  # Text Value
        "0040A730",  # Content Sequence
        "00401101",  # Person Identification Code Sequence
        "00420011",  # Encapsulated Document
    }
)
"""Attributes that tell who read the study first, or what they said (beside every PN attribute and group 4008)."""

KEPT_OF_THE_PATIENT = frozenset({"00100040", "00101010", "00101020", "00101030", "00102210"})
"""Sex, age, size, weight, anatomical orientation type: what a reader needs and nobody is known by."""

IDENTIFIERS = frozenset(
    {
        "00080050",  # Accession Number
        "00080051",  # its issuer
        "00080080",  # Institution Name
        "00080081",  # Institution Address
        "00080082",  # Institution Code Sequence
        "00080090",  # Referring Physician's Name
        "00080092",  # their address
        "00080094",  # their telephone numbers
        "00080096",  # their identification
        "00081010",  # Station Name
        "00200010",  # Study ID
        "00380010",  # Admission ID
        "00400275",  # Request Attributes Sequence
        "00402016",  # Placer Order Number
        "00402017",  # Filler Order Number
    }
)


def names_the_patient(key: str) -> bool:
    """Whether an attribute (tag as ``GGGGEEEE``) never leaves the server: identity, orders, private, overlays."""
    group = int(key[:4], 16)
    if group % 2 or key in IDENTIFIERS:
        return True
    if group == 0x0010:
        return key not in KEPT_OF_THE_PATIENT
    # Curves and overlays may be somebody's drawing in the image.
    return 0x5000 <= group < 0x5100 or 0x6000 <= group < 0x6100


def tells_the_opinion(key: str, vr: str) -> bool:
    """Whether an attribute may tell the first reader's name or words (invariant: commit, then reveal)."""
    return vr == "PN" or key in FIRST_OPINION or key.startswith("4008")


def blinded(attributes: dict[str, Any]) -> dict[str, Any]:
    """A copy of a DICOM JSON object (PS3.18 F.2) without the first opinion, at any depth."""
    kept: dict[str, Any] = {}
    for key, element in attributes.items():
        if tells_the_opinion(key, element["vr"]):
            continue
        if element["vr"] == "SQ" and "Value" in element:
            kept[key] = {**element, "Value": [blinded(item) for item in element["Value"]]}
        else:
            kept[key] = element
    return kept

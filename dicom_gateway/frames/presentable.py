"""Which SOP classes are pictures, which are curves, and which carry somebody's opinion."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    """What can be done with an instance."""

    IMAGE = "image"
    WAVEFORM = "waveform"
    OPINION = "opinion"
    OTHER = "other"


OPINION_MODALITIES = frozenset({"SR", "KO", "PR", "DOC", "AU", "SEG", "RTSTRUCT", "ANN"})
"""Modalities (0008,0060) whose series may hold the first opinion: hidden until the blind read is committed."""

_WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."
_VOICE_AUDIO = "1.2.840.10008.5.1.4.1.1.9.4."
_OPINIONS = (
    "1.2.840.10008.5.1.4.1.1.88.",  # structured reports and key object selections
    "1.2.840.10008.5.1.4.1.1.11.",  # presentation states
    "1.2.840.10008.5.1.4.1.1.104.",  # encapsulated PDF, CDA and models
    "1.2.840.10008.5.1.4.1.1.66.",  # segmentations, registrations, fiducials
    _VOICE_AUDIO,  # dictation
    "1.2.840.10008.5.1.4.1.1.481.3",  # RT structure set
    "1.2.840.10008.5.1.4.1.1.91.",  # microscopy annotations
)
_IMAGE_ROOTS = (
    "1.2.840.10008.5.1.4.1.1.1",  # CR, DX, MG, IO
    "1.2.840.10008.5.1.4.1.1.2",  # CT
    "1.2.840.10008.5.1.4.1.1.3",  # US multi-frame
    "1.2.840.10008.5.1.4.1.1.4",  # MR
    "1.2.840.10008.5.1.4.1.1.5",  # NM (retired)
    "1.2.840.10008.5.1.4.1.1.6",  # US
    "1.2.840.10008.5.1.4.1.1.7",  # secondary capture
    "1.2.840.10008.5.1.4.1.1.12",  # XA, RF
    "1.2.840.10008.5.1.4.1.1.13",  # X-ray 3D, tomosynthesis
    "1.2.840.10008.5.1.4.1.1.14",  # IVOCT
    "1.2.840.10008.5.1.4.1.1.20",  # NM
    "1.2.840.10008.5.1.4.1.1.77.1",  # visible light
    "1.2.840.10008.5.1.4.1.1.128",  # PET
    "1.2.840.10008.5.1.4.1.1.130",  # enhanced PET
    "1.2.840.10008.5.1.4.1.1.481.1",  # RT image
)
_NOT_PICTURES = frozenset({"1.2.840.10008.5.1.4.1.1.4.2"})  # MR spectroscopy


def kind_of(sop_class_uid: str) -> Kind:
    """What an instance of this SOP class (PS3.4 B.5) is to a reader. Unknown classes are OTHER: never shown."""
    if any(sop_class_uid == p.rstrip(".") or sop_class_uid.startswith(p) for p in _OPINIONS):
        return Kind.OPINION
    if sop_class_uid.startswith(_WAVEFORMS):
        return Kind.WAVEFORM
    if sop_class_uid in _NOT_PICTURES:
        return Kind.OTHER
    if any(sop_class_uid == r or sop_class_uid.startswith(r + ".") for r in _IMAGE_ROOTS):
        return Kind.IMAGE
    return Kind.OTHER


def presentable(modality: str, sop_class_uids: Iterable[str]) -> Kind:
    """What a series is to a reader: the kind of its instances, OPINION as soon as one of them is one.

    Parameters
    ----------
    modality
        Modality (0008,0060) of the series; one that names an opinion is enough.
    sop_class_uids
        SOP Class UIDs of its instances; without any the series is OTHER.
    """
    kinds = {kind_of(uid) for uid in sop_class_uids}
    if modality in OPINION_MODALITIES or Kind.OPINION in kinds:
        return Kind.OPINION
    for kind in (Kind.IMAGE, Kind.WAVEFORM):
        if kind in kinds:
            return kind
    return Kind.OTHER

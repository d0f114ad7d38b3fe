"""The independent read, its signature, and the draft it grows from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reads.model.finding import Finding


class ImageQuality(StrEnum):
    """Whether the images allow a diagnosis; recorded with each read."""

    DIAGNOSTIC = "diagnostic"
    LIMITED = "limited"
    NON_DIAGNOSTIC = "non_diagnostic"


class Meaning(StrEnum):
    """What a signature means (21 CFR 11.50)."""

    INDEPENDENT_READ = "independent read"
    COMPARISON_AND_SCORE = "comparison and score"
    ARBITRATION = "arbitration"
    ACKNOWLEDGED = "acknowledged as original reader"
    CONSULTATION = "consultation authored"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed what, when, and in which sense. ``digest`` is the SHA-256 (hex) of the signed content."""

    signer_id: int
    signer_name: str
    signed_at: datetime
    meaning: Meaning
    digest: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What the reader has entered so far; saved as they go, counted never.

    ``annotations`` is the page's own JSON of drawn shapes, opaque here; ``clock_s`` the seconds read so far.
    """

    findings: tuple[Finding, ...] = ()
    no_abnormality: bool = False
    image_quality: ImageQuality = ImageQuality.DIAGNOSTIC
    annotations: str = "[]"
    clock_s: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class BlindRead:
    """The independent read as committed. It never changes (invariant 3)."""

    read_id: str
    case_id: str
    reader_id: int
    findings: tuple[Finding, ...]
    no_abnormality: bool
    image_quality: ImageQuality
    clock_s: int
    signature: Signature

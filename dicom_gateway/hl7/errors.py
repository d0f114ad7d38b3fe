"""Why a message is not taken, by whose turn it is to mend it (HL7 v2 2.9.3)."""

from __future__ import annotations

from reads.model.errors import Permanent


class Rejected(Permanent):
    """Answered with AR: not a kind, version or form of message that this listener takes.

    What the sender must mend *within* a report is :class:`reads.model.errors.Invalid` and answered with AE.
    """

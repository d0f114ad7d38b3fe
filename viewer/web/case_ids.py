"""Case ids as they come in an address."""

from __future__ import annotations

import re

from reads.model.errors import NotFound

_SHAPE = re.compile(r"[0-9A-Z]{1,8}\Z")


def known(case_id: str) -> str:
    """The id in capitals. What cannot be a case id is not looked up (nor written into any page or log)."""
    given = case_id.upper()
    if not _SHAPE.match(given):
        raise NotFound("There is no such case.")
    return given

"""The image of a discrepancy with its annotation, as a PNG."""

from __future__ import annotations

from flask import Response

from reads.model.errors import NotFound
from reads.model.finding import Finding
from viewer.web.pages.downloads import kept_picture
from viewer.web.services import services

CACHING = "private, max-age=300"


def picture(case_id: str, finding: Finding | None) -> Response:
    """The frame in which the finding was marked, with the mark: the kept one, or drawn now while it is being made.

    Raises
    ------
    NotFound
        When no place was marked.
    """
    from dicom_gateway.frames.picture import Mark

    if finding is None or finding.anchor is None:
        raise NotFound("No place was marked in an image.")
    with services().store.unit(write=False) as unit:
        data = kept_picture(unit, case_id, finding.number)
    if data is None:
        anchor = finding.anchor
        data = services().frames.rendered(anchor.sop_uid, anchor.frame, marks=(Mark(anchor, f"F{finding.number}"),))
    response = Response(data, mimetype="image/png")
    response.headers["Cache-Control"] = CACHING
    return response

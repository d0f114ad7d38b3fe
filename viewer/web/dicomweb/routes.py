"""Metadata, frames, thumbnails and rendered pictures (a subset of PS3.18 10.4), for the reader of a case."""

from __future__ import annotations

import re
from hashlib import sha256

from flask import Blueprint, Response, request

from dicom_gateway.frames.presentable import Kind
from reads.model.access import Permission
from reads.model.errors import NotFound
from viewer.web import sessions
from viewer.web.dicomweb.access import instance_of, pictures_for, series_for
from viewer.web.permissions import needs
from viewer.web.services import services

blueprint = Blueprint("dicomweb", __name__)
SERIES = "/studies/<study>/series/<series>"
UNCHANGING = "private, max-age=3600, immutable"
"""A stored frame never changes under its SOP Instance UID."""
ASK_AGAIN = "private, no-cache"
_NUMBER = re.compile(r"[1-9][0-9]{0,6}\Z")


@blueprint.get(SERIES + "/metadata")
@needs(Permission.READ_CASE)
def metadata(study: str, series: str) -> Response:
    """DICOM JSON of the series in viewing order (10.4.1.1.2); without the first reader's traces before the commit."""
    access = series_for(sessions.signed_in(), study, series)
    data = services().frames.metadata(series, access.blind)
    return _answer(data, "application/dicom+json", sha256(data).hexdigest(), ASK_AGAIN)


@blueprint.get(SERIES + "/thumbnail")
@needs(Permission.READ_CASE)
def thumbnail(study: str, series: str) -> Response:
    """A small PNG of the series (10.4.1.1.4)."""
    pictures_for(sessions.signed_in(), study, series)
    data = services().frames.thumbnail(series)
    return _answer(data, "image/png", sha256(data).hexdigest(), ASK_AGAIN)


@blueprint.get(SERIES + "/instances/<sop>/frames/<number>")
@needs(Permission.READ_CASE)
def frame(study: str, series: str, sop: str, number: str) -> Response:
    """One frame as it is stored, in one part (10.4.1.1.6 knows several; one is cheaper and all that is asked for)."""
    instance, kind = instance_of(pictures_for(sessions.signed_in(), study, series), sop)
    if kind is not Kind.IMAGE or not _NUMBER.match(number) or int(number) > max(instance.frames, 1):
        raise NotFound("There is no such frame.")
    tag = sha256(f"{sop}/{number}".encode()).hexdigest()
    if request.if_none_match.contains(tag):
        return _answer(b"", "application/octet-stream", tag, UNCHANGING)
    stored = services().frames.frame(sop, int(number))
    kind_of_bytes = f"application/octet-stream; transfer-syntax={stored.transfer_syntax}"
    return _answer(stored.data, kind_of_bytes, tag, UNCHANGING)


@blueprint.get(SERIES + "/instances/<sop>/rendered")
@needs(Permission.READ_CASE)
def rendered(study: str, series: str, sop: str) -> Response:
    """The instance as a picture (10.4.1.1.3): PNG, or SVG for a waveform."""
    _, kind = instance_of(pictures_for(sessions.signed_in(), study, series), sop)
    frames = services().frames
    if kind is Kind.WAVEFORM:
        data, media_type = frames.ecg(sop), "image/svg+xml"
    else:
        data, media_type = frames.rendered(sop), "image/png"
    return _answer(data, media_type, sha256(data).hexdigest(), ASK_AGAIN)


def _answer(data: bytes, content_type: str, tag: str, caching: str) -> Response:
    response = Response(data, content_type=content_type)
    response.set_etag(tag)
    response.headers["Cache-Control"] = caching
    response.headers["Vary"] = "Cookie"
    response.make_conditional(request)
    return response

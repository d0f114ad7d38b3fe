"""The clinical archive as a job sees it: headers and pictures, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reads.model.errors import NotFound, Permanent
from reads.ports import ImageArchive
from reads.workflow.views import Dossier

if TYPE_CHECKING:
    from dicom_gateway.frames.frames import SeriesFrames


class ArchiveImages:
    """Images of the clinical archive; see :class:`viewer.jobs.services.ImageSource`."""

    def __init__(self, archive: ImageArchive, frames: SeriesFrames) -> None:
        self._header = archive.header
        self._order = frames.order
        self._rendered = frames.rendered

    def header(self, sop_uid: str) -> bytes:
        """The Part 10 file of an instance, at least up to its pixel data."""
        return self._header(sop_uid)

    def series_sop_uids(self, series_uid: str) -> tuple[str, ...]:
        """The images of a series in viewing order; none when it holds no images."""
        try:
            return self._order(series_uid)
        except NotFound:
            return ()

    def picture(self, dossier: Dossier, finding_number: int) -> bytes:
        """PNG of the image of an anchored finding, its mark drawn in."""
        from dicom_gateway.frames.picture import Mark

        finding = dossier.finding(finding_number)
        if finding is None or finding.anchor is None:
            raise Permanent(f"Finding F{finding_number} has no place in an image.")
        anchor = finding.anchor
        return self._rendered(anchor.sop_uid, anchor.frame, marks=(Mark(anchor, f"F{finding.number}"),))

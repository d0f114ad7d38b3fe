"""What the web part needs of the one that makes series readable in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from dicom_gateway.frames.picture import Mark


class StoredFrame(Protocol):
    """A frame as it is stored, and the Transfer Syntax UID of its bytes."""

    @property
    def data(self) -> bytes:
        """The bytes, still compressed."""
        ...

    @property
    def transfer_syntax(self) -> str:
        """Transfer Syntax UID (PS3.6 table A-1)."""
        ...


class SeriesPictures(Protocol):
    """Series from the archive as a browser reads them (:class:`dicom_gateway.frames.frames.SeriesFrames`).

    Every call may raise ``NotFound``, ``Invalid`` (the file cannot be shown) or ``Retriable`` (the archive is away).
    """

    def metadata(self, series_uid: str, blind: bool = True) -> bytes:
        """DICOM JSON array (UTF-8) in viewing order; without the first reader's traces when ``blind``."""
        ...

    def frame(self, sop_uid: str, number: int = 1) -> StoredFrame:
        """One stored frame (1-based)."""
        ...

    def thumbnail(self, series_uid: str) -> bytes:
        """PNG, 128 pixels."""
        ...

    def rendered(
        self, sop_uid: str, frame: int = 1, window: tuple[float, float] | None = None, marks: Sequence[Mark] = ()
    ) -> bytes:
        """PNG of one frame with the marks that lie in it."""
        ...

    def ecg(self, sop_uid: str) -> bytes:
        """SVG of a waveform instance."""
        ...

"""The papers of a signed comparison: pictures, SR, key objects, PDF, each made once and kept in the quality store.

Nothing here can write to the clinical archive: what a job gets of it (:class:`viewer.jobs.services.ImageSource`) has no
call for that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset

from reads.model.errors import NotFound, Permanent
from reads.store import Store
from reads.terms import causes
from reads.workflow.views import Dossier
from viewer.jobs.services import DossierOf, ImageSource

PDF, SR, KOS = "pdf", "sr", "kos"
_PICTURE = "picture-"
_DICOM = "application/dicom"


class Papers:
    """Makes the papers of cases.

    Parameters
    ----------
    store
        Where they are kept (table ``documents``).
    images
        The clinical archive, to read.
    dossier_of
        What is known of a case.
    clock
        The time, UTC.
    organization
        Whose review this is; printed and coded into the documents.
    """

    def __init__(
        self,
        store: Store,
        images: ImageSource,
        dossier_of: DossierOf,
        clock: Callable[[], datetime],
        organization: str,
    ) -> None:
        self._store = store
        self._images = images
        self._dossier_of = dossier_of
        self._clock = clock
        self._organization = organization

    def kinds(self, case_id: str, version: int) -> tuple[str, ...]:
        """Pictures of the anchored findings, SR, key objects, PDF; nothing for a comparison that was superseded."""
        dossier = self._dossier(case_id)
        if dossier.comparison_version != version:
            return ()
        pictures = tuple(f"{_PICTURE}{f.number}" for f in dossier.read.findings if f.anchor)
        return (*pictures, SR, KOS, PDF)

    def make(self, case_id: str, version: int, kind: str) -> str:
        """Make one paper and keep it, unless it is kept already. Returns its digest.

        Raises
        ------
        Permanent
            When it can never be made.
        Retriable
            When the archive or the database is away.
        """
        with self._store.unit(write=False) as unit:
            known = unit.documents.get(case_id, kind, version)
        if known is not None:
            return known.digest
        dossier = self._dossier(case_id)
        media_type, data = self._made(dossier, version, kind)
        with self._store.unit() as unit:
            return unit.documents.put(case_id, kind, media_type, data, self._clock(), version).digest

    def _made(self, dossier: Dossier, version: int, kind: str) -> tuple[str, bytes]:
        if kind.startswith(_PICTURE):
            return "image/png", self._picture(dossier, int(kind.removeprefix(_PICTURE)))
        if kind == SR:
            return _DICOM, self._structured_report(dossier)
        if kind == KOS:
            return _DICOM, self._key_objects(dossier, self._kept(dossier, version, SR))
        if kind == PDF:
            return "application/pdf", self._pdf(dossier, version)
        raise Permanent(f"There is no paper of the kind {kind}.")

    def _picture(self, dossier: Dossier, number: int) -> bytes:
        return self._images.picture(dossier, number)

    def _structured_report(self, dossier: Dossier) -> bytes:
        from reads.documents.read_back import verify
        from reads.documents.sr import structured_report

        report = structured_report(dossier, self._headers(dossier), self._organization)
        verify(report, dossier.read.findings)
        return report

    def _key_objects(self, dossier: Dossier, report: bytes) -> bytes:
        from reads.documents.kos import key_objects

        return key_objects(dossier, self._headers(dossier), report, self._organization)

    def _pdf(self, dossier: Dossier, version: int) -> bytes:
        from reads.documents.pdf import Picture, discrepancy_report

        pictures = {
            f.number: Picture(self._kept(dossier, version, f"{_PICTURE}{f.number}"), self._caption(dossier, f.number))
            for f in dossier.read.findings
            if f.anchor
        }
        chosen = dossier.comparison.score.cause
        cause = next((c.code.meaning for c in causes() if c.code.value == chosen), chosen)
        return discrepancy_report(dossier, pictures, self._organization, cause)

    def _caption(self, dossier: Dossier, number: int) -> str:
        """``CT · series 3 · image 41 · frame 2``."""
        finding = dossier.finding(number)
        if finding is None or finding.anchor is None:
            return ""
        header = self._header(finding.anchor.sop_uid)
        parts = [str(header.get("Modality") or "")]
        parts += [f"{word} {header.get(key)}" for word, key in _NUMBERS if header.get(key) is not None]
        parts += [f"frame {finding.anchor.frame}"] if "NumberOfFrames" in header else []
        return " · ".join(p for p in parts if p)

    def _headers(self, dossier: Dossier) -> dict[str, Dataset]:
        """Headers of the anchored images; of the first image of the study when nothing is anchored."""
        uids = tuple(dict.fromkeys(f.anchor.sop_uid for f in dossier.read.findings if f.anchor))
        if not uids:
            uids = next((u[:1] for s in dossier.study.series if (u := self._images.series_sop_uids(s.series_uid))), ())
        return {uid: self._header(uid) for uid in uids}

    def _header(self, sop_uid: str) -> Dataset:
        return pydicom.dcmread(BytesIO(self._images.header(sop_uid)), stop_before_pixels=True)

    def _kept(self, dossier: Dossier, version: int, kind: str) -> bytes:
        with self._store.unit(write=False) as unit:
            found = unit.documents.get(dossier.case.case_id, kind, version)
            if found is None:
                raise NotFound(f"The {kind} of this case is not there yet.")
            return unit.documents.data(found.document_id)

    def _dossier(self, case_id: str) -> Dossier:
        with self._store.unit(write=False) as unit:
            return self._dossier_of(unit, case_id)


_NUMBERS = (("series", "SeriesNumber"), ("image", "InstanceNumber"))

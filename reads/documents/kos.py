"""The images of the findings as a DICOM Key Object Selection, titled For Peer Review (113008, DCM)."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset

from reads.documents import concepts
from reads.documents.evidence import document_uid, long_string, person_name, prepared, signed_at, stamp, written
from reads.documents.sr import PRODUCT, SERIES_NUMBER, coded
from reads.model.codes import Code
from reads.workflow.views import Dossier


def key_objects(dossier: Dossier, images: Mapping[str, Dataset], report: bytes, organization: str) -> bytes:
    """The key object selection (TID 2010) as a Part 10 file: each anchored image once, and the structured report.

    Parameters
    ----------
    dossier
        The signed case.
    images
        Headers of the anchored images by SOP Instance UID.
    report
        The SR of this comparison, from :func:`reads.documents.sr.structured_report`.
    organization
        Whose review this is.
    """
    import highdicom as hd

    anchored = {f.anchor.sop_uid for f in dossier.read.findings if f.anchor}
    referenced = [prepared(i) for uid, i in images.items() if uid in anchored]
    referenced.append(prepared(pydicom.dcmread(BytesIO(report))))
    observer = hd.sr.ObserverContext(
        observer_type=coded(Code("121006", "DCM", "Person")),
        observer_identifying_attributes=hd.sr.PersonObserverIdentifyingAttributes(
            name=person_name(dossier.comparison.signature.signer_name),
            role_in_procedure=coded(concepts.REVIEWER),
            organization_name=long_string(organization),
        ),
    )
    document = hd.ko.KeyObjectSelectionDocument(
        evidence=referenced,
        content=hd.ko.KeyObjectSelection(
            document_title=coded(concepts.FOR_PEER_REVIEW),
            referenced_objects=referenced,
            observer_person_context=observer,
            description=f"Second read, case {dossier.case.case_id}. Privileged: for peer review only.",
        ),
        series_instance_uid=document_uid(dossier, "kos series"),
        series_number=SERIES_NUMBER + 1,
        sop_instance_uid=document_uid(dossier, "kos"),
        instance_number=1,
        manufacturer=PRODUCT,
        manufacturer_model_name=PRODUCT,
        series_description="Second read key objects (privileged)",
        specific_character_set="ISO_IR 192",
        **signed_at(dossier),
    )
    stamp(document, dossier)
    return written(document)

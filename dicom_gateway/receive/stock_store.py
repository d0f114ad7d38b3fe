"""C-STORE by pynetdicom's own path: the whole data set is in memory when the handler is called.

The handler never decodes it. A fast path may come beside this one; both answer by :mod:`.refusals`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

import structlog
from pydicom.dataset import Dataset
from pynetdicom import evt
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.pdu_primitives import A_ASSOCIATE

from dicom_gateway.receive.part10 import part10_prefix
from dicom_gateway.receive.refusals import (
    CANNOT_UNDERSTAND,
    OUT_OF_RESOURCES,
    SUCCESS,
    context_fault,
    data_set_fault,
    refusal,
    uid_fault,
)
from dicom_gateway.receive.screen import screen
from dicom_gateway.spool import Arrival, Spool, SpoolFull

log = structlog.get_logger(__name__)


class StockStore:
    """Handler of ``EVT_C_STORE``: into the spool, then 0x0000."""

    def __init__(self, spool: Spool, on_stored: Callable[[Arrival], None]) -> None:
        self._spool = spool
        self._on_stored = on_stored

    def store(self, event: evt.Event) -> int | Dataset:
        """Answer one C-STORE-RQ (PS3.7 9.1.1, statuses PS3.4 B.2.3)."""
        request, context = cast(C_STORE, event.request), event.context
        sop_class, sop_instance = str(request.AffectedSOPClassUID), str(request.AffectedSOPInstanceUID)
        fault = uid_fault(sop_class, sop_instance) or context_fault(sop_class, str(context.abstract_syntax))
        if fault:
            return fault
        data = request.DataSet.getbuffer() if request.DataSet else memoryview(b"")
        if not len(data):
            return refusal(CANNOT_UNDERSTAND, "The message has no data set.")
        requestor, asked = event.assoc.requestor, cast(A_ASSOCIATE, event.assoc.requestor.primitive)
        tags = screen(data, str(context.transfer_syntax))
        fault = data_set_fault(sop_class, sop_instance, tags)
        if fault:
            return fault
        arrival = Arrival(
            sop_class_uid=sop_class,
            sop_instance_uid=sop_instance,
            transfer_syntax_uid=str(context.transfer_syntax),
            calling_ae=str(requestor.ae_title).strip(),
            called_ae=str(asked.called_ae_title).strip(),
            peer=str(requestor.address),
            received_at_ns=time.time_ns(),
            study_uid=tags.study_uid,
            series_uid=tags.series_uid,
            modality=tags.modality,
        )
        prefix = part10_prefix(sop_class, sop_instance, arrival.transfer_syntax_uid, arrival.calling_ae)
        try:
            self._spool.append(arrival, prefix, (data,), expected=len(data))
        except SpoolFull as full:
            log.error("receive.spool_full", calling_ae=arrival.calling_ae)
            return refusal(OUT_OF_RESOURCES, full.message)
        finally:
            data.release()
        self._on_stored(arrival)
        return SUCCESS

"""Which presentation contexts are accepted: Verification, and storage of everything.

pynetdicom has a module-level switch for an unrestricted storage service. It is left alone: it would take the sender's
first transfer syntax, Big Endian too, for every server in the process. Instead the contexts are made for each
association from what its request proposes (which also spares copying thousands of them), and SOP classes that
pynetdicom does not know are declared to belong to the Storage Service Class (PS3.7 D.3.3.6).
"""

from __future__ import annotations

from typing import cast

from pydicom.uid import UID
from pynetdicom import AllStoragePresentationContexts, evt
from pynetdicom.pdu_primitives import A_ASSOCIATE, SOPClassCommonExtendedNegotiation
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.service_class import ServiceClass
from pynetdicom.sop_class import Verification, uid_to_service_class  # type: ignore[attr-defined]

from dicom_gateway.receive.syntaxes import accepted_transfer_syntaxes

_STORAGE_SERVICE_CLASS = UID("1.2.840.10008.4.2")
_STORAGE_ROOT = "1.2.840.10008.5.1.4.1.1."


class Negotiation:
    """Handlers of two events of an association request; one object serves all associations."""

    def __init__(self) -> None:
        self._known = frozenset(str(c.abstract_syntax) for c in AllStoragePresentationContexts)
        self._syntaxes = accepted_transfer_syntaxes()

    def offer(self, event: evt.Event) -> None:
        """``EVT_REQUESTED``: support what this request may be given of it."""
        event.assoc.acceptor.supported_contexts = self.contexts_for(_proposed(event))

    def declare(self, event: evt.Event) -> dict[UID, SOPClassCommonExtendedNegotiation]:
        """``EVT_SOP_COMMON``: the proposed SOP classes that are storage although pynetdicom does not know them."""
        unknown = {u for u in _proposed(event) if u not in self._known and self.is_storage(u)}
        return {UID(uid): _belongs_to_storage(uid) for uid in unknown}

    def contexts_for(self, proposed: set[str]) -> list[PresentationContext]:
        """A context for each proposed SOP class that we take."""
        contexts = [build_context(uid, self._syntaxes) for uid in sorted(proposed) if self.is_storage(uid)]
        return [build_context(Verification), *contexts]

    def is_storage(self, uid: str) -> bool:
        """Whether a SOP class is for storing: known so, private, or newer than this program knows."""
        if uid in self._known:
            return True
        if uid_to_service_class(uid) is not ServiceClass:
            return False
        return UID(uid).is_private or uid.startswith(_STORAGE_ROOT)


def _proposed(event: evt.Event) -> set[str]:
    """The abstract syntaxes of an A-ASSOCIATE-RQ."""
    request = cast(A_ASSOCIATE, event.assoc.requestor.primitive)
    return {str(c.abstract_syntax) for c in request.presentation_context_definition_list}


def _belongs_to_storage(uid: str) -> SOPClassCommonExtendedNegotiation:
    item = SOPClassCommonExtendedNegotiation()
    item.sop_class_uid = UID(uid)
    item.service_class_uid = _STORAGE_SERVICE_CLASS
    return item

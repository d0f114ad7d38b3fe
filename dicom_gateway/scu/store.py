"""C-STORE as SCU (PS3.7 9.1.1): files go out as they are, in the transfer syntax that they have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info
from pynetdicom import _config
from pynetdicom.association import Association
from pynetdicom.presentation import build_context

from dicom_gateway.scu.association import association

MAX_CONTEXTS = 128
"""Presentation contexts that fit one association: their ids are the odd numbers of a byte (PS3.8 9.3.2.2)."""


@dataclass(frozen=True, slots=True)
class StoreResult:
    """What became of one file. ``status`` is that of the C-STORE-RSP, None if there was none."""

    path: Path
    status: int | None
    comment: str = ""

    @property
    def stored(self) -> bool:
        """Whether the other node took it (success or warning, PS3.4 table B.2-1)."""
        return self.status is not None and (self.status == 0x0000 or self.status >> 12 == 0xB)


@dataclass(frozen=True, slots=True)
class _Outgoing:
    path: Path
    sop_class_uid: str
    transfer_syntax_uid: str


def store(
    host: str,
    port: int,
    called_ae: str,
    paths: Sequence[Path],
    on_progress: Callable[[StoreResult], None] | None = None,
    calling_ae: str = "SECONDREAD",
) -> tuple[StoreResult, ...]:
    """Send Part 10 files over as few associations as their kinds allow.

    Parameters
    ----------
    on_progress
        Called with each result as it is known.

    Returns
    -------
    tuple of StoreResult
        One for each path; a file that is no Part 10 file or is not accepted is in it with its reason.

    Raises
    ------
    NoAssociation
        If the node cannot be reached or rejects the association.
    """
    # Documented switch of pynetdicom: a file given by its path is streamed as it is instead of decoded and encoded.
    _config.STORE_SEND_CHUNKED_DATASET = True
    results: list[StoreResult] = []

    def tell(result: StoreResult) -> None:
        results.append(result)
        if on_progress:
            on_progress(result)

    for batch in _batches(paths, tell):
        kinds = {(o.sop_class_uid, o.transfer_syntax_uid) for o in batch}
        contexts = [build_context(sop_class, syntax) for sop_class, syntax in sorted(kinds)]
        with association(host, port, calling_ae, called_ae, contexts) as opened:
            for message, outgoing in enumerate(batch):
                tell(_send(opened, outgoing, message % 65_535 + 1))
    return tuple(results)


def _send(opened: Association, outgoing: _Outgoing, message_id: int) -> StoreResult:
    if not opened.is_established:
        return StoreResult(outgoing.path, None, "The association was lost before.")
    try:
        answer = opened.send_c_store(outgoing.path, msg_id=message_id)
    except (ValueError, AttributeError):
        return StoreResult(outgoing.path, None, "The node does not accept this kind of object in its transfer syntax.")
    if "Status" not in answer:
        return StoreResult(outgoing.path, None, "The node did not answer.")
    return StoreResult(outgoing.path, int(answer.Status), str(answer.get("ErrorComment", "")))


def _batches(paths: Sequence[Path], tell: Callable[[StoreResult], None]) -> Iterator[list[_Outgoing]]:
    """The files in order, cut where an association would need too many contexts."""
    batch: list[_Outgoing] = []
    kinds: set[tuple[str, str]] = set()
    for path in paths:
        outgoing = _outgoing(path)
        if outgoing is None:
            tell(StoreResult(path, None, "This is not a DICOM Part 10 file."))
            continue
        kind = (outgoing.sop_class_uid, outgoing.transfer_syntax_uid)
        if kind not in kinds and len(kinds) == MAX_CONTEXTS:
            yield batch
            batch, kinds = [], set()
        kinds.add(kind)
        batch.append(outgoing)
    if batch:
        yield batch


def _outgoing(path: Path) -> _Outgoing | None:
    try:
        meta = read_file_meta_info(path)
        return _Outgoing(path, str(meta.MediaStorageSOPClassUID), str(meta.TransferSyntaxUID))
    except (InvalidDicomError, AttributeError, OSError):
        return None

"""The folder of instances that the archive would not take: kept whole, each with its reason, never dropped."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from dicom_gateway.spool.segment import SEGMENT_SUFFIX, sync_folder
from dicom_gateway.spool.status import SetAside, SetAsideKind
from dicom_gateway.spool.waiting import Waiting


class AsideFolder:
    """Part 10 files named by their place in the spool, and a JSON file with the reason beside each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, item: Waiting, kind: SetAsideKind, reason: str) -> None:
        """Copy the instance here with its reason, durably. Doing it twice is the same as once."""
        file = item.item_id + ".dcm"
        with _DurableFile(self._folder / file) as out:
            for chunk in item.chunks():
                out.write(chunk)
        self._note(
            SetAside(
                file=file,
                kind=kind,
                reason=reason,
                set_aside_at=_now(),
                sop_instance_uid=item.arrival.sop_instance_uid,
                study_uid=item.arrival.study_uid,
                calling_ae=item.arrival.calling_ae,
            )
        )

    def keep_segment(self, segment: Path) -> None:
        """Move a segment here of which the rest cannot be read."""
        os.rename(segment, self._folder / segment.name)
        self._note(
            SetAside(
                file=segment.name,
                kind=SetAsideKind.DAMAGED,
                reason="The rest of this segment of the spool cannot be read: check the disk; "
                "ask the senders to send again what they sent at this time.",
                set_aside_at=_now(),
            )
        )

    def all(self) -> tuple[SetAside, ...]:
        """Everything that was set aside, oldest first."""
        notes = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                fields = json.loads(path.read_text("utf-8"))
            except FileNotFoundError:
                continue
            notes.append(SetAside(**{**fields, "kind": SetAsideKind(fields["kind"])}))
        return tuple(notes)

    def _note(self, note: SetAside) -> None:
        name = note.file.removesuffix(".dcm").removesuffix(SEGMENT_SUFFIX) + ".json"
        with _DurableFile(self._folder / name) as out:
            fields = {f: getattr(note, f) for f in note.__dataclass_fields__}
            out.write(json.dumps(fields, indent=1).encode())


class _DurableFile:
    """A file that appears under its name whole and synced, or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")

    def __enter__(self) -> _DurableFile:
        self._file = open(self._part, "wb", opener=lambda p, f: os.open(p, f, 0o600))
        return self

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def __exit__(self, kind: object, *_: object) -> None:
        with self._file:
            if kind is not None:
                self._part.unlink(missing_ok=True)
                return
            self._file.flush()
            os.fsync(self._file.fileno())
        os.rename(self._part, self._path)
        sync_folder(self._path.parent)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

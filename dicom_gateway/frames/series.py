"""The metadata of a whole series in viewing order, made once and refreshed when instances arrive."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from dicom_gateway.frames.blind import blinded
from dicom_gateway.frames.cache import Cache
from dicom_gateway.frames.metadata import attributes, placed, read_header
from dicom_gateway.frames.order import Placed, viewing_order
from dicom_gateway.frames.presentable import Kind, kind_of
from reads.model.errors import NotFound
from reads.ports import ImageArchive, InstanceRef

_SHOWN = (Kind.IMAGE, Kind.WAVEFORM)


class SeriesMetadata:
    """Metadata of series from an archive, kept in a cache folder."""

    def __init__(self, archive: ImageArchive, cache: Cache) -> None:
        self._archive = archive
        self._cache = cache

    def instances(self, series_uid: str) -> tuple[InstanceRef, ...]:
        """The instances of a series that can be shown: images and waveforms, never somebody's opinion.

        Raises
        ------
        NotFound
            When the archive holds none of them.
        """
        found = tuple(i for i in self._archive.series_instances(series_uid) if kind_of(i.sop_class_uid) in _SHOWN)
        if not found:
            raise NotFound("cannot be shown: the archive holds no images of this series")
        return found

    def json(self, series_uid: str, blind: bool) -> bytes:
        """A JSON array (UTF-8) of DICOM JSON objects in viewing order (PS3.18 10.4.1.1.2 and annex F)."""
        instances = self.instances(series_uid)
        state = _state(instances)
        sight = "blind" if blind else "open"
        kept = self._cache.read("metadata", series_uid, sight, state)
        if kept is not None:
            return kept
        parts = self._parts(series_uid, instances)
        objects = [parts[uid]["attributes"] for uid in _order(parts)]
        data = json.dumps(
            [blinded(o) for o in objects] if blind else objects,
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
        ).encode()
        self._cache.write(data, "metadata", series_uid, sight, state)
        return data

    def order(self, series_uid: str) -> tuple[str, ...]:
        """SOP Instance UIDs of a series in viewing order."""
        return _order(self._parts(series_uid, self.instances(series_uid)))

    def _parts(self, series_uid: str, instances: tuple[InstanceRef, ...]) -> dict[str, dict[str, Any]]:
        """What is known of each instance; only those that came since the last time are fetched."""
        kept = self._cache.read("instances", series_uid)
        known: dict[str, dict[str, Any]] = json.loads(kept) if kept else {}
        wanted = {i.sop_uid for i in instances}
        parts = {uid: part for uid, part in known.items() if uid in wanted}
        missing = [i for i in instances if i.sop_uid not in parts]
        for instance in missing:
            dataset = read_header(self._archive.header(instance.sop_uid))
            parts[instance.sop_uid] = {"placed": asdict(placed(dataset)), "attributes": attributes(dataset)}
        if missing or len(parts) != len(known):
            for sight in ("blind", "open"):
                self._cache.forget("metadata", series_uid, sight, _digest(known))
            self._cache.write(json.dumps(parts, separators=(",", ":")).encode(), "instances", series_uid)
        return parts


def _order(parts: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    places = (p["placed"] for p in parts.values())
    return viewing_order(
        Placed(p["sop_uid"], p["number"], tuple(p["position"]), tuple(p["orientation"])) for p in places
    )


def _state(instances: tuple[InstanceRef, ...]) -> str:
    return _digest({i.sop_uid for i in instances})


def _digest(uids: dict[str, Any] | set[str]) -> str:
    return hashlib.sha256("\n".join(sorted(uids)).encode()).hexdigest()

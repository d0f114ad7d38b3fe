"""The archive as the rest of the product sees it: Orthanc's REST API in the words of a study.

Implements :class:`reads.ports.ImageArchive`. UIDs are looked up by POST and archive ids stand in the addresses, so no
patient data is ever part of a URL.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from typing import Any

from dicom_gateway.archive.access import ArchiveAccess
from dicom_gateway.archive.client import OrthancClient
from dicom_gateway.archive.content import DataSetDigest
from dicom_gateway.archive.remember import Remember
from dicom_gateway.archive.results import ArchiveStatistics, Change, StoredInstance
from dicom_gateway.archive.studies import moment, number, study_from
from dicom_gateway.archive.wire import ArchiveFailed, ArchiveRefused, Wire
from reads.model.errors import NotFound
from reads.model.study import Study
from reads.ports import InstanceRef

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 60.0
"""A wait for one answer; storing a large instance and its sync to disk takes the archive seconds."""

_UID = re.compile(r"[0-9.]{1,64}")


class OrthancArchive:
    """One Orthanc. Its methods may be called from any thread; each raises :class:`Retriable` while it is away."""

    def __init__(self, access: ArchiveAccess, connections: int = 8, read_timeout_s: float = READ_TIMEOUT_S) -> None:
        """`connections` is how many control calls may be under way at once."""
        self.access = access
        self._client = OrthancClient(access, CONNECT_TIMEOUT_S, read_timeout_s, connections)
        self._wire = Wire(access, read_timeout_s)
        self._instance_ids: Remember[str] = Remember(20_000)
        self._metadata: Remember[dict[str, str]] = Remember(20_000)
        self._firsts: Remember[tuple[str, str]] = Remember(1_000)

    def ping(self) -> None:
        """Return if the archive answers and accepts our account; raises :class:`Retriable` if not."""
        self._client.call(self._client.get_system)

    def __enter__(self) -> OrthancArchive:
        """Use it in a ``with`` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._wire.close()
        self._client.close()

    # -- storing ------------------------------------------------------------------------------------------------

    def store(self, part10: Iterable[bytes], length: int) -> StoredInstance:
        """Store one Part 10 file of `length` bytes as it is, streamed.

        Raises
        ------
        ArchiveRefused
            The archive takes it for no valid DICOM; the message says why, in Orthanc's words.
        Retriable
        """
        answer = self._wire.post("/instances", part10, length)
        if answer.status != 200:
            raise ArchiveRefused(_refusal(answer.status, answer.body))
        try:
            fields = json.loads(answer.body)
            return StoredInstance(archive_id=fields["ID"], already=fields["Status"] == "AlreadyStored")
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveFailed("The archive's answer to a store could not be understood.") from error

    def find_instances(self, sop_uid: str) -> tuple[str, ...]:
        """The archive ids under which it holds this SOP Instance UID: none, one, or one for each study it came in."""
        return tuple(self._lookup(sop_uid, "Instance"))

    def stored_md5(self, archive_id: str) -> str:
        """MD5 (hex) of the file as the archive holds it, or empty if it holds none."""
        answer = self._wire.get(f"/instances/{archive_id}/attachments/dicom/md5")
        return answer.body.decode("ascii", "replace").strip() if answer.status == 200 else ""

    def holds_data_set(self, archive_id: str, transfer_syntax_uid: str, sha256: str) -> bool:
        """Whether the archive's instance has this data set, whatever its file meta information says of its sender."""
        if self._instance_metadata(archive_id).get("TransferSyntax") != transfer_syntax_uid:
            return False
        digest = DataSetDigest()
        self._wire.get_into(f"/instances/{archive_id}/file", digest.add)
        return digest.hexdigest() == sha256

    def settle(self) -> None:
        """Sync the archive's index to its disk, if that is ours. Orthanc leaves its last commits to the system."""
        if self.access.folder is None:
            return
        for path in sorted((self.access.folder / "index").glob("index*")):
            fd = os.open(path, os.O_RDONLY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)

    # -- studies ------------------------------------------------------------------------------------------------

    def study(self, study_uid: str) -> Study | None:
        """The study as far as it is archived, or None."""
        archive_id = self._one(study_uid, "Study")
        return self.study_by_id(archive_id) if archive_id else None

    def study_by_id(self, archive_id: str) -> Study | None:
        """The study of this archive id, or None if it is gone."""
        call, client = self._client.call, self._client
        study = call(client.get_study, id_=archive_id)
        series = call(client.get_study_series, id_=archive_id)
        if study is None or series is None:
            return None
        instances = [i for s in series for i in s.get("Instances", ())]
        if not instances:
            return None
        issuer, first_seen = self._first_of(archive_id, instances[0])
        return study_from(study, series, issuer, moment(first_seen), self._sender(instances[-1]))

    def instance_study_id(self, archive_id: str) -> str | None:
        """The archive id of the study that an instance belongs to, or None if the instance is gone."""
        study = self._client.call(self._client.get_instance_study, id_=archive_id)
        return str(study["ID"]) if study else None

    def study_instance_ids(self, archive_id: str) -> frozenset[str]:
        """The archive ids of the instances of a study."""
        series = self._client.call(self._client.get_study_series, id_=archive_id) or []
        return frozenset(i for s in series for i in s.get("Instances", ()))

    def changes(self, since: int, limit: int) -> tuple[tuple[Change, ...], int, bool]:
        """Changes after sequence number `since`; with the last number read and whether that is all."""
        answer = self._client.call(self._client.get_changes, since=since, limit=limit)
        changes = tuple(Change(int(c["Seq"]), str(c["ChangeType"]), str(c["ID"])) for c in answer["Changes"])
        return changes, int(answer["Last"]), bool(answer["Done"])

    def last_change(self) -> int:
        """The number of the latest change, 0 when there is none."""
        return int(self._client.call(self._client.get_changes, last=True)["Last"])

    def statistics(self) -> ArchiveStatistics:
        """How much the archive holds."""
        answer = self._client.call(self._client.get_statistics)
        return ArchiveStatistics(
            studies=int(answer["CountStudies"]),
            series=int(answer["CountSeries"]),
            instances=int(answer["CountInstances"]),
            disk_bytes=int(answer["TotalDiskSize"]),
        )

    # -- series and instances -----------------------------------------------------------------------------------

    def series_instances(self, series_uid: str) -> tuple[InstanceRef, ...]:
        """The instances of a series by instance number. Raises :class:`NotFound`."""
        archive_id = self._one(series_uid, "Series")
        found = self._client.call(self._client.get_series_instances, id_=archive_id) if archive_id else None
        if found is None:
            raise NotFound("The archive does not hold this series.")
        refs = []
        for instance in found:
            tags = instance.get("MainDicomTags", {})
            self._instance_ids.put(tags.get("SOPInstanceUID", ""), instance["ID"])
            refs.append(
                InstanceRef(
                    sop_uid=tags.get("SOPInstanceUID", ""),
                    sop_class_uid=self._instance_metadata(instance["ID"]).get("SopClassUid", ""),
                    instance_number=number(tags.get("InstanceNumber")),
                    frames=number(tags.get("NumberOfFrames")) or 1,
                )
            )
        return tuple(sorted(refs, key=lambda r: (r.instance_number is None, r.instance_number or 0, r.sop_uid)))

    def instance_file(self, sop_uid: str) -> bytes:
        """The whole Part 10 file as received. Raises :class:`NotFound`."""
        return self._get(f"/instances/{self._instance_id(sop_uid)}/file")

    def header(self, sop_uid: str) -> bytes:
        """The Part 10 file up to its pixel data (the whole file if it has none). Raises :class:`NotFound`."""
        offset = number(self._instance_metadata(self._instance_id(sop_uid)).get("PixelDataOffset"))
        return self.instance_file(sop_uid)[:offset] if offset else self.instance_file(sop_uid)

    def frame(self, sop_uid: str, frame: int) -> tuple[bytes, str]:
        """A frame as stored, still compressed, and its Transfer Syntax UID; `frame` counts from 1.

        Raises :class:`NotFound`.
        """
        archive_id = self._instance_id(sop_uid)
        syntax = self._instance_metadata(archive_id).get("TransferSyntax", "")
        return self._get(f"/instances/{archive_id}/frames/{frame - 1}/raw"), syntax

    # -- inside -------------------------------------------------------------------------------------------------

    def _get(self, path: str) -> bytes:
        answer = self._wire.get(path)
        if answer.status != 200:
            raise NotFound("The archive does not hold this image or frame.")
        return answer.body

    def _lookup(self, uid: str, level: str) -> list[str]:
        if not _UID.fullmatch(uid):
            return []
        # Orthanc.lookup() of the library forgets to send the UID, hence the endpoint itself.
        found = self._client.call(self._client.server.tools_lookup, data=uid) or []
        return [str(f["ID"]) for f in found if f["Type"] == level]

    def _one(self, uid: str, level: str) -> str | None:
        """The archive id of a UID. One that stands for two things is not guessed at: it could be another patient's."""
        found = self._lookup(uid, level)
        if len(found) > 1:
            raise NotFound("The archive holds this UID under two patients or studies; have it corrected there first.")
        return found[0] if found else None

    def _instance_id(self, sop_uid: str) -> str:
        found = self._instance_ids.get(sop_uid) or self._one(sop_uid, "Instance")
        if found is None:
            raise NotFound("The archive does not hold this image.")
        self._instance_ids.put(sop_uid, found)
        return found

    def _instance_metadata(self, archive_id: str) -> dict[str, str]:
        """Orthanc's notes on an instance: SopClassUid, TransferSyntax, PixelDataOffset; they never change."""
        known = self._metadata.get(archive_id)
        if known is None:
            answer = self._wire.get(f"/instances/{archive_id}/metadata?expand")
            if answer.status != 200:
                return {}
            known = {str(k): str(v) for k, v in json.loads(answer.body).items()}
            self._metadata.put(archive_id, known)
        return known

    def _first_of(self, archive_id: str, instance_id: str) -> tuple[str, str]:
        """Issuer of Patient ID (0010,0021), which is no main tag of Orthanc, and when the first instance came."""
        known = self._firsts.get(archive_id)
        if known is None:
            client = self._client
            module: dict[str, Any] = (
                client.call(client.get_study_module_patient, id_=archive_id, params={"short": "1"}) or {}
            )
            issuer = module.get("0010,0021", "")
            known = (
                issuer.strip() if isinstance(issuer, str) else "",
                self._instance_metadata(instance_id).get("ReceptionDate", ""),
            )
            self._firsts.put(archive_id, known)
        return known

    def _sender(self, instance_id: str) -> str:
        """Source Application Entity Title (0002,0016): the calling AE title, as our receiver wrote it."""
        client = self._client
        meta = client.call(client.get_instance_header, id_=instance_id, params={"short": "1"}) or {}
        return str(meta.get("0002,0016", "")).strip()


def _refusal(status: int, body: bytes) -> str:
    """Orthanc's reason for a refusal; its texts hold sizes and error names, never values of a data set."""
    try:
        fields = json.loads(body)
        said = str(fields.get("Details") or fields.get("Message") or "")
    except (ValueError, AttributeError):
        said = ""
    return f"The archive refused it ({said or f'HTTP status {status}'})."

"""An archive of files in memory: the same calls as the real one, for tests that need pixels and no server."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames

from reads.model.errors import NotFound
from reads.model.study import Study
from reads.ports import InstanceRef


class ArchiveOfFiles:
    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self.datasets: dict[str, Dataset] = {}
        self.headers_read = 0
        for dataset in datasets:
            self.add(dataset)

    def add(self, dataset: Dataset) -> None:
        self.datasets[str(dataset.SOPInstanceUID)] = dataset

    def study(self, study_uid: str) -> Study | None:
        return None

    def series_instances(self, series_uid: str) -> tuple[InstanceRef, ...]:
        return tuple(
            InstanceRef(uid, str(d.SOPClassUID), d.get("InstanceNumber"), int(d.get("NumberOfFrames") or 1))
            for uid, d in self.datasets.items()
            if d.SeriesInstanceUID == series_uid
        )

    def header(self, sop_uid: str) -> bytes:
        self.headers_read += 1
        return self.instance_file(sop_uid)

    def instance_file(self, sop_uid: str) -> bytes:
        if sop_uid not in self.datasets:
            raise NotFound("the archive holds no such instance")
        file = BytesIO()
        pydicom.dcmwrite(file, self.datasets[sop_uid], enforce_file_format=True)
        return file.getvalue()

    def frame(self, sop_uid: str, frame: int) -> tuple[bytes, str]:
        if sop_uid not in self.datasets:
            raise NotFound("the archive holds no such instance")
        dataset = self.datasets[sop_uid]
        syntax = dataset.file_meta.TransferSyntaxUID
        count = int(dataset.get("NumberOfFrames") or 1)
        if not 1 <= frame <= count:
            raise NotFound("the instance has no such frame")
        if syntax.is_encapsulated:
            return list(generate_frames(dataset.PixelData, number_of_frames=count))[frame - 1], str(syntax)
        length = len(dataset.PixelData) // count
        return dataset.PixelData[length * (frame - 1) : length * frame], str(syntax)

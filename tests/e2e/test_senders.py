"""What a sender sends is what the archive holds."""

from __future__ import annotations

import io
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pydicom
import pytest
from pydicom.filereader import read_file_meta_info
from pydicom.uid import UID, JPEGTransferSyntaxes, generate_uid

from sample_studies.manifest import SampleStudy
from tests.e2e import senders
from tests.e2e.service import Service, until

Sender = Callable[[Service, list[Path]], str]


def storescu(service: Service, paths: list[Path]) -> str:
    """DCMTK's storescu, told to propose JPEG when the files hold JPEG."""
    meta = read_file_meta_info(paths[0])
    return senders.dcmtk_storescu(service, paths, "-xy" if meta.TransferSyntaxUID in JPEGTransferSyntaxes else "-x=")


SENDERS: dict[str, Sender] = {
    "storescu": storescu,
    "dcmsend": senders.dcmsend,
    "pynetdicom": senders.pynetdicom_storescu,
}
MODALITIES = {"CT": "ct-chest", "MR": "mr-brain", "CR": "cr-chest", "US": "us-cine"}
AT_MOST = 4
"""Instances of a study that each sender sends; the whole CT goes through in the reader's journey."""


def data_set(part10: bytes) -> bytes:
    """The data set of a Part 10 file as it is encoded, without preamble and file meta (PS3.10 7.1)."""
    stream = io.BytesIO(part10)
    pydicom.filereader.read_preamble(stream, force=False)
    pydicom.filereader._read_file_meta_info(stream)
    return stream.read()


def renewed(sources: list[Path], folder: Path) -> list[Path]:
    """The same images as another study, so that each sender's arrival can be told from the others'."""
    study, series = generate_uid(), generate_uid()
    made: list[Path] = []
    for source in sources:
        image = pydicom.dcmread(source)
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        image.PatientID = f"SEND{UID(study)[-8:]}"
        target = folder / f"{len(made):04}.dcm"
        image.save_as(target, enforce_file_format=True)
        made.append(target)
    return made


@contextmanager
def witness(folder: Path) -> Iterator[tuple[str, int, str]]:
    """DCMTK's storescp, which writes what comes off the wire bit by bit: an independent witness."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    command = ["/usr/bin/storescp", "+B", "+xa", "-od", str(folder), "-aet", "WITNESS", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:

        def listening() -> bool:
            with closing(socket.socket()) as client:
                return client.connect_ex(("127.0.0.1", port)) == 0

        until(listening, "storescp listening")
        yield "127.0.0.1", port, "WITNESS"
    finally:
        process.terminate()
        process.wait(10)


class Witness(Service):
    """The witness in the place of the service, for the same sender."""

    node = ("127.0.0.1", 0, "")

    @property
    def dicom(self) -> tuple[str, int, str]:
        """Where the witness listens."""
        return self.node


def test_the_receiver_answers_c_echo(service: Service) -> None:
    assert "Received Echo Response (Success)" in senders.echoscu(service)


@pytest.mark.parametrize("modality", MODALITIES)
@pytest.mark.parametrize("sender", SENDERS)
def test_the_archive_holds_the_senders_data_set_bit_for_bit(
    sender: str,
    modality: str,
    service: Service,
    samples: dict[str, SampleStudy],
    tmp_path: Path,
) -> None:
    sent = renewed(list(samples[MODALITIES[modality]].instances())[:AT_MOST], tmp_path)
    SENDERS[sender](service, sent)

    seen = tmp_path / "witness"
    seen.mkdir()
    with witness(seen) as node:
        stand_in = Witness(service.data, service.ready_file)
        object.__setattr__(stand_in, "node", node)
        SENDERS[sender](stand_in, sent)
    on_the_wire = {str(pydicom.dcmread(p, stop_before_pixels=True).SOPInstanceUID): p for p in seen.iterdir()}
    assert len(on_the_wire) == len(sent)

    study_uid = str(pydicom.dcmread(sent[0], stop_before_pixels=True).StudyInstanceUID)

    def all_there() -> dict[str, str] | None:
        held = service.archived_instances(study_uid)
        return held if held.keys() == on_the_wire.keys() else None

    for sop_uid, orthanc_id in until(all_there, "each instance in the archive").items():
        assert data_set(service.archived_file(orthanc_id)) == data_set(on_the_wire[sop_uid].read_bytes())

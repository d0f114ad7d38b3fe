from __future__ import annotations

import os
import signal
import struct
import threading
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from dicom_gateway.frames import decode_child
from dicom_gateway.frames.decoder import Decoder
from reads.model.errors import Invalid
from tests.integration.frames.images import ct, sample


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def parts(image: Dataset) -> tuple[bytes, bytes, str, int]:
    file = BytesIO()
    pydicom.dcmwrite(file, image, enforce_file_format=True)
    return file.getvalue(), image.PixelData, str(image.file_meta.TransferSyntaxUID), 1


def child_of(decoder: Decoder) -> int:
    assert decoder._child is not None
    return decoder._child.pid


def test_the_child_gives_what_the_modality_measured(decoder: Decoder) -> None:
    image = ct(1, 0)
    got = decoder.decode(*parts(image)).values
    assert got.dtype == np.float32
    assert (got == image.pixel_array.astype(np.float32) - 1024).all()


def test_a_child_that_died_is_replaced(decoder: Decoder) -> None:
    decoder.decode(*parts(ct(1, 0)))
    first = decoder._child
    assert first is not None
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert decoder.decode(*parts(ct(1, 0))).values.shape == (64, 64)
    assert child_of(decoder) != first.pid


def test_an_image_over_which_the_child_dies_is_refused_in_words(decoder: Decoder) -> None:
    decoder.decode(*parts(ct(1, 0)))
    os.kill(child_of(decoder), signal.SIGSTOP)  # as if a codec never came to an end
    killer = threading.Timer(0.2, os.kill, (child_of(decoder), signal.SIGKILL))
    killer.start()
    with pytest.raises(Invalid, match=r"^cannot be shown: .* limits"):
        decoder.decode(*parts(ct(1, 0)))
    killer.join()
    assert decoder.decode(*parts(ct(1, 0))).values.shape == (64, 64)


def test_an_image_that_lies_about_its_size_is_refused_in_words(decoder: Decoder) -> None:
    image = ct(1, 0)
    image.Rows = image.Columns = 65535
    with pytest.raises(Invalid, match=r"^cannot be shown: "):
        decoder.decode(*parts(image))
    image.Rows, image.Columns = 10000, 10000  # small enough to try, but the pixels are not there
    with pytest.raises(Invalid, match=r"^cannot be shown: "):
        decoder.decode(*parts(image))
    assert decoder.decode(*parts(ct(1, 0))).values.shape == (64, 64)


def test_the_child_has_limits_of_memory_and_none_of_our_environment(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDREAD_ARCHIVE__PASSWORD", "CANARY")
    decoder.decode(*parts(ct(1, 0)))
    with open(f"/proc/{child_of(decoder)}/limits") as limits:
        (space,) = (line.split()[3] for line in limits if line.startswith("Max address space"))
    assert int(space) == decode_child.MEMORY_BYTES
    with open(f"/proc/{child_of(decoder)}/environ", "rb") as environment:
        assert b"CANARY" not in environment.read()


def test_threads_take_turns_and_get_their_own_frames(decoder: Decoder) -> None:
    wrong: list[int] = []

    def ask(value: int) -> None:
        got = [decoder.decode(*parts(ct(1, 0, value=value))).values[10, 10] for _ in range(5)]
        wrong.extend(value for one in got if one != value)

    threads = [threading.Thread(target=ask, args=(v,)) for v in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_mutated_codestreams_never_end_in_anything_but_a_picture_or_words(decoder: Decoder) -> None:
    chance = np.random.default_rng(17)
    words = []
    for name in ("MR_small_jp2klossless", "MR_small_jpeg_ls_lossless", "MR_small_RLE", "SC_rgb_jpeg_dcmtk"):
        header, stored, syntax, frame = parts(sample(name + ".dcm"))
        (offset,) = struct.unpack("<I", stored[4:8])
        whole = stored[8 + offset + 8 :]
        for _ in range(25):
            broken = bytearray(whole)
            for place in chance.integers(0, len(broken), 5):
                broken[place] = int(chance.integers(0, 256))
            try:
                assert decoder.decode(header, bytes(broken), syntax, frame).values.size
            except Invalid as why:
                words.append(why.message)
    assert words
    assert all(w.startswith("cannot be shown: ") for w in words)

"""The hospital's side: DCMTK and pynetdicom programs that send images, and a RIS that sends reports."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from tests.e2e.service import Service

VT, FS_CR = b"\x0b", b"\x1c\r"


def run(*command: object) -> str:
    """Run a sender's program; its output, or a failure with what it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def echoscu(service: Service) -> str:
    """DCMTK's C-ECHO."""
    host, port, title = service.dicom
    return run("/usr/bin/echoscu", "-v", "-aet", "PACS", "-aec", title, host, port)


def dcmtk_storescu(service: Service, paths: list[Path], proposal: str = "-x=") -> str:
    """DCMTK's storescu. It proposes one transfer syntax for the whole association: ``proposal``."""
    host, port, title = service.dicom
    return run("/usr/bin/storescu", "-v", proposal, "-aet", "PACS", "-aec", title, host, port, *paths)


def dcmsend(service: Service, paths: list[Path]) -> str:
    """DCMTK's dcmsend, which proposes each file's own transfer syntax."""
    host, port, title = service.dicom
    return run("/usr/bin/dcmsend", "-v", "-nuc", "--no-uid-checks", "-aet", "PACS", "-aec", title, host, port, *paths)


def pynetdicom_storescu(service: Service, paths: list[Path]) -> str:
    """pynetdicom's storescu application."""
    host, port, title = service.dicom
    command = [sys.executable, "-m", "pynetdicom", "storescu", "-cx", "-aet", "PACS", "-aec", title, host, port]
    return "".join(run(*command, path) for path in paths)


def send_report(service: Service, message: bytes) -> bytes:
    """Send one HL7 message by MLLP; the acknowledgement."""
    with socket.create_connection(service.hl7, timeout=30) as ris:
        ris.sendall(VT + message + FS_CR)
        answer = b""
        while not answer.endswith(FS_CR):
            chunk = ris.recv(65536)
            assert chunk, "the listener closed the connection without an acknowledgement"
            answer += chunk
    return answer[len(VT) : -len(FS_CR)]

"""The durable spool between the network and the archive: what was acknowledged is on the disk."""

from dicom_gateway.spool.record import Arrival
from dicom_gateway.spool.spool import Entry, Spool, SpoolBusy, SpoolConfig, SpoolFull
from dicom_gateway.spool.status import SetAside, SetAsideKind, SpoolStatus
from dicom_gateway.spool.waiting import DamagedRecord, Waiting

__all__ = [
    "Arrival",
    "DamagedRecord",
    "Entry",
    "SetAside",
    "SetAsideKind",
    "Spool",
    "SpoolBusy",
    "SpoolConfig",
    "SpoolFull",
    "SpoolStatus",
    "Waiting",
]

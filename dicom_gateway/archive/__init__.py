"""The archive behind the gateway: Orthanc, as a supervised child or elsewhere."""

from dicom_gateway.archive.access import ArchiveAccess
from dicom_gateway.archive.child import OrthancChild
from dicom_gateway.archive.orthanc import OrthancArchive
from dicom_gateway.archive.results import ArchiveStatistics, Change, StoredInstance

__all__ = [
    "ArchiveAccess",
    "ArchiveStatistics",
    "Change",
    "OrthancArchive",
    "OrthancChild",
    "StoredInstance",
]

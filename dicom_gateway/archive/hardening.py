"""The configuration of our own Orthanc: what it may do, and everything else off."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def orthanc_configuration(folder: Path, port: int, username: str, password: str, stable_age_s: int) -> dict[str, Any]:
    """Orthanc's settings, as its JSON.

    Objects are kept as they were sent (no compression, no transcoding, no overwriting), every call needs the
    password, and nothing but the REST API on loopback listens. Orthanc before 1.12 cannot bind to loopback alone;
    it then refuses other hosts itself (``RemoteAccessAllowed``).
    """
    return {
        "Name": "Second Read archive",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "index"),
        "StorageCompression": False,
        "MaximumStorageSize": 0,
        "MaximumPatientCount": 0,
        "OverwriteInstances": False,
        "StoreMD5ForAttachments": True,
        "SyncStorageArea": True,
        "StableAge": stable_age_s,
        # REST
        "HttpServerEnabled": True,
        "HttpPort": port,
        "HttpBindAddresses": ["127.0.0.1"],
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": True,
        "RegisteredUsers": {username: password},
        "HttpThreadsCount": 16,
        "HttpCompressionEnabled": False,
        "HttpDescribeErrors": True,
        "HttpVerbose": False,
        "KeepAlive": True,
        "TcpNoDelay": True,
        "OrthancExplorerEnabled": False,
        "WebDavEnabled": False,
        # everything that could reach out or run something
        "DicomServerEnabled": False,
        "DicomModalities": {},
        "DicomModalitiesInDatabase": False,
        "OrthancPeers": {},
        "OrthancPeersInDatabase": False,
        "Plugins": [],
        "LuaScripts": [],
        "ExecuteLuaEnabled": False,
        "RestApiWriteToFileSystemEnabled": False,
        "SynchronousCMove": False,
        "ConcurrentJobs": 1,
        "JobsHistorySize": 10,
        "SaveJobs": False,
        "LimitFindResults": 0,
        "LimitFindInstances": 0,
        "MetricsEnabled": False,
        "DefaultEncoding": "Latin1",
        "DeidentifyLogs": True,
    }

"""The composition root: the only place where parts are made from settings and wired to each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.folder import DataFolder
from viewer.settings import Settings
from viewer.supervise import Supervisor

if TYPE_CHECKING:
    from dicom_gateway.archive.child import OrthancChild
    from dicom_gateway.archive.orthanc import OrthancArchive
    from dicom_gateway.forward.arrivals import ArrivalFeed
    from dicom_gateway.forward.worker import Forwarder
    from dicom_gateway.hl7.mllp import MllpListener
    from dicom_gateway.receive.server import Receiver
    from dicom_gateway.spool.spool import Spool
    from reads.store.database import Store
    from reads.workflow.policy import IntakePolicy
    from viewer.jobs.services import JobServices


def prepare(settings: Settings) -> DataFolder:
    """The data folder, with what is missing made."""
    folder = DataFolder(settings.data)
    folder.prepare()
    return folder


def migrate(settings: Settings) -> None:
    """Bring the reads database to the newest tables; nothing happens when it has them."""
    from reads.store.database import Store

    Store.migrate(settings.reads_url)


def store(settings: Settings) -> Store:
    """The reads database, whose tables are there."""
    from reads.store.database import Store

    return Store.open(settings.reads_url)


def intake_policy(settings: Settings) -> IntakePolicy:
    """What happens to a study that arrives."""
    from reads.workflow.policy import IntakePolicy

    intake = settings.intake
    return IntakePolicy(open_cases=intake.open_cases, scheme=intake.scheme, due_days=intake.due_days)


def orthanc_child(settings: Settings) -> OrthancChild | None:
    """The Orthanc to start, or None when the hospital's own is used."""
    from dicom_gateway.archive.child import OrthancChild

    if not settings.owns_archive:
        return None
    return OrthancChild(DataFolder(settings.data).orthanc, stable_age_s=settings.archive.stable_age_s)


def archive(settings: Settings) -> OrthancArchive:
    """The clinical archive that the settings (or the supervisor, by the environment) name."""
    from dicom_gateway.archive.access import ArchiveAccess
    from dicom_gateway.archive.orthanc import OrthancArchive

    named = settings.archive
    access = ArchiveAccess(named.url, named.username, named.password.get_secret_value(), folder=named.folder)
    return OrthancArchive(access)


def spool(settings: Settings) -> Spool:
    """Where instances are safe before the archive has them."""
    from dicom_gateway.spool.spool import Spool

    return Spool.open(DataFolder(settings.data).spool)


def receiver(settings: Settings, into: Spool) -> Receiver:
    """The DICOM receiver."""
    from dicom_gateway.receive.server import Receiver, ReceiverConfig

    dicom = settings.dicom
    return Receiver(ReceiverConfig(dicom.host, dicom.port, dicom.ae_title, dicom.maximum_associations), into)


def mllp_listener(settings: Settings, reads: Store) -> MllpListener:
    """The HL7 listener: a message is acknowledged once its report is committed."""
    from dicom_gateway.hl7.mllp import MllpListener
    from reads.model.report import ReportMessage
    from reads.ports import SystemClock
    from reads.workflow.intake import report_received

    policy, clock = intake_policy(settings), SystemClock()

    def accept(message: ReportMessage, raw: bytes) -> None:
        with reads.unit() as unit:
            report_received(unit, message, raw, policy, clock.now())

    hl7 = settings.hl7
    return MllpListener(hl7.host, hl7.port, accept, accession_from=hl7.accession_from)


def forwarder(source: Spool, target: OrthancArchive) -> Forwarder:
    """From the spool into the archive."""
    from dicom_gateway.forward.worker import Forwarder

    return Forwarder(source, target)


def arrival_feed(settings: Settings, source: OrthancArchive, reads: Store) -> ArrivalFeed:
    """From the archive's changes to cases on the worklist."""
    from dicom_gateway.forward.arrivals import ArrivalFeed
    from reads.model.study import Study
    from reads.ports import SystemClock
    from reads.workflow.intake import study_changed

    policy, clock = intake_policy(settings), SystemClock()

    def on_study(study: Study) -> None:
        with reads.unit() as unit:
            study_changed(unit, study, policy, clock.now())

    return ArrivalFeed(source, settings.data / "arrivals.json", on_study)


def job_services(settings: Settings) -> JobServices:
    """What the worker needs."""
    from dicom_gateway.frames.frames import SeriesFrames
    from reads.ports import SystemClock
    from reads.workflow.dossier import dossier
    from viewer.jobs.images import ArchiveImages
    from viewer.jobs.papers import Papers
    from viewer.jobs.services import JobServices

    reads, clock, images = store(settings), SystemClock().now, archive(settings)
    pictures = ArchiveImages(images, SeriesFrames(images, DataFolder(settings.data).cache))
    return JobServices(reads, Papers(reads, pictures, dossier, clock, settings.organization), clock)


def web_server(settings: Settings) -> Any:
    """A waitress server that listens, and behind it the web application with everything it calls."""
    from dicom_gateway.frames.frames import SeriesFrames
    from reads.ports import SystemClock
    from viewer.web.app import create_app
    from viewer.web.server import listen
    from viewer.web.services import Services, WebConfig

    folder = DataFolder(settings.data)
    images = archive(settings)
    reads = store(settings)
    session = settings.session
    app = create_app(
        Services(
            store=reads,
            archive=images,
            frames=SeriesFrames(images, folder.cache),
            clock=SystemClock().now,
            healthy=_health(reads, images),
        ),
        WebConfig(
            https=settings.http.trusted_https,
            idle=timedelta(minutes=session.idle_min),
            longest=timedelta(hours=session.max_h),
        ),
    )
    http = settings.http
    return listen(app, http.host, http.port, http.threads, http.trusted_https)


def _health(reads: Store, images: OrthancArchive) -> Callable[[], tuple[str, ...]]:
    """What is not well, one word each."""
    from reads.model.errors import SecondReadError

    def unwell() -> tuple[str, ...]:
        found = []
        try:
            images.ping()
        except SecondReadError:
            found.append("archive")
        try:
            with reads.unit():
                pass
        except SecondReadError:
            found.append("database")
        return tuple(found)

    return unwell


def supervisor(settings: Settings, ready_file: Path | None, announce: Callable[[str], None]) -> Supervisor:
    """What `serve` runs."""
    return Supervisor(
        settings=settings,
        archive=orthanc_child(settings),
        migrate=lambda: migrate(settings),
        ready_file=ready_file,
        announce=announce,
    )

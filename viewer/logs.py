"""Logs as JSON lines in files that rotate; the texts of exceptions stay out, since they may quote patient data."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FILE_BYTES = 5_000_000
FILES_KEPT = 3
OURS = ("reads", "dicom_gateway", "viewer")
# These quote data elements in their messages.
QUOTING = ("pydicom", "pynetdicom", "hl7", "highdicom", "weasyprint", "fontTools")


def places(error: BaseException) -> list[str]:
    """Where an exception came from, as ``file:line function``, outermost first; never its text."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]


def exception_without_its_text(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace ``exc_info`` by the exception's type and the places it passed."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given is True else None
    if isinstance(given, tuple) and isinstance(given[1], BaseException):
        error = given[1]
    if error is not None:
        event["error"] = type(error).__name__
        event["places"] = places(error)
    return event


def start(name: str, folder: Path) -> None:
    """Send this process's log to ``folder/NAME.log`` and let no exception pass unlogged."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_without_its_text,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.handlers.RotatingFileHandler(
        folder / f"{name}.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in OURS:
        logging.getLogger(ours).setLevel(logging.INFO)
    for quoting in QUOTING:
        logging.getLogger(quoting).setLevel(logging.CRITICAL)
    _log_what_nobody_caught()


def _log_what_nobody_caught() -> None:
    log = structlog.stdlib.get_logger("viewer.logs")

    def process(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("process failed", exc_info=error)
            sys.stderr.write(f"This process failed ({kind.__name__}); its log says where.\n")

    def thread(given: threading.ExceptHookArgs) -> None:
        log.critical("thread failed", exc_info=given.exc_value)

    sys.excepthook = process
    threading.excepthook = thread

"""What the web part needs from the outside; put together in the composition root, found again on the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from flask import current_app

from reads.ports import ImageArchive
from reads.store.database import Store
from viewer.web.pictures import SeriesPictures

_KEY = "secondread"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class WebConfig:
    """How the pages behave.

    Parameters
    ----------
    https
        The browser speaks HTTPS (a proxy we trust ends it): cookies are Secure and HSTS is sent.
    idle, longest
        A session ends after this long without use, and after this long at all.
    wrong_logins_per_minute
        Refused log-ins allowed from one address.
    dist
        Where Vite put the built front end.
    """

    https: bool = False
    idle: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=12)
    wrong_logins_per_minute: int = 20
    dist: Path = field(default=_HERE / "static" / "dist")


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that the views call.

    Parameters
    ----------
    store
        The reads database.
    archive
        The clinical archive: which instances a series has.
    frames
        Series metadata, frames, thumbnails and rendered pictures, made from the archive.
    clock
        The time, aware and in UTC.
    healthy
        Says in one word each what is not well (``("archive",)``); empty when all is.
    """

    store: Store
    archive: ImageArchive
    frames: SeriesPictures
    clock: Callable[[], datetime]
    healthy: Callable[[], tuple[str, ...]] = tuple


@dataclass(frozen=True, slots=True)
class _Bound:
    services: Services
    config: WebConfig


def bind(app: object, services: Services, config: WebConfig) -> None:
    """Attach both to the Flask app."""
    app.extensions[_KEY] = _Bound(services, config)  # type: ignore[attr-defined]


def services() -> Services:
    """The parts of the app that serves this request."""
    return cast(_Bound, current_app.extensions[_KEY]).services


def config() -> WebConfig:
    """How the app that serves this request behaves."""
    return cast(_Bound, current_app.extensions[_KEY]).config


def now() -> datetime:
    """The time of this moment, aware and in UTC."""
    return services().clock()

"""Accounts and their passwords: argon2id, one-time passwords that can be read aloud, guesses slowed down."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from reads.audit import AuditEvent
from reads.model.access import Permission
from reads.model.errors import Conflict, Invalid, NotAllowed, NotFound
from reads.model.people import Person, Role
from reads.store import Store, Unit
from reads.store.people import Credentials
from reads.workflow.guards import require

ONE_TIME_HOURS = 72
"""How long a one-time password works."""
FREE_FAILURES = 5
"""Wrong passwords in a row before the account waits."""
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 3600
PASSWORD_LENGTH = 12
"""Shortest password that a person may choose."""
LONGEST_PASSWORD = 512

# No 0 O 1 I L, no vowels: nothing to mishear, nothing that spells a word.
_SAYABLE = "23456789BCDFGHJKMNPQRSTVWXZ"
_GROUPS, _GROUP_LENGTH = 4, 4  # 27^16: 76 bits
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_WRONG = "User name or password is wrong."


def add_person(
    unit: Unit,
    username: str,
    roles: Iterable[Role],
    display_name: str,
    physician_id: str,
    now: datetime,
) -> tuple[Person, str]:
    """Add an account; returns it with its one-time password, which is shown once and kept nowhere.

    Raises
    ------
    Invalid
        If the user name is not of small letters, digits, dots and dashes, or no role is given.
    Conflict
        If the user name is taken.
    """
    held = frozenset(roles)
    if not _USERNAME.fullmatch(username):
        raise Invalid("A user name has small letters, digits, dots, dashes and underscores only.", "username")
    if not held:
        raise Invalid("An account needs at least one role.", "roles")
    if unit.people.by_username(username) is not None:
        raise Conflict(f"The user name {username} is taken.")
    password = one_time_password()
    person = unit.people.add(
        username=username,
        display_name=display_name.strip() or username,
        roles=held,
        physician_id=physician_id.strip(),
        password_hash=hasher().hash(password),
        password_expires_at=now + timedelta(hours=ONE_TIME_HOURS),
        now=now,
    )
    unit.audit.record(AuditEvent.PERSON_ADDED, None, "account", username, now, detail={"roles": sorted(held)})
    return person, password


def one_time_password() -> str:
    """A password that can be read aloud: four groups of four letters and digits."""
    return "-".join("".join(secrets.choice(_SAYABLE) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))


def reset_password(unit: Unit, user_id: int, now: datetime) -> str:
    """A new one-time password; all sessions of the account end."""
    person = unit.people.get(user_id)
    if person is None:
        raise NotFound("There is no such account.")
    password = one_time_password()
    unit.people.set_password(user_id, hasher().hash(password), now + timedelta(hours=ONE_TIME_HOURS))
    unit.sessions.revoke_all(user_id, now)
    unit.audit.record(AuditEvent.PASSWORD_CHANGED, None, "account", person.username, now)
    return password


def set_active(unit: Unit, actor: Person, user_id: int, active: bool, now: datetime) -> None:
    """Let an account in or keep it out; its sessions end when it is kept out."""
    require(actor, Permission.MANAGE_PEOPLE)
    person = unit.people.get(user_id)
    if person is None:
        raise NotFound("There is no such account.")
    unit.people.set_active(user_id, active)
    if not active:
        unit.sessions.revoke_all(user_id, now)
    unit.audit.record(AuditEvent.PERSON_CHANGED, actor, "account", person.username, now, detail={"active": active})


def password_expires_at(unit: Unit, user_id: int) -> datetime | None:
    """When the one-time password of an account ends; None once its owner has chosen one."""
    credentials = unit.people.credentials(user_id)
    return None if credentials is None else credentials.password_expires_at


def authenticate(store: Store, username: str, password: str, now: datetime) -> Person:
    """The person with this user name and password.

    Takes the store, not a transaction: a wrong guess must be counted although it raises, and the slow hash must not run
    while a transaction holds the database.

    Raises
    ------
    NotAllowed
        If they do not fit, the account is closed, the one-time password is too old, or there were too many guesses. An
        unknown user name takes as long as a wrong password.
    """
    with store.unit(write=False) as unit:
        person = unit.people.by_username(username)
        credentials = None if person is None else unit.people.credentials(person.user_id)
    if person is None or credentials is None:
        _fits(_decoy(), password)
        with store.unit() as unit:
            unit.audit.record(AuditEvent.LOGIN, None, "account", username[:64], now, outcome="failure")
        raise NotAllowed(_WRONG)
    _refuse_while_locked(credentials, now)
    if not _fits(credentials.password_hash, password):
        _count_failure(store, person, now)
        raise NotAllowed(_WRONG)
    expired = credentials.password_expires_at is not None and credentials.password_expires_at <= now
    with store.unit() as unit:
        refused = expired or not person.active
        if not refused:
            unit.people.set_failures(person.user_id, 0, None)
        unit.audit.record(
            AuditEvent.LOGIN, person, "account", person.username, now, outcome="failure" if refused else "success"
        )
    if not person.active:
        raise NotAllowed(_WRONG)
    if expired:
        raise NotAllowed("This one-time password is too old. Ask for a new one.")
    return person


def change_password(store: Store, actor: Person, old: str, new: str, now: datetime) -> None:
    """Set the password that its owner chose. Their sessions end; the caller begins a new one.

    Raises
    ------
    Invalid
        If the new password is too short, too long, or the old one.
    NotAllowed
        If the old one is wrong.
    """
    if not PASSWORD_LENGTH <= len(new) <= LONGEST_PASSWORD:
        raise Invalid(f"Choose a password of at least {PASSWORD_LENGTH} characters.", "new")
    if new == old or actor.username in new.lower():
        raise Invalid("Choose a password that is not the old one and does not hold your user name.", "new")
    with store.unit(write=False) as unit:
        credentials = unit.people.credentials(actor.user_id)
    if credentials is None:
        raise NotAllowed(_WRONG)
    _refuse_while_locked(credentials, now)
    if not _fits(credentials.password_hash, old):
        _count_failure(store, actor, now)
        raise NotAllowed("The old password is wrong.")
    hashed = hasher().hash(new)
    with store.unit() as unit:
        unit.people.set_password(actor.user_id, hashed, None)
        unit.sessions.revoke_all(actor.user_id, now)
        unit.audit.record(AuditEvent.PASSWORD_CHANGED, actor, "account", actor.username, now)


@cache
def hasher() -> PasswordHasher:
    """Hashes passwords by argon2id with the low-memory parameters of RFC 9106."""
    return PasswordHasher()


@cache
def _decoy() -> str:
    return hasher().hash(secrets.token_hex(16))


def _fits(password_hash: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return hasher().verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _refuse_while_locked(credentials: Credentials, now: datetime) -> None:
    if credentials.locked_until is not None and now < credentials.locked_until:
        raise NotAllowed("Too many wrong passwords. Wait a while, then try again.")


def _count_failure(store: Store, person: Person, now: datetime) -> None:
    with store.unit() as unit:
        failures = unit.people.add_failure(person.user_id)
        if failures >= FREE_FAILURES:
            wait_s = min(FIRST_WAIT_S * 2 ** min(failures - FREE_FAILURES, 10), LONGEST_WAIT_S)
            unit.people.set_failures(person.user_id, failures, now + timedelta(seconds=wait_s))
        unit.audit.record(AuditEvent.LOGIN, person, "account", person.username, now, outcome="failure")

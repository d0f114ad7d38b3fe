"""`secondread user add|list|reset`: the people who may sign in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reads.model.errors import NotFound
from reads.model.people import Person, Role
from viewer.cli import options
from viewer.settings import Settings

if TYPE_CHECKING:
    from reads.store.database import Store


@click.group()
def user() -> None:
    """The people who may sign in."""


def _people_of(settings: Settings) -> Store:
    """The database, its tables brought up to date: people may be added before the first start."""
    from viewer import compose

    compose.prepare(settings)
    compose.migrate(settings)
    return compose.store(settings)


def _said(person: Person) -> dict[str, object]:
    return {
        "username": person.username,
        "display_name": person.display_name,
        "roles": sorted(person.roles),
        "physician_id": person.physician_id,
        "active": person.active,
    }


def _show_password(person: Person, password: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_said(person) | {"password": password}))
    else:
        click.echo(f"{person.username}  one-time password: {password}")


@user.command()
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May repeat.",
)
@click.option("--display-name", default="", help="How the person is shown.  [default: NAME]")
@click.option("--physician-id", default="", help="The hospital's id of the person, as reports name it (OBR-32.1).")
@options.data
@options.as_json
def add(
    name: str, roles: tuple[str, ...], display_name: str, physician_id: str, data: Path | None, as_json: bool
) -> None:
    """Add the person NAME and print a one-time password."""
    from reads.ports import SystemClock
    from reads.workflow.people import add_person

    with _people_of(options.settings_of(data)).unit() as unit:
        chosen = frozenset(Role(role) for role in roles)
        person, password = add_person(unit, name, chosen, display_name or name, physician_id, SystemClock().now())
    _show_password(person, password, as_json)


@user.command("list")
@options.data
@options.as_json
def list_people(data: Path | None, as_json: bool) -> None:
    """Show everybody."""
    with _people_of(options.settings_of_existing(data)).unit() as unit:
        people = unit.people.all()
    if as_json:
        click.echo(json.dumps([_said(person) for person in people]))
        return
    for person in people:
        off = "" if person.active else "  (may not sign in)"
        click.echo(f"{person.username}  {', '.join(sorted(person.roles))}  {person.display_name}{off}")


@user.command()
@click.argument("name")
@options.data
@options.as_json
def reset(name: str, data: Path | None, as_json: bool) -> None:
    """Give the person NAME a new one-time password and end their sessions."""
    from reads.ports import SystemClock
    from reads.workflow.people import reset_password

    with _people_of(options.settings_of_existing(data)).unit() as unit:
        person = unit.people.by_username(name)
        if person is None:
            raise NotFound(f"There is nobody called {name}; `secondread user list` shows everybody.")
        password = reset_password(unit, person.user_id, SystemClock().now())
    _show_password(person, password, as_json)

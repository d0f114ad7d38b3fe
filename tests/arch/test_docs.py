"""The documentation is held to the code: every setting, command, route and target."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic.fields import FieldInfo

from reads.model.people import Role
from reads.ports import SystemClock
from viewer import cli, settings

ROOT = Path(__file__).resolve().parents[2]
OPERATE = (ROOT / "docs" / "operate.md").read_text("utf-8")
CONFORMANCE = (ROOT / "docs" / "conformance.md").read_text("utf-8")


def shown_default(field: FieldInfo) -> str:
    """A default as the table shows it."""
    default = field.default
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    if default in (None, ""):
        return ""
    if isinstance(default, bool | tuple):
        return f"`{json.dumps(default)}`"
    return f"`{default}`"


def setting_rows() -> Iterator[tuple[str, str, str]]:
    """Name, default and meaning of each setting, from the code."""
    for name, field in settings.Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, settings.Group):
            yield from (
                (f"{name}.{inner}", shown_default(f), str(f.description)) for inner, f in group.model_fields.items()
            )
        else:
            yield name, shown_default(field), str(field.description)


def test_the_table_of_settings_is_what_the_code_says() -> None:
    table = OPERATE.partition("| setting | default | meaning |")[2].partition("\n\n")[0]
    written = re.findall(r"^\| `([^`]+)` \| (.*?) \| (.*?) \|$", table, re.MULTILINE)
    assert written == list(setting_rows())


def commands(group: click.Group, *above: str) -> Iterator[str]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield " ".join((*above, name))


def test_every_command_is_in_the_table_of_commands_and_no_other() -> None:
    written = re.findall(r"^\| `secondread ([a-z]+(?: [a-z]+)?)", OPERATE, re.MULTILINE)
    assert sorted(written) == sorted(commands(cli.secondread))


@pytest.mark.parametrize("role", Role)
def test_every_role_is_named(role: Role) -> None:
    assert f"`{role.value}`" in OPERATE


def test_every_route_is_named_and_no_other() -> None:
    from viewer.web.app import create_app
    from viewer.web.services import Services

    nothing: object = None
    app = create_app(Services(store=nothing, archive=nothing, frames=nothing, clock=SystemClock().now))  # type: ignore[arg-type]
    real = {re.sub(r"<(?:[^:<>]*:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    written = set(re.findall(r"^\| `(/[^`]*)` \|", CONFORMANCE, re.MULTILINE))
    assert written == real


def test_what_the_readme_tells_to_type_can_be_typed() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    told = {
        target
        for path in texts
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {"demo", "test"} <= told
    assert told - targets == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in texts
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
        if not (path.parent / link).exists()
    ]
    assert broken == []

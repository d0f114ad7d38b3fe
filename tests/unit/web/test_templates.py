"""Templates hold no script, no style and no handler: the Content-Security-Policy forbids them, and so do we."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).parents[3] / "viewer" / "web" / "templates").glob("*.html"))
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "an inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "an address that runs": re.compile(r"javascript:", re.IGNORECASE),
    "an unescaped value": re.compile(r"\|\s*safe\b"),
    "another site": re.compile(r"(src|href|action)=\"https?:", re.IGNORECASE),
}


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 8


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_template_holds_nothing_that_runs(template: Path, what: str) -> None:
    assert not FORBIDDEN[what].search(template.read_text("utf-8")), f"{template.name} holds {what}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_every_form_that_changes_something_proves_where_it_came_from(template: Path) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", template.read_text("utf-8"), re.DOTALL):
        assert "csrf_field()" in form

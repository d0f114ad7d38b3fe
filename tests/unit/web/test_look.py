"""The style sheet: text can be read in both themes, and colours are named once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOOK = (Path(__file__).parents[3] / "viewer" / "web" / "static" / "look.css").read_text("utf-8")
AA = 4.5
TEXTS = ("text", "text-soft", "text-faint", "accent", "agree", "differ", "danger", "private")
GROUNDS = ("ground", "room", "raised")


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", block))


DARK = tokens(LOOK.partition("@media")[0])
LIGHT = DARK | tokens(LOOK.partition('[data-theme="paper"]')[2].partition("}")[0])


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_colour_is_readable_on_every_ground(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= AA


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_buttons_and_chosen_rows_are_readable(theme: dict[str, str]) -> None:
    assert contrast(theme["on-accent"], theme["accent"]) >= AA
    assert contrast(theme["text"], theme["accent-ground"]) >= AA


def test_the_room_is_dark_whatever_the_system_asks() -> None:
    assert ':root[data-theme="paper"]' in LOOK
    assert "data-theme" not in LOOK.partition("@media")[0]


def test_colours_are_named_only_in_the_tokens() -> None:
    rules = LOOK.partition("*, ::before, ::after")[2]
    assert rules
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", rules)

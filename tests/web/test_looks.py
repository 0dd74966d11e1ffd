"""What can be computed about looks: contrast in both modes, and marks that never stand without their word."""

import re
from pathlib import Path

import pytest

from upheld.checks.verdict import State
from upheld.web.templatetags import upheld as filters

SHEET = (Path(filters.__file__).parents[1] / "static" / "web" / "upheld.css").read_text(encoding="utf-8")
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", SHEET, re.S)[:2])
WORDS = [*(state.value.replace(" ", "-") for state in State), "ink", "quiet", "accent"]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("behind", ["paper", "ground"])
def test_words_can_be_read(mode, word, behind):
    assert contrast(mode[word], mode[behind]) >= 4.5


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
def test_the_notice_can_be_read(mode):
    assert contrast(mode["ink"], mode["notice"]) >= 7


@pytest.mark.parametrize("state", State)
def test_a_mark_never_stands_without_its_word(state):
    shown = filters.mark(state)
    assert state.mark in shown and shown.endswith(f" {state.value}</span>")


def test_a_query_is_escaped_and_its_comments_are_set_apart():
    shown = filters.sql("SELECT '<b>' -- why < how\n/* a & b */ FROM x")
    assert shown == (
        'SELECT &#x27;&lt;b&gt;&#x27; <span class="comment">-- why &lt; how</span>\n<span class="comment">/* a &amp; b */</span> FROM x'
    )


def test_the_sheet_brings_nothing_from_elsewhere():
    assert "url(" not in SHEET and "@import" not in SHEET
    assert len(SHEET.encode()) < 20_000

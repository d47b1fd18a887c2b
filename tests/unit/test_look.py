"""Themes, terminals without colours, and terminals without blocks and lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tui.ui import theme
from tui.ui.terminal.ascii import plain

TEXT = (theme.INPUT, theme.OUTPUT, theme.FAINT, theme.MUTED, theme.WARNING, theme.ERROR, theme.GOOD)


def luminance(colour: Color) -> float:
    """As WCAG 2.1 has it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def seen_apart(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colour(of: Theme, name: str) -> str:
    return of.variables[name.removeprefix("$")]


@pytest.mark.parametrize("own", [theme.DARK, theme.LIGHT])
def test_all_words_can_be_read_on_their_ground(own):
    for name in TEXT:
        for ground in (own.background, own.panel):
            contrast = seen_apart(Color.parse(colour(own, name)), Color.parse(ground))
            assert contrast >= 4.5 if name != theme.FAINT else contrast >= 4.0, (name, ground, contrast)


def test_a_strange_theme_has_a_style_for_everything():
    for strange in (each for each in BUILTIN_THEMES.values() if not each.ansi):
        styles = theme.rich_styles(theme.variables_of(strange))
        assert styles.keys() == theme.rich_styles(theme.DARK.variables).keys()
        assert all(styles[name].color for name in TEXT)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_in_ascii_text_is_as_wide_as_before(text):
    assert plain(text).isascii()
    assert len(plain(text)) == cell_len(text)

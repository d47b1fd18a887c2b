"""No colour has two meanings, and what stands side by side is told apart by every eye."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.color import Color

from tests.support.colours import EYES, contrast, distance
from tui.ui import theme

MEANINGS = (theme.INPUT, theme.OUTPUT, theme.FREE, theme.BILLED, theme.GOOD, theme.WARNING, theme.ERROR)
PAIRS = [
    (theme.INPUT, theme.OUTPUT),
    (theme.FREE, theme.BILLED),
    *combinations((theme.GOOD, theme.WARNING, theme.ERROR), 2),
]
"""What stands side by side and means the opposite, or worse."""


def colour(chosen, name: str) -> Color:
    return Color.parse(chosen.variables[name.removeprefix("$")])


@pytest.mark.parametrize("chosen", [theme.DARK, theme.LIGHT], ids=lambda each: each.name)
class TestOwnThemes:
    def test_what_is_written_can_be_read_on_both_grounds(self, chosen):
        for name in (*MEANINGS, theme.FAINT, theme.MUTED):
            for ground in (chosen.background, chosen.panel):
                assert contrast(colour(chosen, name), Color.parse(ground)) >= 4.5, name

    @pytest.mark.parametrize("eye", EYES)
    @pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
    def test_every_eye_tells_them_apart(self, chosen, eye, pair):
        assert distance(colour(chosen, pair[0]), colour(chosen, pair[1]), EYES[eye]) >= 20

    def test_no_colour_has_two_meanings(self, chosen):
        for one, other in combinations(MEANINGS, 2):
            assert distance(colour(chosen, one), colour(chosen, other)) >= 20, (one, other)

    def test_keys_have_no_colour(self, chosen):
        assert chosen.variables["footer-key-foreground"] == chosen.foreground


def test_in_the_terminals_own_colours_no_two_meanings_share_one():
    used = [theme.ANSI.variables[name.removeprefix("$")] for name in MEANINGS]
    assert len(set(used)) == len(used)


@pytest.mark.parametrize("name", theme.NAMES)
def test_in_every_theme_free_and_billed_are_not_input_and_output(name):
    from textual.theme import BUILTIN_THEMES

    chosen = theme.OWN.get(name) or BUILTIN_THEMES[name]
    known = {**chosen.variables, **theme.variables_of(chosen)}
    four = [known[each.removeprefix("$")] for each in (theme.INPUT, theme.OUTPUT, theme.FREE, theme.BILLED)]
    assert len(set(four)) == 4
    outlook = {known.get(each.removeprefix("$")) for each in (theme.GOOD, theme.WARNING, theme.ERROR)}
    assert known[theme.OUTPUT.removeprefix("$")] not in outlook

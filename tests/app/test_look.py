"""Themes, terminals without colours, and terminals without blocks and lines."""

from __future__ import annotations

import re

import pytest
from textual.theme import Theme

from tests.support.builders import DAY, FREE, TODAY, Memory, day, row, source
from tests.support.dashboard import dashboard
from tui.errors import KeyRefused
from tui.ui import theme
from tui.ui.app import Appearance


def colour(of: Theme, name: str) -> str:
    return of.variables[name.removeprefix("$")]


@pytest.mark.parametrize("name", theme.NAMES)
async def test_the_dashboard_is_drawn_in_each_theme(name):
    async with dashboard(source(), appearance=Appearance(theme=name)) as board:
        assert board.app.theme == name
        assert "gpt-6-sol" in board.text()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["light", "ansi", "gruvbox"])
async def test_what_is_on_the_screen_follows_the_theme_as_if_it_had_begun_in_it(name):
    async def picture(board) -> str:
        await board.settle()
        return re.sub(r"terminal-\d+-", "terminal-", board.app.export_screenshot())

    async with dashboard(source(), appearance=Appearance(theme=name)) as board:
        await board.press("j", "r")
        begun = await picture(board)
    async with dashboard(source()) as board:
        await board.press("j", "r")
        assert await picture(board) != begun
        board.app.theme = name
        assert await picture(board) == begun


async def test_a_theme_is_chosen_by_key_and_remembered_and_everything_is_drawn_in_it():
    remembered = []
    async with dashboard(source(), remember=lambda *what: remembered.append(what)) as board:
        before = board.app.export_screenshot()
        await board.press("T", "j", "enter")
        assert board.app.theme == "light"
        assert remembered == [("theme", "light")]
        after = board.app.export_screenshot()
        assert colour(theme.DARK, theme.INPUT) in before
        assert colour(theme.DARK, theme.INPUT) not in after
        assert colour(theme.LIGHT, theme.INPUT) in after


async def test_without_colours_pools_models_lines_and_changes_can_be_told_apart():
    sol, nano = "gpt-6-sol", "gpt-5-nano"
    found = {}
    for used in (0, 210_000, 240_000, 250_000):
        memory = Memory(day(0, row(sol, used, 0, 1, service_tier=FREE), row(nano, 5), row("other", 5)))
        async with dashboard(memory, appearance=Appearance(colours=False)) as board:
            bar = board.screen.query_one("#pools")._text.plain.splitlines()[0]
            found[used] = re.sub(r"[\d.,%k]+", "", bar)
            if used:
                glyphs = {cells[1].strip()[0] for cells in board.rows()[1:4]}
                assert glyphs == {"●", "○", "·"}
                memory.buckets[0] = day(0, row(sol, used + 1, 0, 1, service_tier=FREE), row(nano, 5), row("other", 5))
                assert "underline" not in board.app.export_screenshot()
                await board.press("r", "j")
                assert "underline" in board.app.export_screenshot()
    assert len(set(found.values())) == len(found), found


async def test_where_it_gets_too_small_what_is_typed_stays_where_it_was():
    async with dashboard(source()) as board:
        await board.press("slash", "m")
        for size in ((50, 10), (120, 40)):
            await board.pilot.resize_terminal(*size)
            await board.settle()
            await board.press("q")
            assert board.app.is_running
        assert board.screen.state.view.row_filter.words == "mqq"


async def test_where_it_gets_too_small_and_large_again_the_table_has_the_keys():
    async with dashboard(source()) as board:
        await board.pilot.resize_terminal(50, 10)
        await board.settle()
        assert "This terminal has 50 x 10." in board.text()
        await board.pilot.resize_terminal(120, 40)
        await board.settle()
        assert board.app.focused is board.table


class Refusing:
    async def costs(self, window, by=()):
        raise KeyRefused("The key was refused (401).", status=401)


async def test_a_refused_key_gets_the_screen_that_says_how_to_make_one_and_data_stay_where_there_are_any():
    memory = source()
    memory.error = KeyRefused("The key was refused (401).", status=401)
    async with dashboard(memory, cost_source=Refusing()) as board:
        board.screen._tick()
        await board.settle()
        await board.settle()
        assert "No costs" not in board.text(), "which would say the same, over it"
        assert "An admin key is needed" in board.text()
        assert "The key was refused (401)" in board.text()
        assert "admin-keys" in board.text()
    memory = source()
    async with dashboard(memory) as board:
        memory.error = KeyRefused("The key was refused (401).", status=401)
        await board.press("r")
        assert "An admin key is needed" not in board.text()
        assert "557,482" in board.text()


async def test_today_is_bright_closed_days_recede_and_one_without_free_tokens_is_marked_with_the_key_that_says_why():
    async with dashboard(source()) as board:
        days = {line.start: place for place, line in enumerate(board.table.lines) if line.is_bucket}
        today, yesterday, before = (board.table.get_row_at(days[TODAY - n * DAY]) for n in range(3))
        assert (str(today[0].style), str(yesterday[0].style)) == ("bold", theme.MUTED)
        assert "! nothing free" in yesterday[1].plain
        assert str(yesterday[5].style) == theme.WARNING
        assert "!" not in today[1].plain + before[1].plain
    async with dashboard(source(), size=(200, 40)) as board:
        assert "! nothing free: i why" in board.text()

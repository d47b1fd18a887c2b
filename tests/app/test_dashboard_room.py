"""The dashboard where there is little room or much of everything: sizes, names, years, no key."""

from __future__ import annotations

import pytest

from tests.support.builders import DAY, TODAY, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tui.domain.periods import Period
from tui.ui.actions import footer
from tui.ui.app import UsageApp
from tui.ui.widgets.charts import ChartsPane
from tui.ui.widgets.status_line import StatusLine
from tui.ui.widgets.usage_table import NEAR


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 30), (120, 40), (200, 60)])
async def test_every_size_shows_the_table_the_pools_and_the_state(size):
    async with demo_client() as client, dashboard(client, size=size, days=14) as board:
        text = board.text()
        parts = ("large", "small", "56%", "read 14:03:00 UTC", "11 models", "Total", "Free%", "Enter open", "2 Money")
        for words in parts:
            assert words in text, words
        assert len(text.splitlines()) == size[1]
        assert board.table.virtual_size.width <= board.table.size.width
        assert board.screen.query_one(ChartsPane).display == (size[0] >= 100)


async def test_resizing_fits_columns_and_pane_again():
    async with demo_client() as client, dashboard(client, size=(120, 40), days=14) as board:
        assert "1,357,155" in board.text()
        await board.pilot.resize_terminal(60, 15)
        await board.settle()
        assert "1.4M" in board.text()
        await board.press("p")
        assert "input 26" in board.text()
        await board.press("p")
        assert "▲" in board.text(), "then the models"
        await board.press("p")
        assert not board.screen.query_one(ChartsPane).display
        await board.pilot.resize_terminal(120, 40)
        await board.settle()
        assert "1,357,155" in board.text()


async def test_the_sums_on_the_frame_fit_again_where_only_the_room_has_changed():
    async with demo_client() as client, dashboard(client, size=(100, 30), days=14) as board:
        await board.press("j")
        narrow = board.table.border_subtitle
        board.table.styles.width = 98  # as beside why, where there is no pane
        await board.pilot.pause()
        assert len(board.table.border_subtitle) > len(narrow)
        board.table.styles.width = None
        await board.pilot.pause()
        assert board.table.border_subtitle == narrow


@pytest.mark.parametrize("view", ["1", "2", "3", "5"])
async def test_the_state_stays_one_line_in_less_room_whatever_is_looked_at(view):
    async with demo_client() as client, dashboard(client, size=(160, 50), days=14, live=60) as board:
        await board.press(view)
        assert board.screen.query_one(StatusLine).size.height == 1
        await board.pilot.resize_terminal(60, 15)
        await board.settle()
        line = board.screen.query_one(StatusLine)
        assert line.size.height == 1
        assert "read 14:03:00 UTC · resets in 9h57m" in board.text()
        await board.pilot.resize_terminal(160, 50)
        await board.settle()
        assert "data through" in board.text()


async def test_names_with_markup_and_control_characters_are_shown_inert():
    hostile = "evil\x1b[31m[bold]\u202e[/]\n[link=x]" + "y" * 10_000
    async with dashboard(Memory(day(0, row(hostile, 100)))) as board:
        await board.press("j")
        text = board.text()
        assert "\x1b" not in text
        assert "evil�[31m" in text
        assert all(len(line) == 120 for line in text.splitlines())


@pytest.mark.slow
async def test_a_year_of_days_is_walked():
    async with demo_client() as client, dashboard(client, days=365, period=Period.DAY) as board:
        assert len(board.table.lines) == 366 + 11
        await board.press("G")
        assert board.table.line.start == TODAY - 365 * DAY


async def test_without_a_key_a_screen_says_how_to_make_one():
    app = UsageApp(None, "There is no admin key.", "/home/me/config.toml")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        for words in ("There is no admin key.", "admin-keys", "api.usage.read", "/home/me/config.toml"):
            assert words in text
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_less_room_than_the_least_asks_for_more_and_more_shows_the_table_again():
    async with dashboard(source(), size=(59, 15)) as board:
        assert "needs 60 columns and 15 rows" in board.text()
        assert "This terminal has 59 x 15" in board.text()
        assert "gpt-6-sol" not in board.text()
        await board.pilot.resize_terminal(60, 15)
        await board.settle()
        assert "needs 60 columns" not in board.text()
        assert "gpt-6-sol" in board.text()


@pytest.mark.parametrize("width", [60, 80, 100, 120])
async def test_the_footer_shows_whole_keys_only(width):
    async with dashboard(source(), size=(width, 30)) as board:
        shown = board.text().splitlines()[-1].strip().split("  ")
        known = {f"{board.screen.actions[name].key} {label}" for name, label in footer.entries(board.screen)}
        assert len(known) == 8
        assert set(shown) <= known
        assert len(shown) >= 5


async def test_replayed_data_stand_still():
    async with dashboard(source(), place="replay of pages.json", is_static=True) as board:
        assert "replay of pages.json" in board.text()
        assert "resets in" not in board.text()


@pytest.mark.slow
async def test_a_year_is_opened_as_far_as_one_would_look_and_closed_whole_and_only_near_lines_are_rows():
    async with demo_client() as client, dashboard(client, days=365, period=Period.DAY) as board:
        await board.press("G", "space", "a")
        assert 366 + 1_000 < len(board.table.lines) <= 366 + 1_500 + 12
        assert board.table.row_count == 2 * NEAR
        await board.press("g")
        assert board.table.place == 0
        await board.press("G", "k", "pageup", "pagedown")
        assert board.table.line in board.table.lines[-60:]
        await board.press("a")
        assert len(board.table.lines) == 366

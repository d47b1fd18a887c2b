"""The dashboard, driven with keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.widgets import DataTable

from tests.support.builders import DAY, FREE, NOW, TODAY, Memory, day, row, source
from tests.support.dashboard import dashboard
from tui.errors import ServerFailed
from tui.ui import actions
from tui.ui.dashboard import DashboardScreen
from tui.ui.dialogs.help import HelpDialog


async def test_the_frame_stands_before_the_data_and_says_that_it_loads():
    memory = source()
    memory.open.clear()
    async with dashboard(memory, settle=False) as board:
        await board.pilot.pause()
        assert "loading 0 of 7 days" in board.text()
        assert "not read" in board.text()
        assert [cells[1] for cells in board.rows()] == ["  not read"] * 7
        memory.open.set()
        await board.settle()
        assert "read 14:03:00 UTC" in board.text()


async def test_days_are_newest_first_and_todays_models_are_open_largest_first():
    async with dashboard(source()) as board:
        assert board.rows()[:5] == [
            ["Fri 20 Nov", "▾ 2 models", "414,759", "142,723", "557,482", "99%", "17"],
            ["", "● gpt-6-sol", "413,759", "142,723", "556,482", "100%", "14"],
            ["", "· ft:gpt:acme:[prod]:x", "1,000", "0", "1,000", "0%", "3"],
            ["Thu 19 Nov", "▸ 3 models ! nothing free", "29,500", "1,021", "30,521", "0%", "4"],
            ["Wed 18 Nov", "  no usage", "", "", "", "", ""],
        ]


async def test_the_title_says_whose_usage_and_which_window_and_the_time():
    async with dashboard(source(), days=14, place="gateway.example:444") as board:
        title = board.text().splitlines()[0]
        for words in ("oai-usage-tui", "gateway.example:444", "org-test", "1 Usage  2 Money  3 Why"):
            assert words in title
        assert title.rstrip().endswith("UTC Fri 20 Nov 14:03")


async def test_the_status_bar_shows_both_pools_today_and_the_countdown():
    async with dashboard(source()) as board:
        large, small, state = board.text().splitlines()[-4:-1]
        for words in ("● large", "55%", "556,482 / 1,000,000 ", "444k left"):
            assert words in large
        for words in ("○ small", "0%", "0 / 10,000,000 ", "10M left"):
            assert words in small
        assert "assumed" not in state, "a day with more than the lower limit free proves the higher one"
        assert "resets in 9h57m" in state


async def test_an_assumed_limit_says_so():
    async with dashboard(Memory(day(0, row("gpt-6-sol", 125_000, 0, service_tier=FREE)))) as board:
        assert "125,000 / 250,000?" in board.text()
        assert "? limit assumed" in board.text()


async def test_on_a_day_without_free_tokens_the_pools_show_what_was_billed():
    memory = Memory(day(0, row("gpt-6-sol", 125_000, 0)))
    async with dashboard(memory) as board:
        large = board.text().splitlines()[-4]
        assert "  0%  nothing free  0 / 250,000?" in large
        assert "125k billed" in large
        assert "not enrolled, or not shared" in large
    async with dashboard(memory, size=(60, 15)) as board:
        assert "large 0% free, 125k billed" in board.text()


async def test_a_free_model_that_no_list_knows_is_named():
    async with dashboard(Memory(day(0, row("gpt-9", 125_000, 0, service_tier=FREE)))) as board:
        assert "marked as free and in no list: gpt-9" in " ".join(board.text().split())


async def test_space_opens_and_closes_a_day_and_the_cursor_stays_on_its_line():
    async with dashboard(source()) as board:
        await board.press("j", "space")
        assert board.table.line.key == (TODAY, ()), "a folded model's cursor goes to its day"
        assert board.rows()[1][0] == "Thu 19 Nov"
        await board.press("j", "space")
        assert [cells[1] for cells in board.rows()][:5] == [
            "▸ 2 models",
            "▾ 3 models ! nothing free",
            "● o3",
            "● gpt-6-sol",
            "○ gpt-5-nano",
        ]
        assert board.table.line.key == (TODAY - DAY, ())


async def test_a_opens_and_closes_all_days():
    async with dashboard(source()) as board:
        await board.press("a")
        assert board.table.row_count == 7 + 2 + 3 + 1
        await board.press("a")
        assert board.table.row_count == 7


async def test_days_are_jumped_between_and_lines_walked():
    async with dashboard(source()) as board:
        seen = []
        for key in ("]", "]", "[", "[", "[", "j", "down", "k", "G", "g", "end", "home", "pagedown", "pageup"):
            await board.press(key)
            seen.append(board.table.cursor_row)
        assert seen == [3, 4, 3, 0, 0, 1, 2, 1, 8, 0, 8, 0, 8, 0]


async def test_the_pane_follows_the_line():
    async with dashboard(source()) as board:
        assert "all models ─" in board.text()
        assert "input 444,266" in board.text()
        await board.press("j")
        assert "─ gpt-6-sol ─" in board.text()
        assert "input 422,759" in board.text()
        assert "output 143,723" in board.text()
        await board.press("j")
        assert "─ ft:gpt:acme:[prod]:x ─" in board.text()


async def test_the_pane_plots_every_model_of_the_window_with_input_and_output():
    async with dashboard(source(), size=(120, 60)) as board:
        lines = [line[80:] for line in board.text().splitlines()]
        shown = [place for place, line in enumerate(lines) if any(name in line for name in (" gpt-6-sol  ", " o3  "))]
        assert len(shown) == 2
        for place in shown:
            assert lines[place + 1].split()[1] == "in"
            assert lines[place + 2].split()[1] == "out"
        (sol,) = [place for place in shown if "gpt-6-sol" in lines[place]]
        assert "···" not in lines[sol + 1], "days that were read are no gaps"
        assert "▁█" in lines[sol + 1]


async def test_a_refresh_asks_again_and_shows_what_is_new():
    memory = source()
    async with dashboard(memory) as board:
        await board.press("j")
        memory.buckets[0] = day(0, row("gpt-6-sol", 500_000, 142_723, 15, service_tier=FREE))
        asked = len(memory.queries)
        await board.press("r")
        assert len(memory.queries) == asked + 3, "the view, today and the last hour; the month before is known"
        assert board.rows()[1] == ["", "● gpt-6-sol", "500,000", "142,723", "642,723", "100%", "15"]
        assert board.table.line.names == ("gpt-6-sol",)


async def test_a_refresh_draws_only_the_cells_that_differ(monkeypatch):
    memory = source()
    async with dashboard(memory) as board:
        drawn, whole = [], []
        monkeypatch.setattr(board.table, "refresh_coordinate", lambda at: drawn.append(tuple(at)))
        monkeypatch.setattr(DataTable, "clear", lambda *_, **__: whole.append("cleared"))
        await board.press("r")
        assert drawn == []
        first = memory.buckets[0].rows[0]
        memory.buckets[0] = day(0, row("gpt-6-sol", first.input_tokens + 1, 142_723, 14), memory.buckets[0].rows[1])
        await board.press("r")
        assert drawn == [(0, 1), (0, 2), (0, 4), (0, 5), (1, 2), (1, 4), (1, 5)]
        assert whole == []


async def test_the_cursor_stays_on_its_line_when_lines_move():
    memory = source()
    async with dashboard(memory) as board:
        await board.press("]", "space", "j", "j", "j")
        assert board.table.line.names == ("gpt-5-nano",)
        memory.buckets[1] = day(1, row("gpt-5-nano", 90_000), row("o3", 1), row("gpt-6-sol", 2))
        await board.press("r")
        assert board.table.line.key == (TODAY - DAY, ("gpt-5-nano",))
        assert board.table.cursor_row == 4


async def test_a_failed_refresh_leaves_the_data_and_says_what_happened():
    memory = source()
    async with dashboard(memory) as board:
        before = board.rows()
        memory.error = ServerFailed("api.openai.com is in trouble (503). Refresh in a while.")
        await board.press("r")
        assert board.rows() == before
        assert "failed 14:03:00 UTC" in board.text()
        assert "in trouble (503)" in board.text()
        assert "stale since 14:03:00 UTC" in " ".join(board.text().split())
        assert "backing off until 14:05:00" in board.text()
        assert "55%" in board.text()
        memory.error = None
        await board.press("r")
        assert "failed" not in board.text()


async def test_a_first_load_that_fails_shows_every_day_unread():
    memory = source()
    memory.error = ServerFailed("The API is in trouble (500).")
    async with dashboard(memory) as board:
        assert "The API is in trouble (500)." in board.text()
        assert "7 days not read" in board.text()


async def test_a_fault_of_the_program_itself_is_shown_and_survived():
    memory = source()
    async with dashboard(memory) as board:
        memory.error = ZeroDivisionError("oops")
        await board.press("r")
        assert "worth reporting: ZeroDivisionError: oops" in board.text()
        assert board.table.row_count == 9


async def test_a_warning_is_shown():
    memory = source()
    memory.warning = "The API handed out a page and then refused it."
    async with dashboard(memory) as board:
        assert "handed out a page" in board.text()


async def test_escape_stops_a_load_and_what_came_stays():
    memory, now = source(), [NOW]
    async with dashboard(memory, clock=lambda: now[0]) as board:
        memory.open.clear()
        await board.pilot.press("r")
        await board.pilot.pause()
        assert "◌ live" in board.text()
        now[0] += timedelta(seconds=2)
        board.screen._tick()
        await board.pilot.pause()
        assert "reading again, Esc stops" in board.text(), "where it takes longer"
        await board.press("escape")
        assert "loading" not in board.text()
        assert board.rows()[0][4] == "557,482"


async def test_a_second_refresh_begins_anew():
    memory = source()
    async with dashboard(memory) as board:
        memory.open.clear()
        await board.pilot.press("r", "r", "r")
        await board.pilot.pause()
        assert "◌ live" in board.text(), "the refresh that was replaced does not end the new one"
        memory.open.set()
        await board.settle()
        assert "read 14:03:00" in board.text()


async def test_a_new_utc_day_is_read_without_a_key():
    moment = NOW
    memory = source()
    async with dashboard(memory, clock=lambda: moment) as board:
        moment = TODAY + DAY + timedelta(seconds=1)
        memory.buckets.append(day(-1, row("o3", 5, 5)))
        board.screen._tick()
        await board.settle()
        assert board.rows()[0][:2] == ["Sat 21 Nov", "▾ 1 model"]
        assert "Sat 21 Nov 00:00" in board.text()
        assert "0 / 1,000,000 " in board.text(), "yesterday still proves the higher limit"


async def test_help_lists_every_command_and_closes():
    async with dashboard(source(), size=(120, 72)) as board:
        await board.press("?")
        assert isinstance(board.app.screen, HelpDialog)
        for action in actions.ACTIONS:
            assert action.help in board.text()
        await board.press("escape")
        assert isinstance(board.app.screen, DashboardScreen)


async def test_the_palette_has_every_command():
    async with dashboard(source()) as board:
        found = {command.title for command in board.app.get_system_commands(board.screen)}
        known = (action for action in actions.ACTIONS if action.name != "palette")
        assert found == {f"{action.help}  {', '.join(action.all_keys)}" for action in known}


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_it_quits(key):
    async with dashboard(source()) as board:
        await board.pilot.press(key)
        await board.pilot.pause()
    assert board.app.return_code == 0

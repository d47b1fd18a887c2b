"""Windows by name in the dashboard: on the frame, in the list, and beside pools that stay today's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.test_mouse import click
from tests.support.builders import DAY, FREE, NOW, TODAY, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tests.support.live import Time
from tui.domain.windows import CalendarWindow, Dates, LastDays
from tui.ui.dialogs.select import SelectDialog

WIDE = (140, 40)


def thirty_days() -> Memory:
    return Memory(*(day(ago, row(tokens=1_000 + ago, service_tier=FREE)) for ago in range(400)))


def frame(board) -> str:
    return next(line for line in board.text().splitlines() if "─ Usage" in line)


def shown(board) -> list[str]:
    return [cells[0] for cells in board.rows() if cells[0]]


async def test_a_named_window_stands_behind_the_six_and_w_goes_back_to_them():
    async with dashboard(thirty_days(), size=WIDE, days=14, window_wanted=CalendarWindow.LAST_WEEK) as board:
        assert "w today 7d 15d 30d 90d 1y [last-week] D more" in frame(board)
        assert shown(board) == [f"{TODAY - ago * DAY:%a %d %b}" for ago in range(5, 12)]
        await board.press("w")
        assert "w today 7d [15d] 30d 90d 1y D more" in frame(board)
        assert len(shown(board)) == 15
        await board.press("w")
        assert board.screen.state.window_wanted == LastDays(29)


@pytest.mark.parametrize("size", [(160, 50), (120, 40), (80, 24)])
async def test_the_window_that_holds_is_told_at_every_size(size):
    async with dashboard(thirty_days(), size=size, days=14, window_wanted=CalendarWindow.LAST_MONTH) as board:
        assert "[last-month]" in frame(board)


async def test_pools_and_verdict_are_todays_beside_a_window_that_is_over():
    async with (
        demo_client() as client,
        dashboard(client, window_wanted=CalendarWindow.LAST_MONTH, size=WIDE) as board,
    ):
        before = board.text().splitlines()
        assert "Sat 31 Oct" in board.text()
        assert "Fri 20 Nov" not in "\n".join(shown(board))
        await board.press("w")
        after = board.text().splitlines()
        assert after[1].strip().startswith("Today ")
        assert before[1].partition(" · nothing")[0].rstrip() == after[1].partition(" · nothing")[0].rstrip()
        assert [line for line in before if "large ━" in line] == [line for line in after if "large ━" in line] != []


async def test_in_a_window_that_is_over_no_day_stands_out_as_one_that_still_grows():
    async with dashboard(thirty_days(), size=WIDE, window_wanted=CalendarWindow.LAST_WEEK) as board:
        date = board.table.get_row_at(0)[0]
        assert "bold" not in str(date.style)
        await board.press("w")
        assert "bold" in str(board.table.get_row_at(0)[0].style)


async def test_dates_of_another_year_tell_it():
    since = TODAY - 390 * DAY
    async with dashboard(thirty_days(), size=WIDE, window_wanted=Dates(since, since + 6 * DAY)) as board:
        assert f"[{since:%Y-%m-%d} to {since + 6 * DAY:%Y-%m-%d}]" in frame(board)
        assert shown(board)[-1] == f"{since:%d %b '%y}"


async def test_the_list_has_all_windows_and_what_is_chosen_there_is_shown_and_remembered():
    told = []
    async with dashboard(thirty_days(), size=WIDE, remember=lambda *choice: told.append(choice)) as board:
        await board.press("D")
        text = board.text()
        for words in ("today", "7d", "14d", "30d", "90d", "1y", "this-week   16 Nov to today",
                      "last-week   09 Nov to 15 Nov", "this-month  01 Nov to today",
                      "last-month  01 Oct to 31 Oct"):  # fmt: skip
            assert words in text
        await board.press("G", "enter")
        assert "[last-month]" in frame(board)
        assert len(shown(board)) == 31
        assert board.table.place == 0
        assert told == [("window", "last-month")]
        await board.press("D", "g", "enter")
        assert "[today]" in frame(board)
        assert told[1:] == [("days", 0), ("window", None)]


async def test_dates_of_the_start_are_in_the_list_so_that_there_is_a_way_back():
    dates = Dates(TODAY - 9 * DAY, TODAY - 8 * DAY)
    async with dashboard(thirty_days(), size=WIDE, window_wanted=dates) as board:
        assert len(shown(board)) == 2
        await board.press("w")
        assert len(shown(board)) == 7
        await board.press("D", "G", "enter")
        assert board.screen.state.window_wanted == dates
        assert len(shown(board)) == 2


async def test_a_click_on_more_or_on_the_named_window_opens_the_list_and_on_another_shows_it():
    async with dashboard(thirty_days(), size=WIDE, window_wanted=CalendarWindow.LAST_WEEK) as board:
        for words, right in (("D more", 3), ("[last-week]", 2)):
            await click(board, words, right=right)
            assert isinstance(board.app.screen, SelectDialog)
            await board.press("escape")
        await click(board, " 30d ", right=1)
        assert board.screen.state.window_wanted == LastDays(29)
        assert "last-week" not in frame(board)


async def test_inside_a_day_there_is_no_other_window():
    async with dashboard(source()) as board:
        await board.press("enter", "D")
        assert not isinstance(board.app.screen, SelectDialog)
        assert "Esc goes back" in board.text()


async def test_of_a_replay_only_windows_that_it_holds_are_listed():
    async with dashboard(source(), size=WIDE, days=3, is_static=True, most_days=3) as board:
        await board.press("D")
        text = board.text()
        assert "this-week" in text
        assert "this-month" in text
        assert "last-week" not in text
        assert "last-month" not in text


async def test_what_is_copied_and_saved_is_of_the_window():
    saved = []
    options = {"save": lambda ending, content: saved.append(content) or "here.csv"}
    async with dashboard(thirty_days(), window_wanted=CalendarWindow.LAST_WEEK, **options) as board:
        await board.press("e")
        dates = {line.split(",")[0] for line in saved[0].splitlines()[1:]}
        assert dates == {f"{TODAY - ago * DAY:%Y-%m-%d}" for ago in range(5, 12)}


async def test_at_midnight_before_monday_this_week_is_one_day_and_last_week_the_one_that_was():
    sunday = NOW.replace(day=22, hour=23, minute=59)
    last = [f"{sunday - ago * DAY:%a %d %b}" for ago in range(7)]
    for spec, days in ((CalendarWindow.THIS_WEEK, ["Mon 23 Nov"]), (CalendarWindow.LAST_WEEK, last)):
        time = Time(sunday)
        async with dashboard(thirty_days(), clock=time, size=WIDE, window_wanted=spec) as board:
            await time.goes(board, minutes=2)
            assert shown(board) == days
            assert board.screen.state.snapshot.pool_inputs.today.start == sunday.replace(minute=0, hour=0) + DAY
            await time.goes(board, minutes=2)
            assert "read 00:03" in board.text()
            assert board.screen.state.days.fetched_at == sunday + timedelta(minutes=4)

"""Down to the minute and back, other windows, long loads."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.builders import DAY, TODAY, Memory, demo_client, row, source
from tests.support.dashboard import dashboard
from tests.support.live import Time
from tui.domain.periods import Period
from tui.domain.rows import Sums
from tui.domain.time import Width
from tui.domain.usage import Bucket
from tui.errors import ServerFailed
from tui.sources.base import Page


async def test_enter_goes_into_hours_and_minutes_and_escape_back_to_the_same_line():
    async with demo_client() as client, dashboard(client) as board:
        await board.press("]", "]", "enter")
        assert "hours of Wed 18 Nov" in board.text().splitlines()[2]
        assert "tokens per UTC hour" in board.text()
        hours = [line for line in board.table.lines if line.is_bucket]
        assert [line.start.hour for line in hours] == list(range(23, -1, -1))
        await board.press("]", "]", "]")
        hour = board.table.line
        await board.press("enter")
        assert f"minutes of Wed 18 Nov {hour.start:%H:%M}" in board.text().splitlines()[2]
        minutes = [line for line in board.table.lines if line.is_bucket]
        assert len(minutes) == 60
        assert sum((line.sums for line in minutes), start=Sums()) == hour.sums
        await board.press("enter")
        assert "There is nothing finer than a minute." in board.text()
        await board.press("escape", "escape")
        assert board.table.line.key == hour.key
        await board.press("escape")
        assert board.table.line.key == (TODAY - 2 * DAY, ())
        assert "[7d]" in board.text()
        assert sum((line.sums for line in hours), start=Sums()) == board.table.line.sums


async def test_todays_hours_end_now_and_its_pools_are_those_of_the_day():
    async with demo_client() as client, dashboard(client) as board:
        pools = board.text().splitlines()[-4:-2]
        await board.press("enter")
        hours = [line.start.hour for line in board.table.lines if line.is_bucket]
        assert hours == list(range(14, -1, -1))
        assert board.text().splitlines()[-4:-2] == pools


async def test_models_fold_and_the_pane_follows_inside_as_well():
    async with demo_client() as client, dashboard(client) as board:
        await board.press("]", "enter", "a")
        assert board.table.row_count > 24 * 5
        await board.press("j")
        (model,) = board.table.line.names
        assert f"─ {model} ─" in board.text()
        await board.press("i")
        assert "Why ─ Thu 19 Nov" in board.text()


@pytest.mark.parametrize(
    ("width", "words"), [(Width.HOUR, "hours of Fri 20 Nov"), (Width.MINUTE, "the last 60 minutes")]
)
async def test_it_can_begin_inside(width, words):
    async with demo_client() as client, dashboard(client, width=width) as board:
        assert words in board.text().splitlines()[2]
        for _ in range(2):
            await board.press("escape")
        assert "[7d]" in board.text()
        assert board.table.line.key == (TODAY, ())


async def test_hours_that_cannot_be_read_cost_nothing_else():
    memory = source()
    async with dashboard(memory) as board:
        memory.error = ServerFailed("in trouble (503)")
        await board.press("enter")
        assert "in trouble (503)" in board.text()
        assert "not read" in board.text()
        memory.error = None
        await board.press("escape")
        assert "in trouble" not in board.text()
        assert board.table.line.key == (TODAY, ())


async def test_what_is_left_while_it_is_read_changes_nothing_more():
    memory = source()
    async with dashboard(memory) as board:
        memory.open.clear()
        await board.pilot.press("enter")
        await board.pilot.pause()
        assert "loading 0 of 15 hours, Esc stops" in board.text()
        await board.pilot.press("escape")
        await board.pilot.pause()
        assert "hours of" in board.text(), "the first one stops the load"
        memory.open.set()
        await board.press("escape")
        assert "[7d]" in board.text()


async def test_a_new_hour_comes_by_itself():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        await board.press("enter")
        assert board.rows()[0][0] == "14:00"
        await time.goes(board, minutes=60)
        assert board.rows()[0][0] == "15:00"


@pytest.mark.slow
async def test_w_goes_through_the_windows():
    async with demo_client() as client, dashboard(client, days=6) as board:
        seen = []
        for _ in range(6):
            await board.press("w")
            seen.append(board.screen.state.days.report.window.days_before_last)
        assert seen == [14, 29, 89, 364, 0, 6]
        await board.pilot.press("w", "w")
        await board.settle()
        assert board.screen.state.days.report.window.days_before_last == 29, "each press counts, however fast"
        assert board.screen.state.seen.report.unread() == ()
        await board.press("enter", "w")
        assert "hours of" in board.text(), "the window is that of the days"


class Slow(Memory):
    """A source that gives the newest piece at once, and the others when the test says so."""

    async def pages(self, query):
        self.queries.append(query)
        if query.window.end < TODAY - 2 * DAY:
            await self.open.wait()
        yield Page(tuple(Bucket(start, (row(),)) for start in query.window.starts()))


@pytest.mark.slow
async def test_a_long_load_shows_how_far_it_is_and_can_be_stopped_and_gone_on_with():
    slow, time = Slow(), Time()
    slow.open.clear()
    async with dashboard(slow, clock=time, days=364, period=Period.DAY, settle=False) as board:
        while "of 365 days, Esc stops" not in board.text() or "◌ loading ▕█" not in board.text():
            await asyncio.sleep(0.01)
        done = len(board.screen.state.seen.report.buckets)
        assert 3 <= done < 365
        await board.pilot.press("escape")
        await board.settle()
        assert f"{365 - done} days not read" in board.text()
        assert f"{done} days:" in board.text(), "what came stays"
        await time.goes(board, seconds=60)
        assert f"{365 - done} days not read" in board.text(), "what was stopped stays so"
        slow.open.set()
        await board.press("r")
        assert board.screen.state.seen.report.unread() == ()

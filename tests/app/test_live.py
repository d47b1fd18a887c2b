"""The dashboard while time goes on: beats, errors, midnight, a wrong clock, the archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.archives import archive
from tests.support.builders import FREE, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.live import Time, served
from tui.domain.time import Width
from tui.errors import KeyRefused, RateLimited, ServerFailed
from tui.sources.archive.buckets import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Page, Query
from tui.ui import theme


async def test_a_beat_asks_for_three_days_and_the_last_minutes_in_two_requests(tmp_path):
    with Served() as api:
        async with served(api, tmp_path) as (board, time):
            api.take()
            api.now += timedelta(minutes=10)
            await time.goes(board, minutes=10)
            widths = sorted((one.one("bucket_width"), api.days_asked(one)) for one in api.take())
            assert [width for width, _ in widths] == ["1d", "1m"]
            assert widths[0] == ("1d", 3)
            await time.goes(board, seconds=30)
            assert api.take() == [], "it is not time yet"


@pytest.mark.slow
async def test_a_beat_inside_a_day_asks_for_its_hours_as_well(tmp_path):
    with Served() as api:
        async with served(api, tmp_path) as (board, time):
            await board.press("enter")
            api.take()
            await time.goes(board, seconds=60)
            assert sorted(one.one("bucket_width") for one in api.take()) == ["1d", "1h", "1m"]
            await board.press("escape", "G", "enter")
            api.take()
            await time.goes(board, seconds=60)
            assert sorted(one.one("bucket_width") for one in api.take()) == ["1d", "1m"], "old hours do not change"


async def test_a_pool_that_may_be_stuck_costs_no_third_request(tmp_path):
    memory = Memory(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE), row("gpt-6-sol", 9_000, 0)))
    time = Time()
    async with dashboard(memory, clock=time) as board:
        for wanted in (("1d", "1h"), ("1d", "1m"), ("1d", "1h")):
            memory.queries.clear()
            await time.goes(board, seconds=60)
            assert tuple(sorted(query.window.width.value for query in memory.queries)) == wanted


async def test_a_beat_skips_while_a_refresh_is_under_way():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        memory.open.clear()
        await board.pilot.press("r")
        await board.pilot.pause()
        asked = len(memory.queries)
        time.now += timedelta(minutes=5)
        board.screen._tick()
        await board.pilot.pause()
        assert len(memory.queries) == asked
        memory.open.set()


async def test_changed_numbers_are_marked_until_the_next_beat():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:

        def marked() -> set[str]:
            cells = [board.table.get_row_at(place) for place in range(board.table.row_count)]
            return {
                cell.plain for row in cells for cell in row if any(theme.CHANGED in str(s.style) for s in cell.spans)
            }

        assert marked() == set()
        memory.buckets[0] = day(0, *memory.buckets[0].rows, row("o3", 5, 0, 1))
        await time.goes(board, seconds=60)
        assert {"414,764", "557,487", "18", "5", "1"} <= marked()
        assert "142,723" not in marked()
        await time.goes(board, seconds=60)
        assert marked() == set()


async def test_the_state_line_says_live_paused_and_how_often():
    time = Time()
    async with dashboard(source(), clock=time) as board:
        assert "● live, every 60 s" in board.text()
        await board.press("plus")
        assert "● live, every 120 s" in board.text()
        await board.press("minus", "minus", "minus", "minus")
        assert "● live, every 15 s" in board.text()
        await board.press("l")
        assert "‖ paused" in board.text()
        await time.goes(board, minutes=30)
        assert "read 14:03:00 UTC" in board.text()
        await board.press("l")
        await time.goes(board, seconds=1)
        assert "read 14:33:0" in board.text(), "at once, or with the second that passed"


async def test_without_live_nothing_happens_by_itself():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time, live=None) as board:
        asked = len(memory.queries)
        await time.goes(board, hours=2)
        assert len(memory.queries) == asked
        assert "‖ paused" in board.text()


async def test_errors_back_off_and_pass_by_themselves():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        before = board.rows()
        memory.error = ServerFailed("api.openai.com is in trouble (503).")
        await time.goes(board, seconds=60)
        words = " ".join(board.text().split())
        assert "backing off until 14:06:00" in words
        assert "stale since 14:03:00 UTC" in words
        assert board.rows() == before
        memory.queries.clear()
        await time.goes(board, seconds=60)
        assert memory.queries == []
        memory.error = RateLimited("too many", retry_after=900)
        await time.goes(board, seconds=60)
        assert "backing off until 14:21:00" in " ".join(board.text().split())
        memory.error = None
        await time.goes(board, minutes=15)
        assert "● live, every 60 s · read 14:21:00 UTC" in board.text()


async def test_a_first_load_that_failed_is_made_good_as_a_whole():
    memory, time = source(), Time()
    memory.error = KeyRefused("no")
    async with dashboard(memory, clock=time) as board:
        assert "An admin key is needed" in board.text()
        memory.error = None
        await time.goes(board, minutes=2)
        assert board.screen.state.seen.report.unread() == ()
        assert "An admin key is needed" not in board.text()


async def test_without_focus_it_pauses_when_that_was_asked_for():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time, pause_unfocused=True) as board:
        board.app.app_focus = False
        await board.settle()
        assert "‖ paused without focus" in board.text()
        asked = len(memory.queries)
        await time.goes(board, minutes=5)
        assert len(memory.queries) == asked
        board.app.app_focus = True
        await board.settle()
        await time.goes(board, seconds=1)
        assert len(memory.queries) > asked


async def test_r_and_escape_at_once_leave_nothing_waiting():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        memory.open.clear()
        await board.pilot.press("r")
        await board.pilot.pause()
        board.screen.action_run("refresh")
        board.screen.action_run("back")
        await board.pilot.pause()
        assert "loading" not in board.text()
        memory.open.set()
        await time.goes(board, seconds=60)
        assert "read 14:04:00 UTC" in board.text()


@pytest.mark.parametrize("keys", [["escape"], ["r"], ["w"], ["escape", "r"], ["w", "escape"], ["r", "r"], ["f"]])
async def test_a_first_start_whose_answer_is_slow_survives_every_key_meanwhile(tmp_path, keys):
    memory, time = source(), Time()
    memory.open.clear()
    through = ReadThrough(memory, archive(tmp_path), Identity("u", "sk-admin-x"), time)
    async with dashboard(through, clock=time, memory=through, days=14, settle=False) as board:
        while not memory.queries:
            await board.pilot.pause(0.01)
        await board.pilot.pause(0.05)
        await board.press_only(*keys)
        await board.pilot.pause(0.05)
        memory.open.set()
        await board.settle()
        if keys[-1] == "escape":  # as the user wants it: nothing more is read until somebody asks
            assert "nothing read yet, r reads" in board.text()
            await board.press("r")
        await board.settle()
        assert board.screen.state.days.report.unread() == ()
        assert board.screen.state.days.fresh
        assert "not read" not in board.text()


async def test_hours_that_fail_are_left_alone_for_as_long_as_the_api_asks():
    class Stubborn(Memory):
        async def pages(self, query):
            if query.window.width is Width.HOUR:
                self.queries.append(query)
                raise RateLimited("too many", retry_after=900)
            async for each in super().pages(query):
                yield each

    memory, time = Stubborn(day(0, row())), Time()
    async with dashboard(memory, clock=time) as board:
        await board.press("enter")
        memory.queries.clear()
        for _ in range(14):
            await time.goes(board, minutes=1)
        assert memory.queries == []
        await time.goes(board, minutes=1)
        assert memory.queries != []


def days_asked(memory: Memory) -> int:
    """How often the days and pools were asked for."""
    return sum(query.window.width is Width.DAY for query in memory.queries)


@pytest.mark.slow
@pytest.mark.parametrize(
    "way", [("enter", "escape"), ("enter", "enter", "escape", "escape"), ("i", "escape"), ("b", "escape")]
)
async def test_what_is_looked_at_meanwhile_does_not_put_off_the_beat_of_the_days(way):
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        for _ in range(3):
            memory.queries.clear()
            for _ in range(5):
                await board.press(*way)
                await time.goes(board, seconds=13)
            assert days_asked(memory) >= 1
            assert board.screen.state.days.fetched_at >= time.now - timedelta(seconds=60)


@pytest.mark.parametrize(
    "keys", [("enter",), ("enter", "enter"), ("i",), ("question_mark",), ("dollar_sign",), ("slash",)]
)
async def test_the_days_and_pools_are_read_whatever_is_looked_at(keys):
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        main = board.screen
        await board.press(*keys)
        for _ in range(3):
            memory.queries.clear()
            time.now += timedelta(seconds=60)
            main._tick()
            await board.settle()
            assert days_asked(memory) >= 1
            assert main.state.days.fetched_at == time.now


class HoursThatFail(Memory):
    """A source that has days and minutes, and whose hours fail."""

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        if query.window.width is Width.HOUR:
            self.queries.append(query)
            raise ServerFailed("no hours")
        async for each in super().pages(query):
            yield each


async def test_hours_that_fail_are_waited_out_alone_and_the_days_go_on():
    memory, time = HoursThatFail(day(0, row())), Time()
    async with dashboard(memory, clock=time) as board:
        await board.press("enter")
        assert "no hours" in board.text()
        hours = []
        for minute in range(1, 16):
            memory.queries.clear()
            await time.goes(board, minutes=1)
            assert days_asked(memory) >= 1, minute
            hours += [minute] * any(query.window.width is Width.HOUR for query in memory.queries)
        assert hours == [2, 6, 14], "each time they are left alone for longer"
        assert "backing off until" in board.text()
        await board.press("escape")
        assert "no hours" not in board.text()
        assert "● live, every 60 s" in board.text()


async def test_hours_that_are_slow_do_not_hold_up_the_days():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        slow = memory.open
        slow.clear()
        await board.press_only("enter")
        while board.screen.state.seen.loading is None or not memory.queries:
            await board.pilot.pause()
        memory.open = asyncio.Event()  # whoever asks from now on is answered at once
        memory.open.set()
        memory.queries.clear()
        time.now += timedelta(seconds=60)
        board.screen._tick()
        while board.screen.state.days.fetched_at != time.now:
            await board.pilot.pause()
        assert board.screen.state.seen.loading is not None
        slow.set()


async def test_an_answer_that_takes_long_is_told_of():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time) as board:
        memory.open.clear()
        for seconds in (60, 9):
            time.now += timedelta(seconds=seconds)
            board.screen._tick()
            await board.pilot.pause()
        assert "waiting" not in board.text()
        time.now += timedelta(seconds=1)
        board.screen._tick()
        await board.pilot.pause()
        assert "waiting for an answer since 14:04:00" in " ".join(board.text().split())
        memory.open.set()


async def test_minutes_that_are_not_counted_yet_say_so():
    async with demo_client() as client, dashboard(client) as board:
        await board.press("enter", "g", "enter")
        minutes = {cells[0]: cells[1] for cells in board.rows() if cells[0]}
        assert minutes["14:03"] == "  not counted yet"
        assert minutes["14:00"] == "  not counted yet"


async def test_where_nobody_is_asked_the_keys_of_the_pulse_say_so():
    async with dashboard(source(), place="replay of pages.json", is_static=True) as board:
        await board.press("l")
        assert "Nobody is asked: this is a file" in board.text()

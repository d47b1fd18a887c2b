"""The dashboard while time goes on: beats, errors, midnight, a wrong clock, the archive."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.screen import Dashboard, dashboard
from tests.served import Served
from tests.test_read_through import archive
from tests.world import DAY, FREE, NOW, QUICK, TODAY, Memory, day, loopback, row, source
from tui.api.client import Client
from tui.archive.buckets import Identity
from tui.archive.read_through import Offline, ReadThrough
from tui.errors import KeyRefused, RateLimited, ServerFailed
from tui.session.clock import Clock


class Time:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    async def goes(self, board: Dashboard, **span: float) -> None:
        """Let time pass, and the dashboard notice."""
        self.now += timedelta(**span)
        board.screen._tick()
        await board.settle()


@contextlib.asynccontextmanager
async def served(
    api: Served, tmp_path, local: Time | None = None, **options
) -> AsyncIterator[tuple[Dashboard, Time]]:
    """The dashboard of an API on a port, with an archive, as the program puts it together."""
    time = local or Time(api.now)
    clock = Clock(time)
    async with Client(loopback(api.port), "sk-admin-x", patience=QUICK, heard=clock.heard) as client:
        through = ReadThrough(client, archive(tmp_path), Identity(api.base_url, "sk-admin-x"), clock)
        async with dashboard(
            through, clock=clock, memory=through, ahead=lambda: clock.ahead, **{"days": 14, **options}
        ) as board:
            yield board, time


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
                cell.plain for row in cells for cell in row if any("underline" in str(s.style) for s in cell.spans)
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
        assert "read 14:33:01 UTC" in board.text()


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
        memory.error = None
        await time.goes(board, minutes=2)
        assert board.screen.state.seen.report.unread() == ()


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


@pytest.mark.parametrize(
    "evening",
    [
        datetime(2026, 11, 20, 23, 59, 30, tzinfo=UTC),
        datetime(2026, 11, 30, 23, 59, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC),
    ],
)
async def test_at_midnight_the_day_turns_and_the_pools_are_full(evening, tmp_path):
    with Served(evening) as api:
        async with served(api, tmp_path) as (board, time):
            today = f"{evening:%Y-%m-%d}"
            assert board.rows()[0][0] == today
            used = board.screen.state.snapshot.evidence.today
            assert used.rows
            api.now = evening + timedelta(minutes=20)
            await time.goes(board, minutes=20)
            assert board.rows()[0][0] == f"{api.now:%Y-%m-%d}"
            assert [cells[0] for cells in board.rows()].count(today) == 1
            assert board.screen.state.snapshot.evidence.today.start == used.start + DAY
            assert "resets in 23h40m" in board.text()
            assert len(board.screen.state.days.report.buckets) == 15


@pytest.mark.parametrize(("local", "words"), [(10, "10m ahead of"), (-10, "10m behind")])
async def test_the_api_decides_what_today_is_and_a_wrong_clock_is_told_of(local, words, tmp_path):
    now = TODAY + timedelta(minutes=-5 if local > 0 else 5)
    with Served(now) as api:
        time = Time(now + timedelta(minutes=local))
        async with served(api, tmp_path, time) as (board, _):
            await time.goes(board, seconds=1)
            assert board.rows()[0][0] == f"{now:%Y-%m-%d}"
            assert board.screen.state.snapshot.evidence.today.start == now.replace(hour=0, minute=0)
            assert f"this machine's clock is {words} the API's" in " ".join(board.text().split())
            assert board.screen.state.seen.report.unread() == ()


async def test_the_data_of_the_last_run_are_there_before_any_answer_and_say_how_old_they_are(tmp_path):
    with Served() as api:
        async with served(api, tmp_path) as (board, _):
            before = board.rows()
        kept = archive(tmp_path)
    silent = Memory()
    silent.open.clear()
    through = ReadThrough(silent, kept, Identity(api.base_url, "sk-admin-x"), lambda: NOW + timedelta(hours=2))
    async with dashboard(
        through, clock=lambda: NOW + timedelta(hours=2), memory=through, days=14, settle=False
    ) as board:
        while not board.screen.state.seen.report.buckets:
            await board.pilot.pause()
        await board.pilot.pause()
        assert board.rows() == before
        words = " ".join(board.text().split())
        assert "loading" in words
        assert "as read 2026-11-20 14:03:00 UTC (2h00m ago)" in words
        assert "org-acme" in words
        assert "not read yet" not in words, "the pools are there as well"
        silent.open.set()


async def test_a_second_start_asks_for_three_days_and_the_last_minutes(tmp_path):
    with Served() as api:
        async with served(api, tmp_path, days=30):
            pass
        api.take()
        async with served(api, tmp_path, days=30) as (board, _):
            days = [api.days_asked(one) for one in api.take() if one.one("bucket_width") == "1d"]
            assert sum(days) == 3
            assert board.screen.state.seen.report.unread() == ()


async def test_offline_nothing_is_asked_and_the_age_is_said(tmp_path):
    with Served() as api:
        async with served(api, tmp_path) as (board, _):
            before = board.rows()
        api.take()
        kept = archive(tmp_path)
        alone = Offline(kept, kept.last_owner())
        time = Time(NOW + timedelta(hours=3))
        async with dashboard(alone, clock=time, memory=alone, offline=True, place="offline", days=14) as board:
            assert board.rows() == before
            assert "⊘ offline · as read 2026-11-20 14:03:00 UTC (3h00m ago)" in " ".join(board.text().split())
            await board.press("r", "l", "enter", "escape")
            await time.goes(board, hours=24)
            assert board.rows()[0][1] == "  not read"
            assert board.rows()[1][0] == "2026-11-20"
        assert api.take() == []


async def test_a_broken_archive_is_told_of_and_stops_nothing(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "archive.db").mkdir()
    with Served() as api:
        async with served(api, tmp_path) as (board, _):
            assert board.screen.state.seen.report.unread() == ()
            words = " ".join(board.text().split())
            assert "! The archive" in words
            assert "What is read now is shown and not kept." in words

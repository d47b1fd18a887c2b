"""The dashboard over midnight, with a wrong clock, and with what it remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.archives import archive
from tests.support.builders import DAY, NOW, TODAY, Memory, source
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tests.support.live import Time, served
from tui.domain.time import Width
from tui.sources.archive.buckets import Identity
from tui.sources.archive.offline import Offline
from tui.sources.archive.read_through import ReadThrough


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
            today = f"{evening:%a %d %b}"
            assert board.rows()[0][0] == today
            used = board.screen.state.snapshot.pool_inputs.today
            assert used.rows
            api.now = evening + timedelta(minutes=20)
            await time.goes(board, minutes=20)
            assert board.rows()[0][0] == f"{api.now:%a %d %b}"
            assert [cells[0] for cells in board.rows()].count(today) == 1
            assert board.screen.state.snapshot.pool_inputs.today.start == used.start + DAY
            assert "resets in 23h40m" in board.text()
            assert len(board.screen.state.days.report.buckets) == 15


@pytest.mark.parametrize(("local", "words"), [(10, "10m ahead of"), (-10, "10m behind")])
async def test_the_api_decides_what_today_is_and_a_wrong_clock_is_told_of(local, words, tmp_path):
    now = TODAY + timedelta(minutes=-5 if local > 0 else 5)
    with Served(now) as api:
        time = Time(now + timedelta(minutes=local))
        async with served(api, tmp_path, time) as (board, _):
            await time.goes(board, seconds=1)
            assert board.rows()[0][0] == f"{now:%a %d %b}"
            assert board.screen.state.snapshot.pool_inputs.today.start == now.replace(hour=0, minute=0)
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
            await board.press("r", "l", "enter", "escape", "escape")
            await time.goes(board, hours=24)
            assert board.rows()[0][1] == "  not read"
            assert board.rows()[1][0] == "Fri 20 Nov"
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


async def test_a_paused_dashboard_turns_the_day_without_asking():
    memory, time = source(), Time()
    async with dashboard(memory, clock=time, live=None) as board:
        memory.queries.clear()
        await time.goes(board, hours=10)
        assert board.rows()[0] == ["Sat 21 Nov", "  not read", "", "", "", "", ""]
        assert "large not read yet" in board.text()
        assert memory.queries == []
        await board.press("l")
        await time.goes(board, seconds=1)
        assert board.screen.state.seen.report.unread() == ()


async def test_begun_inside_a_day_that_has_not_come_yet_it_goes_back_to_the_days(tmp_path):
    now = TODAY - timedelta(minutes=5)
    with Served(now) as api:
        time = Time(now + timedelta(minutes=10))
        async with served(api, tmp_path, time, width=Width.HOUR) as (board, _):
            await time.goes(board, seconds=1)
            await board.press("r", "enter")
            assert f"hours of {now:%a %d %b}" in board.text()

"""Answers that leave out buckets which the API named before: what was known stays, and is marked."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.known_organization import YESTERDAY, Organization, used
from tests.loopback import Asked, Loopback
from tests.program import run
from tests.screen import dashboard
from tests.support.archives import archive
from tests.support.live import Time
from tests.world import DAY, FREE, KEY, NOW, TODAY, Memory, day, gathered, row
from tui.domain.time import Window
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Page, Query

TODAY_THERE = YESTERDAY + DAY


class Forgetful:
    """An organization whose API leaves out some days from now on."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.left_out: set[datetime] = set()

    def __call__(self, asked: Asked) -> object:
        whole = self.organization(asked)
        gone = {int(each.timestamp()) for each in self.left_out}
        kept = [each for each in whole["data"] if each["start_time"] not in gone or asked.one("bucket_width") != "1d"]
        return {**whole, "data": kept}


async def run_on(api: Loopback, *arguments: str):
    told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{api.port}/v1"}
    return await asyncio.to_thread(run, *arguments, **told)


@pytest.mark.parametrize(("free", "status"), [(240_000, 1), (100_000, 5)])
async def test_todays_pool_does_not_fall_when_today_is_left_out(free, status):
    forgetful = Forgetful(Organization(used(0, free), day=TODAY_THERE))
    check = ("check", "--pool", "large", "--max-percent", "90")
    async with Loopback(forgetful) as api:
        assert (await run_on(api, *check)).returncode == (1 if status == 1 else 0)
        forgetful.left_out = {TODAY_THERE}
        done = await run_on(api, *check)
        pools = await run_on(api, "pools")
        line = await run_on(api, "pools", "--oneline")
    assert done.returncode == status
    assert "only a part of the day could be read" in done.stderr
    percent = free * 100 // 250_000
    assert pools.returncode == line.returncode == 4
    assert f"{percent}%+" in pools.stdout
    assert f"The API left out {TODAY_THERE:%Y-%m-%d}. What was read of it before" in pools.stderr
    assert line.stdout.startswith(f"large {percent}%+")


async def test_a_day_of_which_nothing_is_known_is_an_error_and_no_zero():
    forgetful = Forgetful(Organization(used(0, 240_000), day=TODAY_THERE))
    forgetful.left_out = {TODAY_THERE}
    async with Loopback(forgetful) as api:
        done = await run_on(api, "check", "--pool", "large", "--max-percent", "90")
        table = await run_on(api, "export", "--days", "2", "--no-archive")
    assert done.returncode == 4
    assert "could not be read" in done.stderr
    assert table.returncode == 4
    assert f"1 day not read, and not printed: {TODAY_THERE:%Y-%m-%d}." in table.stderr


async def test_a_closed_day_that_is_left_out_is_printed_as_it_was_read():
    closed = YESTERDAY - DAY
    forgetful = Forgetful(Organization(used(9, 1_002), day=closed))
    async with Loopback(forgetful) as api:
        first = await run_on(api, "export", "--days", "3", "--by", "model")
        forgetful.left_out = {closed}
        again = await run_on(api, "export", "--days", "3", "--by", "model")
    assert "1002" in first.stdout
    assert again.stdout == first.stdout
    assert again.returncode == 4, "it is not settled, and may have grown"
    assert f"The API left out {closed:%Y-%m-%d}" in again.stderr


async def test_a_settled_day_that_is_left_out_costs_a_note(tmp_path):
    kept, day_of_old = archive(tmp_path), Window(TODAY - 9 * DAY, TODAY - 7 * DAY)

    class LeavesOut(Memory):
        async def pages(self, query):
            async for each in super().pages(query):
                yield Page(each.buckets[1:], "The API left out a day.", "org-test", missing=(query.window.start,))

    whole = Memory(day(9, row(tokens=7)), day(8, row(tokens=8)))
    await gathered(ReadThrough(whole, kept, Identity("u", KEY), lambda: NOW).pages(Query(day_of_old)))
    wider = Query(Window(day_of_old.start, TODAY - 5 * DAY))
    through = ReadThrough(LeavesOut(*whole.buckets), kept, Identity("u", KEY), lambda: NOW)
    pages = [page async for page in through.pages(wider)]
    found = {bucket.start: bucket for page in pages for bucket in page.buckets}
    assert found[TODAY - 9 * DAY].rows[0].input_tokens == 7
    unread = {start for page in pages for start in page.missing}
    assert unread == {TODAY - 7 * DAY}, "of which nothing was known"


class Shrinking(Memory):
    """A source that leaves out some days."""

    def __init__(self, *buckets) -> None:
        super().__init__(*buckets)
        self.left_out: set[datetime] = set()

    async def pages(self, query):
        async for each in super().pages(query):
            gone = tuple(start for start in query.window.starts() if start in self.left_out)
            named = tuple(bucket for bucket in each.buckets if bucket.start not in self.left_out)
            yield Page(named, "The API left out a day." if gone else None, each.organization, missing=gone)


@pytest.mark.parametrize("is_kept", [True, False])
async def test_the_dashboard_keeps_what_it_knows_marks_it_and_recovers(tmp_path, is_kept):
    time = Time()
    memory = Shrinking(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE)), day(1, row("o3", 1_000, 2)))
    source = ReadThrough(memory, archive(tmp_path), Identity("u", KEY), time) if is_kept else memory
    async with dashboard(source, clock=time, memory=source if is_kept else None) as board:
        rows = board.rows()
        assert "96%" in board.text()
        memory.left_out = {TODAY, TODAY - DAY}
        for _ in range(2):
            time.now += timedelta(seconds=61)
            board.screen._tick()
            await board.settle()
            words = " ".join(board.text().split())
            assert board.rows() == rows
            assert "96%+" in words
            assert "The API left out a day." in words
            assert "● live" in words, "what can be had is asked for as before"
            if is_kept:
                assert "pools as read 14:03:00 UTC" in words
            else:
                assert "only a part of today's pools could be read" in words
        memory.left_out = set()
        time.now += timedelta(seconds=61)
        board.screen._tick()
        await board.settle()
        assert "96%+" not in board.text()
        assert "!" not in board.text()


async def test_a_day_that_was_never_named_is_not_read_and_no_failure():
    memory = Shrinking(day(0, row("gpt-6-sol", 100, 0, service_tier=FREE)), day(1, row("o3", 5, 5)))
    memory.left_out = {TODAY, TODAY - 2 * DAY}
    async with dashboard(memory) as board:
        words = " ".join(board.text().split())
        assert board.rows()[0][:2] == ["2026-11-20", "  not read"]
        assert ["2026-11-18", "  not read"] in [cells[:2] for cells in board.rows()]
        assert "2 days not read" in words
        assert "backing off" not in words
        assert "● large not read yet" in words


async def test_hours_that_the_api_has_not_come_to_are_not_counted_yet():
    late = NOW.replace(minute=0)
    memory = Shrinking(day(0, row()))
    memory.left_out = set()
    async with dashboard(memory) as board:

        class Behind(Memory):
            async def pages(self, query):
                async for each in super().pages(query):
                    yield Page(tuple(bucket for bucket in each.buckets if bucket.start < late), None, "org-test")

        board.screen.session.source.pages = Behind(day(0, row())).pages
        await board.press("enter")
        hours = {cells[0]: cells[1] for cells in board.rows() if cells[0]}
        assert hours["14:00"] == "  not counted yet"
        assert "not read" not in board.text()

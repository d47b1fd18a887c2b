"""Answers that leave out buckets which the API named before: what was known stays, and is marked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.support.archives import archive
from tests.support.builders import DAY, FREE, KEY, NOW, TODAY, Memory, day, row
from tests.support.dashboard import dashboard
from tests.support.live import Time
from tui.sources.archive.owners import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.base import Page


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
        assert "· !" not in board.text()


async def test_a_day_that_was_never_named_is_not_read_and_no_failure():
    memory = Shrinking(day(0, row("gpt-6-sol", 100, 0, service_tier=FREE)), day(1, row("o3", 5, 5)))
    memory.left_out = {TODAY, TODAY - 2 * DAY}
    async with dashboard(memory) as board:
        words = " ".join(board.text().split())
        assert board.rows()[0][:2] == ["Fri 20 Nov", "  not read"]
        assert ["Wed 18 Nov", "  not read"] in [cells[:2] for cells in board.rows()]
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

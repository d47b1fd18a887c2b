"""The days of a year are drawn from the archive first, read on page by page, stopped, and taken up again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from tests.support.builders import DAY, TODAY, Memory
from tests.support.dashboard import Dashboard, dashboard
from tests.support.years import YEAR, Archived, Paged, calendar, signs
from tui.errors import ServerFailed
from tui.sources.base import Page, Query


def unread(board: Dashboard) -> int:
    return sum(line[3:].count("?") for line in calendar(board))


async def until(board: Dashboard, is_so) -> None:
    for _ in range(200):
        if is_so():
            return
        await board.pilot.pause(0.01)
    raise AssertionError(board.text())


async def test_the_archive_is_drawn_before_anybody_answers_and_what_is_missing_comes_page_by_page():
    api = Paged(*YEAR)
    async with dashboard(api, memory=Archived(), settle=False, live=None) as board:
        await until(board, lambda: board.screen.state.has_data)
        await board.press_only("4")
        await until(board, lambda: "reading 3" in board.text() and "Esc stops" in board.text())
        assert "█" in calendar(board)[0]
        assert "?" in calendar(board)[4]
        assert "? not read" in board.text()
        before = unread(board)
        assert api.asked[0].end == TODAY + DAY, "the newest first"
        while unread(board) == before:
            api.allowed = 1
            await until(board, lambda: not api.allowed)
            await board.pilot.pause(0.05)
        assert 0 < unread(board) < before
        api.allowed = 99


async def test_escape_stops_the_reading_without_leaving_until_r_or_until_it_is_opened_anew():
    api = Paged(*YEAR)
    async with dashboard(api, live=None, settle=False) as board:
        await until(board, lambda: board.screen.state.has_data and board.screen.state.days.loading is None)
        await board.press_only("4")
        await until(board, lambda: "Esc stops" in board.text())
        await board.press_only("escape")
        assert board.screen.view_shown == "year"
        assert "stopped: " in board.text()
        assert "r reads on" in board.text()
        asked = len(api.asked)
        board.screen._tick()
        await board.pilot.pause()
        assert len(api.asked) == asked, "not by itself"
        await board.press_only("r")
        await until(board, lambda: len(api.asked) > asked)
        assert "Esc stops" in board.text()
        api.allowed = 99


async def test_what_was_stopped_begins_again_where_it_is_opened_anew_and_goes_on_where_it_is_left():
    api = Paged(*YEAR)
    async with dashboard(api, live=None, settle=False) as board:
        await until(board, lambda: board.screen.state.has_data and board.screen.state.days.loading is None)
        await board.press_only("4")
        await until(board, lambda: "Esc stops" in board.text())
        await board.press_only("escape", "escape")
        assert board.screen.view_shown == "usage"
        asked = len(api.asked)
        await board.press_only("4")
        await until(board, lambda: len(api.asked) > asked)
        await board.press_only("1")
        board.screen._tick()
        api.allowed = 99
        await board.settle()
        await board.press("4")
        assert "?" not in signs(board)
        assert "Esc stops" not in board.text()


async def test_days_that_could_not_be_read_are_said_to_be_unread():
    api = Paged(*YEAR)
    api.allowed = 99
    api.error = None
    async with dashboard(api, live=None) as board:
        api.error = ServerFailed("The API does not answer.")
        await board.press("4", "G")
        assert "?" in signs(board)
        assert "tokens not read" in board.text()
        assert "The API does not answer." in board.text()
        assert "no tokens" not in board.text()


class Forgetting(Memory):
    """An API that keeps 100 days."""

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        async for page in super().pages(query):
            gone = tuple(each.start for each in page.buckets if each.start < TODAY - 100 * DAY)
            kept = tuple(each for each in page.buckets if each.start not in gone)
            yield replace(page, buckets=kept, not_kept=gone)


async def test_days_that_the_api_does_not_keep_are_told_apart_from_unread_ones():
    async with dashboard(Forgetting(*YEAR)) as board:
        await board.press("4", "G")
        assert "⊘" in signs(board)
        assert "?" not in signs(board)
        assert "tokens not kept by the API" in board.text()
        assert "(101 of 369 days known)" in board.text()

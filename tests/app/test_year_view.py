"""The year: a calendar of days on five levels, drawn from the archive first, read on page by page, and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from tests.support.builders import DAY, FREE, NOW, TODAY, Memory, day, row
from tests.support.dashboard import Dashboard, dashboard
from tests.support.live import Time
from tui.domain.costs import Cost, Costs
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket
from tui.domain.year import year_of
from tui.errors import ServerFailed
from tui.output.standouts import MARKS
from tui.output.year import GAPS, LEVELS
from tui.sources.base import CachedBucket, Page, Query
from tui.ui.app import Appearance
from tui.ui.terminal.ascii import plain
from tui.ui.views.year import YearView

FIRST = year_of(NOW).start


def of_day(ago: int) -> Bucket:
    """Days of four sizes, half of each billed; ten days ago nothing was free, five days ago nothing was used."""
    tokens = (1 + ago % 4) * 100_000
    if ago == 5:
        return day(ago)
    if ago == 10:
        return day(ago, row("gpt-6-sol", tokens, 0, service_tier="default"))
    used = [row("gpt-6-sol", tokens - 7, 0, service_tier=FREE), row("o3", tokens, 0, service_tier="default")]
    return day(ago, *used, row("gpt-5.4-mini" if ago <= 20 else "gpt-6-sol", 7, 0, service_tier=FREE))


YEAR = [of_day(ago) for ago in range(380)]


class Costing:
    async def costs(self, window: Window, by: tuple[str, ...] = ()) -> Costs:
        """What each day cost: nothing is known of the two newest."""
        known = [start for start in window.starts() if start < TODAY - DAY]
        return Costs({start: (Cost(Decimal(1 + (TODAY - start).days % 7)),) for start in known}, NOW)


class Archived:
    """An archive that knows days before the last hundred."""

    organization = "org-test"

    def cached(self, query: Query) -> dict[datetime, CachedBucket]:
        if query.window.width is not Width.DAY:
            return {}
        known = (bucket for bucket in YEAR[100:] if bucket.start in query.window)
        return {each.start: CachedBucket(each, TODAY - DAY) for each in known}


class Paged(Memory):
    """An API that answers a window of the year only when it is let."""

    def __init__(self, *buckets: Bucket) -> None:
        super().__init__(*buckets)
        self.allowed = 0
        self.asked: list[Window] = []

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        is_of_the_year = query.window.start < TODAY - 40 * DAY or query.window.days_before_last == 30
        if is_of_the_year and query.window.width is Width.DAY:
            self.asked.append(query.window)
            while not self.allowed:
                await asyncio.sleep(0.005)
            self.allowed -= 1
            if self.error is not None:
                raise self.error
        async for page in super().pages(query):
            yield page


def calendar(board: Dashboard) -> list[str]:
    """The lines of the weekdays."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    lines = [line.strip("│|").strip() for line in board.text().splitlines()]
    return [next(line for line in lines if line.startswith((f"{name} ", f"{name}["))) for name in names]


def signs(board: Dashboard) -> set[str]:
    return {sign for line in calendar(board) for sign in line[3:]} - set(" []!▲+^")


def view(board: Dashboard) -> YearView:
    return board.screen.query_one(YearView)


async def test_it_shows_the_days_of_a_year_and_the_one_under_the_cursor_in_full():
    async with dashboard(Memory(*YEAR), cost_source=Costing()) as board:
        await board.press("4")
        text = board.text()
        assert all(month in text for month in ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"))
        assert "Fri 20 Nov 2026: 200,000 tokens, 100,000 free (50%), 100,000 billed" in text
        assert "o3 100k · gpt-6-sol 100k · gpt-5.4-mini 7" in text
        assert "tokens a day: · 0  ░ to 200k  ▒ to 400k  ▓ to 600k  █ more" in text
        assert signs(board) == set("·░▒▓█")
        assert all(len(line) <= 4 + 2 * 53 for line in calendar(board))
        assert calendar(board)[4].endswith("[░]"), "today is the last day"


async def test_v_turns_from_tokens_to_billed_tokens_and_dollars_and_never_shows_what_is_not_known_as_nothing():
    async with dashboard(Memory(*YEAR), cost_source=Costing()) as board:
        await board.press("4", "v")
        assert "billed tokens a day: · 0  ░ to 100k  ▒ to 200k" in board.text()
        await board.press("v")
        assert "dollars a day: " in board.text()
        assert "$6" in board.text()
        assert calendar(board)[4].endswith("[~]"), "costs of today are not counted yet"
        assert "~ not counted yet" in board.text()
        assert "dollars not counted yet" in board.text()
        await board.press("v")
        assert board.screen.view_shown == "year"
        assert "tokens a day: " in board.text()


async def test_keys_move_by_day_week_and_month_and_stay_inside():
    async with dashboard(Memory(*YEAR)) as board:
        await board.press("4")
        for key, expected in (
            ("up", TODAY - DAY),
            ("left", TODAY - 8 * DAY),
            ("down", TODAY - 7 * DAY),
            ("right", TODAY),
            ("right", TODAY),
            ("j", TODAY),
            ("right_square_bracket", TODAY.replace(month=10)),
            ("left_square_bracket", TODAY),
            ("pageup", TODAY - 28 * DAY),
            ("G", FIRST),
            ("k", FIRST),
            ("left", FIRST),
            ("g", TODAY),
        ):
            await board.press(key)
            assert view(board).day == expected, key


async def test_enter_opens_the_hours_of_the_day_and_escape_comes_back_to_it():
    async with dashboard(Memory(*YEAR)) as board:
        await board.press("4", "left", "up", "enter")
        assert board.screen.view_shown == "usage"
        window = board.screen.state.seen.report.window
        assert (window.start, window.width) == (TODAY - 8 * DAY, Width.HOUR)
        await board.press("enter")
        assert board.screen.state.seen.width is Width.MINUTE
        await board.press("escape")
        assert board.screen.view_shown == "usage"
        await board.press("escape")
        assert board.screen.view_shown == "year"
        assert view(board).day == TODAY - 8 * DAY
        assert len(board.screen.state.levels) == 1
        await board.press("escape")
        assert board.screen.view_shown == "usage"
        await board.press("enter", "escape")
        assert board.screen.view_shown == "usage", "these hours were entered from the table"


async def test_a_click_puts_the_cursor_on_a_day_in_the_calendar_or_in_the_list():
    async with dashboard(Memory(*YEAR)) as board:
        await board.press("4")
        lines = board.text().splitlines()
        row_of = next(place for place, line in enumerate(lines) if "Tue " in line and "░" in line)
        at = lines[row_of].rindex("Tue") + 4 + 2 * 51
        await board.pilot.click(offset=(at, row_of))
        await board.settle()
        assert view(board).day == TODAY - 10 * DAY
        listed = next(
            place for place, line in enumerate(board.text().splitlines()) if "gpt-5.4-mini, 7 tokens" in line
        )
        await board.pilot.click(offset=(6, listed))
        await board.settle()
        assert view(board).day == TODAY - 20 * DAY


@pytest.mark.parametrize(("size", "weeks"), [((60, 15), 27), ((80, 24), 27), ((109, 30), 27), ((110, 30), 53)])
async def test_below_110_columns_it_shows_the_half_that_the_cursor_is_in(size, weeks):
    async with dashboard(Memory(*YEAR), size=size) as board:
        await board.press("4")
        text = board.text()
        assert "Fri 20 Nov" in text
        assert ("Feb" in text) is (weeks == 53)
        head = next(line for line in text.splitlines() if "Nov" in line and "Oct" in line)
        assert len(head.rstrip(" │")) <= size[0]
        await board.press("G")
        assert "Feb" in board.text()
        assert view(board).day == FIRST
        assert f"{FIRST:%a %d %b}" in board.text()


async def test_five_levels_differ_without_colours_and_in_ascii():
    async with dashboard(Memory(*YEAR), appearance=Appearance(theme="monochrome")) as board:
        await board.press("4", "G")
        assert len(signs(board)) == 5
    known = (*LEVELS, *GAPS.values(), *MARKS.values())
    assert len({plain(sign) for sign in known}) == len(known)


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


def unread(board: Dashboard) -> int:
    return sum(line[3:].count("?") for line in calendar(board))


async def until(board: Dashboard, is_so) -> None:
    for _ in range(200):
        if is_so():
            return
        await board.pilot.pause(0.01)
    raise AssertionError(board.text())


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


async def test_what_stands_out_is_marked_listed_and_said_of_its_day():
    async with dashboard(Memory(*YEAR)) as board:
        await board.press("4")
        assert "░!" in calendar(board)[1] or "▒!" in calendar(board)[1]
        assert "! Tue 10 Nov  nothing was free: 300k tokens billed" in board.text()
        assert "+ Sat 31 Oct  a new model: gpt-5.4-mini, 7 tokens on its first day" in board.text()
        assert "2.5x the median of its weekday in 4 weeks" in board.text()
        await board.press("left", *["up"] * 3)
        assert view(board).day == TODAY - 10 * DAY
        assert board.text().count("nothing was free: 300k tokens billed") == 2


async def test_the_table_marks_a_day_far_above_its_weekday_and_a_model_that_is_new():
    far = day(0, row("gpt-6-sol", 900_000, 0, service_tier=FREE), row("brand-new", 5, 0))
    before = [day(n, row("gpt-6-sol", 200_000, 0)) for n in range(1, 60)]
    async with dashboard(Memory(far, *before)) as board:
        lines = [line for line in board.text().splitlines() if "Fri 20 Nov ▾" in line or "brand-new" in line]
        assert "▲ 4.5x" in lines[0]
        assert any("brand-new  new" in line for line in lines)
        await board.press("i")
        assert "▲ 4.5 times a usual Friday: 900k tokens, median 200k." in board.text()
        assert "+ A new model: brand-new, 5 tokens on its first day." in board.text()
        assert "Rule: a day with 2.5 times the tokens of the median" in board.text()


async def test_the_cursor_on_today_goes_along_with_the_date():
    clock = Time()
    async with dashboard(Memory(*YEAR), clock=clock) as board:
        await board.press("4")
        await clock.goes(board, hours=12)
        assert view(board).day == TODAY + DAY
        assert "Sat 21 Nov 2026" in board.text()

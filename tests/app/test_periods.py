"""`d`: a line is a day, a week or a month; Enter goes into it, and everything beside the table follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.builders import DAY, NOW, TODAY, Memory, day, demo_client, row
from tests.support.dashboard import dashboard
from tui.domain.compare import Against
from tui.domain.costs import Cost, Costs
from tui.domain.periods import Period
from tui.domain.time import Width, midnight
from tui.domain.usage import Bucket
from tui.domain.windows import LastDays
from tui.errors import ServerFailed
from tui.sources.openai.costs import CostClient
from tui.ui import asking
from tui.ui.widgets.charts import ChartsPane

MONDAY = TODAY - 4 * DAY
SIZES = [(60, 15), (80, 24), (120, 40)]


def names(board) -> list[str]:
    return [line.names[-1] for line in board.table.lines if line.names]


def dates(board) -> list[str]:
    return [cells[0].strip() for cells in board.rows() if cells[0].strip()]


class Days(Memory):
    """Days, but for those that are `unread`; each hour of a day has its `tokens`, or cannot be read."""

    def __init__(self, *buckets, unread=(), tokens=None):
        super().__init__(*buckets)
        self.unread, self.tokens = frozenset(unread), tokens

    async def pages(self, query):
        if query.window.width is Width.HOUR and self.tokens is None:
            raise ServerFailed("No hours.")
        async for page in super().pages(query):
            buckets = page.buckets
            if query.window.width is Width.HOUR:
                buckets = tuple(
                    Bucket(each.start, (row("gpt-6-sol", self.tokens[(TODAY - midnight(each.start)).days], 0),))
                    for each in buckets
                )
            yield replace(page, buckets=tuple(each for each in buckets if each.start not in self.unread))


def twenty_days(**options) -> Days:
    return Days(*(day(ago, row("gpt-6-sol", 100, 10), row("o3", 1, 0)) for ago in range(20)), **options)


async def test_d_goes_from_days_to_weeks_to_months_and_back():
    async with dashboard(twenty_days(), days=19) as board:
        assert "d day" in board.frame()
        await board.press("d")
        assert "d week" in board.frame()
        assert dates(board) == ["W47 16 Nov", "W46 09 Nov", "W45 02 Nov", "W44 26 Oct"]
        assert [line.sums.total for line in board.table.lines if line.is_bucket] == [555, 777, 777, 111]
        assert [(line.days, line.of_days) for line in board.table.lines if line.is_bucket] == [
            (5, 7),
            (7, 7),
            (7, 7),
            (1, 7),
        ]
        assert "▾ 5 of 7 days" in board.text()
        assert "4 weeks: 2.2k tokens" in board.text()
        await board.press("d")
        assert "d month" in board.frame()
        assert dates(board) == ["Nov 2026"]
        assert "20 of 30 days" in board.text()
        await board.press("d")
        assert "d day" in board.frame()
        assert board.table.line.start == TODAY


async def test_enter_goes_from_a_month_to_its_weeks_days_hours_and_minutes_and_escape_comes_back():
    async with demo_client() as client, dashboard(client, days=364) as board:
        assert "d month" in board.frame(), "a year opens by month"
        assert dates(board)[:2] == ["Nov 2026", "Oct 2026"]
        assert "Esc back" not in board.text().splitlines()[-1]
        await board.press("]", "enter")
        assert "Usage, weeks of Oct 2026" in board.frame()
        assert "Esc back  Enter open" in board.text().splitlines()[-1]
        assert dates(board)[:1] == ["W44 26 Oct"]
        assert sum(line.days for line in board.table.lines if line.is_bucket) == 31
        await board.press("enter")
        assert "Usage, days of week 44, from 26 Oct" in board.frame()
        assert dates(board) == [f"{datetime(2026, 10, d):%a %d %b}" for d in (31, 30, 29, 28, 27, 26)]
        await board.press("enter")
        assert "hours of Sat 31 Oct" in board.frame()
        await board.press("enter")
        assert "minutes of Sat 31 Oct" in board.frame()
        for expected in ("hours of Sat 31 Oct", "days of week 44", "weeks of Oct 2026", "d month"):
            await board.press("escape")
            assert expected in board.frame()
        assert board.table.line.start == datetime(2026, 10, 1, tzinfo=TODAY.tzinfo), "the cursor is where it was"


async def test_a_model_is_taken_along_into_the_weeks_of_a_month():
    async with dashboard(twenty_days(), days=19) as board:
        await board.press("d", "d", "j", "enter")
        assert set(names(board)) == {"gpt-6-sol"}
        await board.press("enter")
        assert set(names(board)) == {"gpt-6-sol"}
        assert all(line.sums.total == 110 for line in board.table.lines)


async def test_inside_of_a_month_its_weeks_can_be_days_and_hours_are_hours():
    async with dashboard(twenty_days(), days=19) as board:
        await board.press("d", "d", "enter")
        assert "weeks of Nov 2026" in board.frame()
        await board.press("d")
        assert "days of Nov 2026" in board.frame()
        assert len(dates(board)) == 20
        await board.press("d", "enter")
        assert "days of week 47" in board.frame()
        await board.press("d")
        assert "Esc goes back to the weeks" in board.text()
        await board.press("enter", "d")
        assert "Esc goes back to the days" in board.text()


async def test_days_that_were_not_read_and_those_that_are_not_kept_are_said_and_not_shown_as_nothing():
    unread = {TODAY - ago * DAY for ago in (8, 9, *range(12, 19))}
    async with dashboard(twenty_days(unread=unread), days=19, live=None) as board:
        await board.press("d")
        weeks = {f"{line.start:%V}": line for line in board.table.lines if line.is_bucket}
        assert (weeks["46"].days, weeks["46"].of_days) == (5, 7)
        assert weeks["45"].sums is None
        assert "5 of 7 days" in board.text()
        assert "not read" in board.rows()[-2][1]


async def test_charts_costs_and_the_facts_follow():
    costs = Costs({TODAY - ago * DAY: (Cost(amount=1),) for ago in range(20) if ago != 2}, NOW)

    class Source:
        async def costs(self, window, by=()):
            return costs

    async with dashboard(twenty_days(), days=19, cost_source=Source()) as board:
        await board.press("d")
        pane = board.screen.query_one(ChartsPane)
        assert "tokens per UTC week" in board.text()
        assert "W47" in str(pane.query_one("#facts").render())
        whole = {f"{line.start:%V}": (line.cost, line.at_least) for line in board.table.lines if line.is_bucket}
        assert whole["47"] == (4, True), "a day's costs are not known"
        assert whole["46"] == (7, False)


async def test_the_filter_finds_in_weeks_what_it_finds_in_days():
    async with dashboard(twenty_days(), days=19) as board:
        await board.press("d", "slash", "o", "3", "enter")
        assert [line.sums.total for line in board.table.lines if line.is_bucket] == [5, 7, 7, 1]


async def test_a_poll_that_brings_more_of_today_changes_this_week_alone():
    memory = twenty_days()
    async with dashboard(memory, days=19) as board:
        await board.press("d")
        before = board.screen.lines.input_of(board.screen.state).report.buckets
        memory.buckets[0] = day(0, row("gpt-6-sol", 1_000, 10))
        await board.press("r")
        after = board.screen.lines.input_of(board.screen.state).report.buckets
        week = midnight(MONDAY)
        assert after[week].sums.total == before[week].sums.total - 111 + 1_010
        earlier = week - 7 * DAY
        assert after[earlier].sums == before[earlier].sums


async def test_at_midnight_the_week_goes_on_and_the_level_inside_of_it_gets_the_day():
    now = [NOW]
    memory = twenty_days()
    async with dashboard(memory, days=19, clock=lambda: now[0]) as board:
        await board.press("d", "enter")
        assert dates(board)[0] == "Fri 20 Nov"
        now[0] = NOW + DAY
        board.screen.engine.tick()
        await board.settle()
        assert dates(board)[0] == "Sat 21 Nov"
        now[0] = NOW + 3 * DAY  # a Monday: another week
        board.screen.engine.tick()
        await board.settle()
        assert "days of week 47" in board.frame()
        assert dates(board)[0] == "Sun 22 Nov"
        await board.press("escape")
        assert dates(board)[0] == "W48 23 Nov"


async def test_what_was_chosen_is_remembered_and_what_a_year_does_by_itself_is_not():
    kept = {}
    async with dashboard(twenty_days(), days=19, remember=lambda name, value: kept.update({name: value})) as board:
        await board.press("w", "w", "w")
        assert board.screen.state.window_wanted == LastDays(364)
        assert board.screen.state.seen.period is Period.MONTH
        assert "period" not in kept
        await board.press("d")
        assert kept["period"] == "day"
        await board.press("w", "w")
        assert board.screen.state.seen.period is Period.DAY
    async with dashboard(twenty_days(), days=19, period=Period.WEEK) as board:
        assert "d week" in board.frame()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("presses", [("d",), ("d", "d"), ("d", "d", "enter"), ("d", "enter")])
async def test_no_figure_is_cut_at_any_size(size, presses):
    async with (
        demo_client() as client,
        dashboard(client, days=89, size=size, cost_source=CostClient(client)) as board,
    ):
        await board.press(*presses)
        for cells, line in zip(board.rows(), board.table.lines, strict=False):
            assert not any(cell.endswith("…") for cell in (cells[0], *cells[2:]))
            if line.is_bucket and line.days < line.of_days:
                assert f"{line.days} of {line.of_days} d" in cells[1]


async def test_what_is_saved_and_copied_is_of_weeks(tmp_path):
    saved = {}

    def save(ending, content):
        saved[ending] = content
        return "x"

    async with dashboard(twenty_days(), days=19, save=save) as board:
        await board.press("d", "e")
        assert saved[".csv"].splitlines()[0].startswith("date,days,of_days,model")
        assert saved[".csv"].splitlines()[1].startswith("2026-W47,5,7,")
        await board.press("y")
        assert board.app.clipboard.startswith("2026-W47\t")
        await board.press("Y")
        assert board.app.clipboard.startswith("| UTC Week")


async def test_why_says_that_it_is_about_a_day():
    async with demo_client() as client, dashboard(client, days=19) as board:
        await board.press("d", "i")
        assert "Enter goes into the week, to its days" in board.text()


def hours_too() -> Days:
    return twenty_days(tokens={-1: 5, 0: 12, 1: 10, **dict.fromkeys(range(2, 40), 5)})


def facts(board) -> str:
    return str(board.screen.query_one("#facts").render())


async def test_the_highlighted_line_says_how_much_more_it_is_than_before():
    async with dashboard(hours_too(), days=19, size=(200, 60)) as board:
        asking.ask(board.screen)
        await board.settle()
        assert "20% more than yesterday by 13:00" in board.text()
        assert "Δ" in board.text()
        assert board.rows()[0][-1].strip() == "+20%"
        await board.press("]")
        assert "as much as the day before" in board.text()
        await board.press("d", "g")
        assert "than week 46 by Fri, 13:00" in board.text()


async def test_where_there_is_no_room_for_facts_the_frame_says_it():
    async with dashboard(hours_too(), days=19, size=(80, 24)) as board:
        assert (
            "╰─ 20% more than yesterday by 13:00 ─" in board.text()
            or "20% more than yesterday by 13:00 ─" in board.text()
        )
        await board.press("]")
        assert "as much as the day before ─" in board.text()
        await board.press("p")
        assert "as much as the day before" in board.text(), "beside charts there is no room for facts either"


@pytest.mark.parametrize("size", [(100, 30), (120, 40), (150, 40), (200, 60)])
@pytest.mark.parametrize("presses", [(), ("j",), ("]",), ("d",), ("d", "d")])
async def test_what_it_is_compared_with_is_seen_on_every_line(size, presses):
    async with dashboard(hours_too(), days=80, size=size) as board:
        await board.press(*presses)
        change = board.table.line.change
        assert change is not None
        assert any(words in board.text() for words in ("more than ", "as much as ", "less than ", " times "))


async def test_a_weekday_is_compared_with_itself_where_that_is_set():
    async with dashboard(hours_too(), days=19, against=Against.WEEKDAY) as board:
        asking.ask(board.screen)
        await board.settle()
        assert "than Fri 13 Nov by 13:00" in board.text()


async def test_hours_that_could_not_be_read_are_no_comparison_and_nothing_else_is_wrong():
    async with dashboard(twenty_days(), days=19) as board:
        asking.ask(board.screen)
        await board.settle()
        assert "yesterday" not in facts(board)
        assert "read 14:03:00 UTC" in board.text()
        assert board.table.line.change is None


async def test_hours_are_asked_for_once_an_hour_and_not_by_each_poll():
    now = [NOW]
    async with dashboard(hours_too(), days=19, clock=lambda: now[0]) as board:
        asking.ask(board.screen)
        await board.settle()
        asked = board.screen.session.source.queries
        asked.clear()
        for minutes in (1, 2, 3):
            now[0] = NOW + timedelta(minutes=minutes)
            board.screen._tick()
            await board.settle()
        assert not [query for query in asked if query.window.width is Width.HOUR]
        now[0] = NOW + timedelta(minutes=30)
        for _ in range(2):  # the days are read, and a second later it is seen that an hour is over
            board.screen._tick()
            await board.settle()
        assert len([query for query in asked if query.window.width is Width.HOUR]) == 1

"""The year: a calendar of days on five levels, with a cursor, and what stands out among them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.builders import DAY, FREE, NOW, TODAY, Memory, day, row
from tests.support.dashboard import Dashboard, dashboard
from tests.support.live import Time
from tests.support.years import YEAR, calendar, signs
from tui.domain.costs import Cost, Costs
from tui.domain.time import Width, Window
from tui.domain.year import year_of
from tui.output.standouts import MARKS
from tui.output.year import GAPS, LEVELS
from tui.ui.app import Appearance
from tui.ui.terminal.ascii import plain
from tui.ui.views.year import YearView

FIRST = year_of(NOW).start


class Costing:
    async def costs(self, window: Window, by: tuple[str, ...] = ()) -> Costs:
        """What each day cost: nothing is known of the two newest."""
        known = [start for start in window.starts() if start < TODAY - DAY]
        return Costs({start: (Cost(Decimal(1 + (TODAY - start).days % 7)),) for start in known}, NOW)


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

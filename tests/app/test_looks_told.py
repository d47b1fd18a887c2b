"""What stands on the screen tells the same wherever it stands, and never more than is known."""

from __future__ import annotations

from datetime import timedelta

from tests.support.builders import FREE, NOW, TODAY, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tui.domain.dimensions import Grouping
from tui.engine import select
from tui.sources.openai.costs import CostClient
from tui.ui import plot
from tui.ui.blocks import GAP, PARTS
from tui.ui.plot import Axes
from tui.ui.pool_glyphs import POOL_GLYPHS
from tui.ui.terminal.ascii import plain
from tui.ui.views.why import WhyView
from tui.ui.widgets.header import HeaderBar


async def test_the_columns_are_as_they_were_where_nothing_was_changed_in_their_list():
    async with demo_client() as client, dashboard(client, cost_source=CostClient(client)) as board:
        before = board.table.columns_shown
        assert "cost" in before
        await board.press("c")
        assert "✓ Cost" in board.text()
        await board.press("enter")
        assert board.table.columns_shown == before
        assert board.screen.state.view.columns is None


async def test_a_day_on_which_nothing_was_free_is_marked_whatever_lines_are_broken_down_by():
    days = [day(0, row(service_tier=FREE)), day(1, row("gpt-6-sol", 500)), day(2, row(service_tier=FREE))]
    async with dashboard(Memory(*days)) as board:
        assert select.nothing_free(board.screen.state) == (TODAY - timedelta(days=1),)
        await board.press("b", "down", "enter")
        assert board.screen.state.view.grouping != Grouping(("model",))
        assert select.nothing_free(board.screen.state) == (TODAY - timedelta(days=1),)


async def test_why_tells_dollars_of_models_without_a_list_price_from_the_costs_of_the_day():
    async with demo_client() as client, dashboard(client, cost_source=CostClient(client), size=(200, 60)) as board:
        await board.press("3")
        lines = board.screen.query_one(WhyView).text.splitlines()
        place = next(number for number, line in enumerate(lines) if "in no list of free models" in line)
        assert "billed, est. $" in lines[place - 1]


async def test_why_says_that_a_filter_does_not_hold_there():
    async with demo_client() as client, dashboard(client, size=(120, 50)) as board:
        await board.press("3")
        assert "The filter does not hold here" not in board.screen.query_one(WhyView).text
        await board.press("1", "slash", *"mini", "enter")
        assert "drop the filter" in board.text().splitlines()[-1]
        await board.press("3")
        assert "The filter does not hold here" in board.screen.query_one(WhyView).text


async def test_what_a_filter_does_not_find_is_drawn_as_none_and_not_on_an_axis():
    async with dashboard(source()) as board:
        await board.press("slash", *"nosuchmodel", "enter")
        assert "input: none" in board.text()
        assert "peak 0" not in board.text()


async def test_the_words_on_the_frame_below_the_table_are_never_cut():
    for width in (60, 66, 72, 80, 88, 94, 100, 110):
        async with dashboard(source(), size=(width, 30)) as board:
            words = str(board.table.border_subtitle)
            assert words in board.text()
            assert words.endswith(("billed", "no pool", "yesterday by 13:00")) or not words


async def test_colour_begins_with_the_verdict():
    async with dashboard(source(), place="127.0.0.1:8765") as board:
        line = board.screen.query_one(HeaderBar).render()
        place = next(span for span in line.spans if "127.0.0.1" in line.plain[span.start : span.end])
        assert str(place.style) == "bold"


def test_the_limit_of_a_pool_stands_in_the_row_that_a_column_as_high_as_it_reaches_into():
    for rows in range(2, 20):
        for limit in (50, 170, 250, 299, 300):
            on = Axes(60, rows + 2, 24, 300, [f"{hour:02}" for hour in range(24)], 4)
            lines = plot.burn_up([], [], limit, on).split("\n")
            reached = len(on.column(limit))
            assert plot.LIMIT * 4 in lines[rows - reached].replace(plot.EVEN, plot.LIMIT)


def test_the_even_pace_is_seen_through_what_is_projected_and_apart_from_it_in_ascii():
    on = Axes(60, 12, 24, 300, [f"{hour:02}" for hour in range(24)], 4)
    picture = plot.burn_up([10.0] * 5, [240.0] * 19, 250, on)
    assert picture.count(plot.EVEN) >= 20
    signs = {plot.EVEN, plot.UPPER, plot.LIMIT, GAP, *PARTS, *POOL_GLYPHS.values()} - {"?"}
    assert len({plain(sign) for sign in (plot.EVEN, plot.UPPER, plot.LIMIT, GAP)}) == 4
    assert plain(plot.UPPER) not in {plain(sign) for sign in signs - {plot.UPPER}}


def test_columns_use_the_room_up_to_the_last_cell():
    on = Axes(64, 8, 15, 2, [f"{n:02}" for n in range(15)], 4)
    assert (on.room, on.step) == (59, 4)
    assert on.place(14) + on.step - 1 == on.room


async def test_the_peak_of_free_and_billed_says_when_it_was():
    async with dashboard(source(), size=(160, 50)) as board:
        await board.press("v")
        head = next(line for line in board.text().splitlines() if "free  ░" in line and "peak" in line)
        assert f"{NOW:%b}" in head.partition("peak")[2]


async def test_whose_numbers_these_are_is_said_in_the_least_room():
    async with dashboard(source(), place="127.0.0.1:8765", size=(60, 15)) as board:
        assert "127.0.0.1" in board.text().splitlines()[0]

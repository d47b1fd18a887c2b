"""What the charts can show, one after the other at a key, and what they never do."""

from __future__ import annotations

import pytest

from tests.support.builders import FREE, NOW, Memory, day, demo_client, row, source
from tests.support.dashboard import dashboard
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.time import Width
from tui.domain.view import View
from tui.sources.openai.costs import CostClient


def pane(board) -> str:
    return "\n".join(line[80:] for line in board.text().splitlines())


async def test_v_goes_through_what_the_charts_can_show_and_back():
    async with demo_client() as client, dashboard(client, days=6, cost_source=CostClient(client)) as board:
        seen = []
        for _ in range(5):
            seen.append(pane(board))
            await board.press("v")
            await board.settle()
        tokens, paid, cost, pools, again = seen
        assert "input 1" in tokens
        assert "peak" in tokens
        assert "output" in tokens
        assert "free  ░" in paid
        assert "dollars per UTC day" in cost
        assert "$" in cost
        assert "large 142k of 250k  161% at reset" in pools
        assert "00:00" in pools
        assert again == tokens


@pytest.mark.parametrize("kind", [Kind.EMBEDDINGS, Kind.IMAGES])
async def test_what_is_never_free_has_no_chart_of_free_tokens(kind):
    async with demo_client() as client, dashboard(client, days=2, view=View(kind)) as board:
        for _ in range(3):
            await board.press("v")
            assert "░" not in pane(board)
            assert "of 250k" not in pane(board)


async def test_a_day_has_24_slots_and_its_end_is_empty():
    async with demo_client() as client, dashboard(client, width=Width.HOUR) as board:
        axis = next(line for line in pane(board).splitlines() if "00:00" in line)
        assert axis.split("│")[-2].split() == ["00:00", "06:00", "12:00", "18:00"]


async def test_both_charts_have_the_same_columns_and_the_peak_says_when_it_was():
    async with demo_client() as client, dashboard(client, days=14) as board:
        lines = pane(board).splitlines()
        dates = [line for line in lines if "Fri 06" in line]
        assert len(dates) == 2
        assert dates[0] == dates[1]
        heads = [line for line in lines if "peak" in line]
        assert all(any(weekday in head for weekday in ("Mon", "Tue", "Wed", "Thu", "Fri")) for head in heads[:2])


async def test_the_chart_of_the_pools_asks_for_hours_once_and_not_with_each_poll():
    memory = Memory(day(0, row("gpt-6-sol", 100_000, 0, service_tier=FREE)))
    async with dashboard(memory) as board:
        await board.press("v", "v")
        await board.settle()
        asked = [query for query in memory.queries if query.window.width is Width.HOUR]
        for _ in range(3):
            board.screen._show_time()
            await board.settle()
        assert len([query for query in asked if "batch" in query.group_by]) == 1
        assert [query for query in memory.queries if query.window.width is Width.HOUR] == asked


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 30), (120, 40), (200, 60)])
async def test_every_chart_fits_at_every_size(size):
    async with demo_client() as client, dashboard(client, size=size, days=30) as board:
        for _ in range(4):
            await board.press("v")
            await board.settle()
            assert "No chart" not in board.text()
            assert all(len(line) == size[0] for line in board.text().splitlines())


async def test_what_was_chosen_stays_where_it_makes_sense_again():
    async with dashboard(source(), clock=lambda: NOW) as board:
        await board.press("v")
        assert "░" in pane(board)
        await board.press("enter")
        await board.press("escape")
        assert "░" in pane(board)


async def test_what_a_breakdown_does_not_tell_the_cost_of_has_no_cost_and_not_zero():
    async with demo_client() as client:
        costs = CostClient(client)
        by_tier = View(grouping=Grouping(("tier",)))
        async with dashboard(client, days=2, cost_source=costs, view=by_tier) as board:
            for _ in range(4):
                await board.press("v")
                assert "dollars" not in pane(board)
        async with dashboard(client, days=2, cost_source=costs) as board:
            await board.press("v", "v", "slash", *"tier:flex", "enter")
            assert "costs are not read yet" in pane(board)
            assert "cost $0" not in pane(board)

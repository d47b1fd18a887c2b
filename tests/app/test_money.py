"""What it costs: exact sums, the month and its end, the budget, and what free tokens are worth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.support.builders import (
    KEY,
    QUICK,
    Memory,
    day,
    demo_client,
    loopback,
    row,
)
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tui.domain.prices import Price, Prices
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.costs import CostClient

PRICES = Prices({"gpt-6-sol": (Price(Decimal(2), Decimal("0.2"), Decimal(10)),)}, date(2026, 11, 20), "test")


async def test_the_money_view_says_what_it_costs_and_the_bar_has_the_budget():
    async with demo_client() as client:
        options = {"cost_source": CostClient(client), "prices": PRICES, "budget": Decimal(100)}
        async with dashboard(client, days=2, **options) as board:
            assert " $ month ━" in board.text()
            assert "/ $100.00" in board.text()
            await board.press("dollar_sign")
            text = board.text()
            for words in ("November 2026: $", "of the budget of $100.00", "worth est. $", "gpt-6-astra, output"):
                assert words in text
            await board.press("escape", "p")
            assert "Cost" in [str(column.label) for column in board.table.columns.values()]


@pytest.mark.parametrize("status", [403, 400])
async def test_without_the_right_to_see_costs_all_else_goes_on_and_the_reason_is_said(status):
    with Served() as api:
        api.refuses = {"costs": status}
        async with (
            Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client,
            dashboard(client, days=1, cost_source=CostClient(client)) as board,
        ):
            assert f"({status})" in board.text()
            assert board.table.lines[0].sums
            await board.press("dollar_sign")
            assert "Costs are off." in board.text()


async def test_hours_have_no_costs():
    async with demo_client() as client, dashboard(client, days=2, cost_source=CostClient(client)) as board:
        await board.press("p", "enter")
        assert all(line.cost is None for line in board.table.lines)


async def test_without_anybody_to_ask_the_money_view_says_so():
    async with dashboard(Memory(day(0, row())), is_static=True) as board:
        await board.press("dollar_sign")
        assert "No costs are known. Nobody is asked" in board.text()

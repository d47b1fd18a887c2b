"""Costs that the API keeps no longer: read as far back as they are, and said from when on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.builders import DAY, KEY, NOW, QUICK, TODAY, loopback
from tests.support.dashboard import dashboard
from tests.support.demo_api import Served
from tui.domain.costs import Cost, Costs
from tui.engine.costs import CostReader
from tui.errors import NotKept, ServerFailed
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client
from tui.sources.openai.costs import CostClient


class CostSource:
    """Costs of a dollar a day, which are kept from one day on; the refusal names it or not."""

    def __init__(self, kept_from, *, names=True):
        self.kept_from, self.names, self.windows = kept_from, names, []

    async def costs(self, window, by=()):
        self.windows.append(window)
        if window.start < self.kept_from:
            error = NotKept("too far back")
            error.earliest = self.kept_from if self.names else None
            raise error
        return Costs({start: (Cost(Decimal(1), "x, input"),) for start in window.starts()})


@pytest.mark.parametrize("named", [True, False])
async def test_costs_are_read_as_far_back_as_they_are_kept(named):
    cost_source = CostSource(TODAY - 9 * DAY, names=named)
    reader = CostReader(cost_source)
    costs = await reader.read(NOW, 14)
    assert sorted(costs.days) == [TODAY - n * DAY for n in range(9, -1, -1)]
    assert (costs.problem, costs.kept_from) == (None, TODAY - 9 * DAY)
    before = len(cost_source.windows)
    assert before <= (2 if named else 6)
    costs = costs.updated(await reader.read(NOW, 60))
    assert len(cost_source.windows) == before + 1, "the limit is known"
    assert len(costs.days) == 10


async def test_a_failure_while_the_limit_of_costs_is_looked_for_takes_nothing_that_was_read():
    class Fails(CostSource):
        async def costs(self, window, by=()):
            if self.answered:
                raise ServerFailed("in trouble (500).")
            found = await super().costs(window)  # refuses what is not kept
            self.answered = True
            return found

    cost_source = Fails(TODAY - 9 * DAY, names=False)
    cost_source.answered = False
    costs = await CostReader(cost_source).read(NOW, 14)
    assert costs.days
    assert TODAY in costs.days
    assert "Costs could not be read further back. in trouble" in costs.problem


async def test_the_money_view_says_from_when_on_costs_are_kept():
    with Served() as api:
        api.keeps = {"costs": 9}
        async with (
            Client(Api(loopback(api.port), KEY, retry_policy=QUICK)) as client,
            dashboard(client, days=20, cost_source=CostClient(client)) as board,
        ):
            await board.press("dollar_sign")
            assert "The API keeps costs from 2026-11-11 on." in board.text()
            assert "Costs are off" not in board.text()
            await board.press("escape")
            costs = {line.start: line.cost for line in board.table.lines if line.is_bucket}
            assert costs[TODAY - 9 * DAY] is not None
            assert costs[TODAY - 10 * DAY] is None

"""The pools and the money go along with an export of metrics, and what they are short of is said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.support.builders import CATALOGUE, FREE, NOW, TODAY, Memory, day, row
from tui.commands.export import table
from tui.commands.export_request import OPENMETRICS, Export
from tui.commands.figures import read_figures
from tui.domain.costs import Cost, Costs
from tui.domain.kinds import Kind
from tui.domain.time import Width, last_days
from tui.domain.view import USUAL
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.errors import ScopeMissing, ServerFailed

POOLS = {"openai_pool_limit_tokens", "openai_pool_used_tokens", "openai_pool_left_tokens", "openai_pool_spent"}
MONEY = {"openai_costs_today_dollars", "openai_costs_month_dollars", "openai_costs_month_limit_dollars"}
SUCCESS = {"openai_last_success_timestamp_seconds"}


class CostSource:
    """A dollar a day, unless it is refused."""

    def __init__(self, error=None):
        self.error = error

    async def costs(self, window, by=()):
        if self.error is not None:
            raise self.error
        return Costs({start: (Cost(Decimal(1), "x, input"),) for start in window.starts()})


class WithoutPools(Memory):
    """Answers what an export asks for, and not what the pools rest upon."""

    async def pages(self, query):
        if query.window.width is Width.DAY and query.window.start < TODAY:
            raise ServerFailed("It is in trouble.")
        async for page in super().pages(query):
            yield page


def watched(source=None, costs=None, budget=Decimal(100)):
    source = source or Memory(day(0, row(tokens=100, service_tier=FREE)))
    return Engine(Session(source, lambda: NOW, 0, CATALOGUE, cost_source=costs or CostSource(), budget=budget))


async def exported(capsys, engine, **fields):
    """The exit status, the names of all samples, and what was said."""
    what = Export(replace(USUAL, **fields), OPENMETRICS)
    status = await table(engine, lambda: last_days(NOW, 0), what)
    said = capsys.readouterr()
    families = list(text_string_to_metric_families(said.out))
    return status, {sample.name for family in families for sample in family.samples}, said.err


async def test_the_figures_are_those_of_today_and_of_the_month():
    figures, problems = await read_figures(watched())
    assert problems == ()
    assert {each.pool.name: each.pool.free for each in figures.pools} == {"large": 110, "small": 0}
    assert (figures.cost, figures.month.so_far, figures.limit) == (1, 20, 100)
    assert (figures.today, figures.read_at, figures.is_up) == (TODAY, NOW, None)


async def test_gauges_go_along_with_all_completions(capsys):
    status, names, said = await exported(capsys, watched())
    assert (status, said) == (0, "")
    assert names > {*POOLS, *MONEY, *SUCCESS, "openai_completions_requests_total"}


@pytest.mark.parametrize(
    "fields", [{"kind": Kind.EMBEDDINGS}, {"only": (("model", "gpt-6-sol"),)}, {"columns": ("input", "requests")}]
)
async def test_they_do_not_go_along_with_a_part_or_with_other_usage(capsys, fields):
    engine = watched()
    status, names, _ = await exported(capsys, engine, **fields)
    assert status == 0
    assert not names & {*POOLS, *MONEY, *SUCCESS}
    assert len(engine.session.source.queries) == 1, "and nothing is asked for them"


async def test_costs_that_are_refused_are_said_and_cost_nothing_else(capsys):
    engine = watched(costs=CostSource(ScopeMissing("The key may not read costs.", "It needs a scope.")))
    status, names, said = await exported(capsys, engine)
    assert (status, names & MONEY) == (0, {"openai_costs_month_limit_dollars"})
    assert names > {*POOLS, *SUCCESS, "openai_completions_requests_total"}
    assert "Costs could not be read. The key may not read costs. It needs a scope." in said


async def test_pools_that_cannot_be_read_are_said_and_cost_nothing_else(capsys):
    status, names, said = await exported(capsys, watched(WithoutPools(day(0, row(tokens=100)))))
    assert (status, names & {*POOLS, *SUCCESS}) == (0, set())
    assert names > {*MONEY, "openai_completions_requests_total"}
    assert "The pools could not be read. It is in trouble." in said

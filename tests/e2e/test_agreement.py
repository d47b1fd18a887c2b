"""Days of which the archive and the API's costs tell different things."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.support.builders import (
    CATALOGUE,
    DAY,
    FREE,
    KEY,
    NOW,
    TODAY,
    Memory,
    bucket,
    day,
    demo_client,
    page,
    result,
    row,
)
from tests.support.cli import run
from tests.support.dashboard import dashboard
from tests.support.loopback import Loopback
from tui.commands.why import why
from tui.domain.agreement import disagreements
from tui.domain.costs import Cost, Costs
from tui.domain.rows import Row
from tui.engine import agreement
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.errors import ServerFailed
from tui.sources.base import CachedBucket

OLD = 9
"""Days ago: neither usage nor costs should change any more."""


def cost(amount: int, item: str, tokens: int | None = None, **fields) -> Cost:
    return Cost(Decimal(amount), item, tokens=tokens, **fields)


def words(rows: list[Row], costs: list[Cost], ago: int = OLD, **of_costs) -> list[str]:
    start = TODAY - ago * DAY
    known = Costs({start: tuple(costs)}, NOW, **of_costs)
    days = {start: replace(day(ago, *rows), read_at=NOW)}
    return [each.words for each in disagreements(days, known, CATALOGUE, NOW)]


SOL = row("gpt-5.6-sol", 90_000, 10_000)

SOL_COSTS = [
    cost(1, "gpt-5.6-sol, input", 60_000), cost(1, "gpt-5.6-sol, cached input", 30_000),
    cost(1, "priority | gpt-5.6-sol, output, long context", 10_000),
]  # fmt: skip

AGREE: list[tuple[list[Row], list[Cost]]] = [
    ([SOL], SOL_COSTS),
    ([SOL, row("gpt-5.6-sol", 50_000, 0, service_tier=FREE)], SOL_COSTS),
    ([SOL, row("gpt-5.6-sol", 50_000, 0, service_tier=FREE)], [*SOL_COSTS, cost(0, "gpt-5.6-sol, input", 50_000)]),
    ([SOL], [cost(3, "gpt-5.6-sol, input")]),
    ([SOL], [*SOL_COSTS, cost(5, "web search tool calls"), cost(5, "text-embedding-3-small, input", 10**6)]),
    ([row("gpt-5.4-2026-03-05", 99_500, 0)], [cost(1, "gpt-5.4, input", 100_000)]),
    ([row("gpt-5.6-sol", 90_000, 0, service_tier=FREE)], [cost(0, "gpt-5.6-sol, input")]),
    ([row("gpt-5.6-sol", 500, 0)], [cost(1, "o3, input", 500), cost(0, "gpt-5.6-sol, input", 0)]),
    ([SOL], []),
]

NOT_BILLED = "costs charge $3.00 for gpt-5.6-sol, and the archive has no billed tokens of it"

COUNTED = "costs count {} tokens of gpt-5.6-sol, and the archive has {}"

DISAGREE = [
    ([SOL], [cost(1, "gpt-5.6-sol, input", 300_000)], COUNTED.format("300,000", "100,000")),
    ([], SOL_COSTS, COUNTED.format("100,000", "0")),
    ([], [cost(3, "gpt-5.6-sol, input")], NOT_BILLED),
    ([row("gpt-5.6-sol", 9_000, service_tier=FREE)], [cost(3, "gpt-5.6-sol, input")], NOT_BILLED),
    ([SOL], [cost(3, "storage")], "the archive has 100,000 billed tokens of gpt-5.6-sol, and costs do not name it"),
]


@pytest.mark.parametrize(("rows", "costs"), AGREE)
def test_what_agrees_is_not_told(rows, costs):
    assert words(rows, costs) == []


@pytest.mark.parametrize(("rows", "costs", "told"), DISAGREE)
def test_a_day_that_was_revised_is_told(rows, costs, told):
    assert words(rows, costs) == [told]


def test_days_that_may_still_change_or_are_not_whole_are_not_compared():
    assert words(*DISAGREE[0][:2], ago=4) == []
    assert words(*DISAGREE[0][:2], incomplete=frozenset({TODAY - OLD * DAY})) == []
    assert words(*DISAGREE[0][:2], asked_at={TODAY - OLD * DAY: TODAY - OLD * DAY + timedelta(hours=5)}) == []


class Knowing(Memory):
    """A source, and the archive of it."""

    def cached(self, query):
        self.queries.append(query)
        kept = (replace(each, read_at=NOW) for each in self.buckets if each.start in query.window)
        return {each.start: CachedBucket(each, NOW) for each in kept}


class CostSource:
    def __init__(self) -> None:
        self.windows: list[Any] = []
        self.error: Exception | None = None

    async def costs(self, window, by=()):
        self.windows.append(window)
        if self.error is not None:
            raise self.error
        return Costs({TODAY - OLD * DAY: (cost(1, "gpt-5.6-sol, input", 300_000),)})


async def test_the_last_month_is_compared_or_the_day_that_is_asked_about():
    memory, cost_source = Knowing(day(OLD, SOL)), CostSource()
    session = Session(Memory(), lambda: NOW, 0, CATALOGUE, memory=memory, cost_source=cost_source)

    async def found(ago: int | None) -> list[datetime]:
        of = None if ago is None else TODAY - ago * DAY
        return [each.day for each in await agreement.read(Engine(session), of)]

    assert await found(None) == await found(OLD) == [TODAY - OLD * DAY]
    assert await found(OLD + 1) == []
    assert await found(0) == []
    assert [window.days_before_last for window in cost_source.windows] == [30, 0], "nothing is asked for no days"
    cost_source.error = ServerFailed("in trouble (503).")
    assert await found(None) == [], "there is nothing to compare with"


async def test_costs_of_a_day_that_was_compared_also_tell_what_has_no_list_price(capsys):
    cost_source = CostSource()
    async with demo_client() as client:
        session = Session(client, lambda: NOW, 0, CATALOGUE, cost_source=cost_source)
        await why(Engine(session), day=TODAY - OLD * DAY)
        await why(Engine(replace(session, memory=Knowing(day(OLD, SOL)))), day=TODAY - OLD * DAY)
    assert "disagree" in capsys.readouterr().out
    assert len(cost_source.windows) == 2, "one for each"


async def test_the_dashboard_tells_it_of_the_day_that_it_explains():
    memory = Knowing(day(OLD, SOL))
    async with dashboard(memory, memory=memory, cost_source=CostSource(), days=OLD) as board:
        await board.press("end", "i")
        assert "The archive and costs disagree on 2026-11-11" in board.text()
        assert "oai-usage-tui archive refresh --since 2026-11-11" in board.text()


@pytest.mark.slow
async def test_why_names_the_day_and_refresh_mends_it():
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    revised = today - OLD * DAY
    tokens = {"now": 100_000}

    def answer(asked):
        start, shift = int(asked.one("start_time")), (today - TODAY) // DAY
        ago = (today - datetime.fromtimestamp(start, UTC).replace(hour=0)) // DAY
        if asked.path.endswith("/costs"):
            line = {"amount": {"value": "1"}, "line_item": "gpt-5.6-sol, input", "quantity_unit": "tokens"}
            data = [{**bucket(each - shift), "results": []} for each in range(ago, -1, -1)]
            for each in data:
                is_revised = each["start_time"] == revised.timestamp()
                each["results"] = [{**line, "quantity": 300_000}] if is_revised else []
            return page(*data)
        if asked.one("bucket_width") != "1d":
            return page({"start_time": start, "results": []})
        data = [bucket(each - shift) for each in range(ago, -1, -1)]
        for each in data:
            if each["start_time"] == revised.timestamp():
                each["results"] = [result("gpt-5.6-sol", tokens["now"], 0)]
        return page(*data)

    async with Loopback(answer) as api:
        told = {"OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": f"http://127.0.0.1:{api.port}/v1"}
        await asyncio.to_thread(run, "export", "--days", "14", **told)
        before = await asyncio.to_thread(run, "why", **told)
        document = json.loads((await asyncio.to_thread(run, "why", "--json", **told)).stdout)
        tokens["now"] = 300_000
        refreshed = await asyncio.to_thread(run, "archive", "refresh", "--since", f"{revised:%Y-%m-%d}", **told)
        after = await asyncio.to_thread(run, "why", **told)
    assert f"The archive and costs disagree on {revised:%Y-%m-%d}" in before.stdout
    assert "costs count 300,000 tokens of gpt-5.6-sol, and the archive has 100,000" in before.stdout
    assert document["archive_and_costs_disagree"][0]["costs_tokens"] == 300_000
    assert f"1 changed: {revised:%Y-%m-%d}" in refreshed.stdout
    assert "disagree" not in after.stdout

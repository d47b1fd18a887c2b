"""How costs are asked for: seldom, only what still changes, and once more where a day was missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.support.builders import (
    DAY,
    NOW,
    TODAY,
)
from tui.domain.costs import UNREAD, Cost, Costs, costs_window, total
from tui.domain.time import last_days
from tui.engine.costs import EVERY, CostReader
from tui.errors import ScopeMissing, ServerFailed, TuiError
from tui.sources.openai.costs import CostClient

RESULTS = [
    {"object": "organization.costs.result", "amount": {"value": "0.060000000000000000001", "currency": "usd"},
     "line_item": "gpt-6-sol, input", "project_id": "p", "organization_id": "stray"},
    {"object": "organization.costs.result", "amount": {"value": 0.5, "currency": "usd"}, "line_item": None},
    {"object": "organization.costs.result", "amount": {"value": "1.5E-7"}},
    {"object": "organization.costs.result"},
]  # fmt: skip


async def test_amounts_are_read_as_strings_numbers_and_with_exponents(serve):
    start = int(TODAY.timestamp())
    pages = [
        {"data": [{"start_time": start, "results": RESULTS}], "has_more": True, "next_page": "two"},
        {"data": [{"start_time": start - 86_400, "results": []}], "has_more": False, "next_page": None},
    ]
    async with serve(lambda asked: pages[asked.one("page") == "two"]) as (client, asked):
        found = await CostClient(client).costs(last_days(NOW, 2))
    assert total(found.days[TODAY]) == Decimal("0.560000150000000000001")
    assert found.days[TODAY - DAY] == ()
    assert TODAY - 2 * DAY not in found.days, "which the API did not name"
    first, second = asked
    assert first.path == "/v1/organization/costs"
    assert first.all("group_by") == ["line_item", "project_id"]
    assert first.one("end_time") is None
    assert second.one("page") == "two"


class CostSource:
    """Costs from memory, which can be refused."""

    def __init__(self, error: TuiError | None = None) -> None:
        self.error, self.windows = error, []

    async def costs(self, window, by=()):
        self.windows.append(window)
        if self.error is not None:
            raise self.error
        return Costs({start: (Cost(Decimal(1), "x, input"),) for start in window.starts()})


async def test_costs_are_asked_for_every_fifteen_minutes_at_most_and_then_only_what_still_changes():
    cost_source = CostSource()
    reader = CostReader(cost_source)
    assert reader.is_due(NOW, 14)
    costs = UNREAD.updated(await reader.read(NOW, 14))
    assert not reader.is_due(NOW + EVERY - timedelta(seconds=1), 14)
    assert reader.is_due(NOW + EVERY, 14)
    assert reader.is_due(NOW, 100), "a longer window than before"
    costs = costs.updated(await reader.read(NOW + EVERY, 14))
    assert [len(list(window.starts())) for window in cost_source.windows] == [20, 5], (
        "four days back, they are restated"
    )
    assert len(costs.days) == 20


async def test_after_a_long_pause_no_day_is_missing_and_a_failure_is_not_asked_again_every_second():
    cost_source = CostSource()
    reader = CostReader(cost_source)
    costs = UNREAD.updated(await reader.read(NOW, 14))
    later = NOW + 6 * DAY
    costs = costs.updated(await reader.read(later, 14))
    assert all(TODAY.replace(day=1) + n * DAY in costs.days for n in range(26))
    cost_source.error = ServerFailed("in trouble (503).")
    assert reader.is_due(later, 100)
    costs = costs.updated(await reader.read(later, 100))
    assert len(costs.days) == 26
    assert "in trouble" in costs.problem
    assert not reader.is_due(later + timedelta(seconds=1), 100)
    cost_source.error = None
    await reader.read(later + EVERY, 100)
    assert cost_source.windows[-1].start == costs_window(later, 100).start


async def test_a_refusal_turns_costs_off_and_a_failure_does_not():
    cost_source = CostSource(ServerFailed("in trouble (503)."))
    reader = CostReader(cost_source)
    assert "could not be read. in trouble" in (await reader.read(NOW, 14)).problem
    assert reader.is_due(NOW + EVERY, 14)
    cost_source.error = ScopeMissing("The key may not (403).")
    assert "Costs are off." in (await reader.read(NOW + EVERY, 14)).problem
    assert not reader.is_due(NOW + 2 * EVERY, 14)


async def test_what_came_with_a_gap_is_asked_for_again_as_a_whole():
    class Gap(CostSource):
        async def costs(self, window, by=()):
            return replace(await super().costs(window), problem="Costs of 2026-11-03 could not be read.")

    cost_source = Gap()
    reader = CostReader(cost_source)
    await reader.read(NOW, 14)
    await reader.read(NOW + EVERY, 14)
    assert cost_source.windows[0].start == cost_source.windows[1].start


async def test_days_that_an_answer_does_not_name_are_asked_for_again():
    class Forgetful(CostSource):
        forgets = True

        async def costs(self, window, by=()):
            found = await super().costs(window)
            named = {start: lines for start, lines in found.days.items() if not self.forgets or start == TODAY}
            return replace(found, days=named)

    cost_source = Forgetful()
    reader = CostReader(cost_source)
    costs = UNREAD.updated(await reader.read(NOW, 14))
    cost_source.forgets = False
    costs = costs.updated(await reader.read(NOW + EVERY, 14))
    assert len(costs.days) == 20
    await reader.read(NOW + 2 * EVERY, 14)
    assert [len(list(window.starts())) for window in cost_source.windows] == [20, 20, 5]


def test_a_day_that_was_known_stays_where_lines_of_a_later_answer_are_left_out():
    known = Costs({TODAY: (Cost(Decimal(60)),)}, NOW)
    later = Costs({TODAY: (Cost(Decimal(10)),)}, NOW + EVERY, incomplete=frozenset({TODAY}))
    found = known.updated(later)
    assert (total(found.days[TODAY]), found.is_at_least(TODAY)) == (60, True)
    more = Costs({TODAY: (Cost(Decimal(70)),)}, NOW + EVERY, incomplete=frozenset({TODAY}))
    assert total(known.updated(more).days[TODAY]) == 70


async def test_costs_of_many_lines_come_in_smaller_pages(serve):
    def day(start):
        lines = [{**RESULTS[1], "line_item": f"{'x' * 900}, {number}"} for number in range(50)]
        return {"object": "bucket", "start_time": start, "results": lines}

    def answer(asked):
        first, limit = int(asked.one("page") or asked.one("start_time")), int(asked.one("limit"))
        days = [first + place * 86_400 for place in range(limit) if first + place * 86_400 <= TODAY.timestamp()]
        rest = days[-1] + 86_400
        return {"data": [*map(day, days)], "has_more": rest <= TODAY.timestamp(), "next_page": str(rest)}

    async with serve(answer, large_page=200_000) as (client, asked):
        found = await CostClient(client).costs(last_days(NOW, 9))
    assert [len(lines) for lines in found.days.values()] == [50] * 10
    assert len({each.one("limit") for each in asked}) > 1

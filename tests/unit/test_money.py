"""What it costs: exact sums, the month and its end, the budget, and what free tokens are worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import (
    CATALOGUE,
    DAY,
    FREE,
    NOW,
    TODAY,
    day,
    row,
    shown,
)
from tui.domain.aggregate import Aggregate
from tui.domain.costs import UNREAD, Cost, Costs, by_item, costs_window, dollars, month, month_of, total
from tui.domain.dimensions import Grouping
from tui.domain.filter import Filter
from tui.domain.prices import Factor, Price, Prices, unit_prices, with_own, worth
from tui.domain.table import View
from tui.domain.time import last_days
from tui.domain.usage import Bucket, Report
from tui.engine.costs import EVERY, CostReader
from tui.errors import ScopeMissing, ServerFailed, TuiError
from tui.facts.catalogue import published
from tui.facts.prices import prices
from tui.output.month import budget
from tui.output.worth import worth as worth_in_words
from tui.sources.openai.costs import CostClient

PRICES = Prices({"gpt-6-sol": (Price(Decimal(2), Decimal("0.2"), Decimal(10)),)}, date(2026, 11, 20), "test")

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=12)


def spent(*amounts: str, today: str = "0") -> Costs:
    """The days before today, yesterday first."""
    days = {TODAY - (ago + 1) * DAY: (Cost(Decimal(amount), "x, input"),) for ago, amount in enumerate(amounts)}
    return Costs({TODAY: (Cost(Decimal(today), "x, input"),), **days}, NOW)


@given(st.lists(AMOUNTS, max_size=20))
def test_amounts_are_exact(amounts):
    costs = [Cost(amount, f"item {place % 3}") for place, amount in enumerate(amounts)]
    assert sum(by_item(costs).values(), Decimal(0)) == total(costs) == sum(amounts, Decimal(0))


def test_the_months_end_is_expected_from_the_last_seven_full_days():
    found = month(spent(*["7"] * 19, today="3"), NOW, Decimal(500))
    assert found.so_far == 19 * 7 + 3
    assert found.left_days == 10
    assert found.expected == 19 * 7 + 3 + 10 * 7 + 4, "today will cost what such a day costs"
    assert found.percent == 27
    assert month(spent(*["7"] * 6), NOW, None).expected is None
    assert month(Costs(), NOW, None) is None


def test_the_window_of_costs_holds_the_month_the_days_of_the_forecast_and_what_is_shown():
    first = TODAY.replace(day=1)
    assert costs_window(NOW, 0).start == first
    assert costs_window(first + timedelta(hours=3), 0).start == first - 14 * DAY
    assert costs_window(NOW, 30).start == TODAY - 30 * DAY
    assert month_of(NOW).start == first


@pytest.mark.parametrize("amount", ["1E-28", "1E+14"])
def test_odd_amounts_have_a_percentage_all_the_same(amount):
    assert month(spent("1E+14"), NOW, Decimal(amount)).percent >= 0


def test_the_budget_is_spoken_of_in_words():
    under, over = month(spent(*["1"] * 19), NOW, Decimal(50)), month(spent(*["5"] * 19), NOW, Decimal(100))
    assert budget(under) == "38% of the budget of $50.00, $31.00 left; at this pace it lasts."
    assert budget(over).startswith("95% of the budget of $100.00, $5.00 left; at this pace est. $50.00 over it")
    assert budget(month(spent("1"), NOW, None)) is None


def test_free_tokens_are_worth_their_list_price_and_what_has_none_is_said():
    rows = [
        row("gpt-6-sol", 1_000_000, 100_000, service_tier=FREE, input_cached_tokens=500_000),
        row("gpt-6-sol-2026-11-01", 1_000_000, 0, service_tier=FREE),
        row("o9", 500, 0, service_tier=FREE),
        row("gpt-6-sol", 10**9, 0),
    ]
    found = worth(of_today(rows), PRICES)
    assert found.amount == Decimal("0.5") * 2 + Decimal("0.5") * Decimal("0.2") + 1 + 2
    assert (found.tokens, found.unpriced, found.models) == (2_100_000, 500, ("o9",))
    assert "est." in worth_in_words(found, PRICES)
    assert "o9" in worth_in_words(found, PRICES)


def of_today(rows):
    return Report(last_days(NOW, 0), {TODAY: Bucket(TODAY, tuple(rows))})


def test_a_window_is_valued_day_by_day():
    """gpt-5.6-luna cost 1 and 6 dollars a million tokens until 2026-07-30, and 0.20 and 1.20 since."""
    first = datetime(2026, 7, 29, tzinfo=UTC)
    free = (row("gpt-5.6-luna", 1_000_000, 1_000_000, service_tier=FREE),)
    days = {first + timedelta(days=ago): Bucket(first + timedelta(days=ago), free) for ago in (0, 1)}
    found = worth(Report(last_days(first + timedelta(days=1), 1), days), prices(None))
    assert found.amount == 7 + Decimal("1.4")


def test_a_model_has_no_price_before_its_first_one():
    later = Prices(
        {"m": (Price(Decimal(1), Decimal(1), Decimal(1), since=TODAY.date()),)}, date(2026, 11, 20), "test"
    )
    assert later.of("m", TODAY.date() - timedelta(days=1)) is None
    assert later.of("m", TODAY.date()) is not None


def test_what_is_written_to_the_cache_costs_a_quarter_more_and_for_twelve_hours_two_and_a_half_times():
    """Since gpt-5.6 (price lists of November 2026); of older models it costs what input costs."""
    counts = {"input_cache_write_tokens": 600_000, "input_cache_write_12h_tokens": 200_000}
    used = row("gpt-6-sol", 1_000_000, 0, **counts)
    assert prices(None).cost(used, TODAY.date()) == 2 * (
        Decimal("0.4") + Decimal("0.4") * Decimal("1.25") + Decimal("0.2") * Decimal("2.5")
    )
    assert prices(None).cost(replace(used, model="gpt-5"), TODAY.date()) == Decimal("1.25")


@pytest.mark.parametrize(
    ("tier", "batch", "day", "factor"),
    [
        ("flex", False, "2026-11-20", "0.5"),
        ("default", True, "2026-11-20", "0.5"),
        ("Priority", False, "2026-11-20", "2"),
        ("fast", False, "2026-11-20", "2"),
        ("ultrafast", False, "2027-02-28", "3"),
        ("ultrafast", False, "2027-03-01", "6"),
        ("a tier of 2028", False, "2026-11-20", "1"),
        (FREE, False, "2026-11-20", "1"),
        (None, None, "2026-11-20", "1"),
    ],
)
def test_service_tiers_and_batches_multiply_the_price(tier, batch, day, factor):
    """Batch and flex 0.5, fast (priority before) 2, ultrafast 3 until 2027-02-28 and 6 after (read 2026-11-25)."""
    used = row("gpt-6-sol", 1_000_000, 0, service_tier=tier, batch=batch)
    assert prices(None).cost(used, date.fromisoformat(day)) == 2 * Decimal(factor)


def test_regional_processing_costs_a_tenth_more_of_models_since_march_2026():
    used = row("gpt-5.4", 1_000_000, 0)
    assert prices(None).cost(used, TODAY.date(), regional=True) == Decimal("2.75")
    assert prices(None).cost(replace(used, model="gpt-5"), TODAY.date(), regional=True) == Decimal("1.25")


def line(item, amount, tokens):
    return Cost(Decimal(amount), item, tokens=tokens)


def used(*days, rows=()) -> Report:
    """Usage of these days, none of it free but for these rows of today."""
    window = last_days(NOW, 300)
    return Report(window, {**{start: Bucket(start) for start in days}, TODAY: Bucket(TODAY, tuple(rows))})


def test_an_organizations_own_prices_come_from_what_its_costs_count():
    yesterday = TODAY - timedelta(days=1)
    lines = (
        line("gpt-6-sol, input", "1.5", 1_000_000),
        line("gpt-6-sol, input_tokens", "0.7", 1_000_000),
        line("gpt-6-sol, output", "0", 5_000_000),
        line("gpt-6-sol, output, long context", "90", 1_000_000),
        line("priority | gpt-6-sol, input", "9", 1_000_000),
        line("gpt-6-sol, cached input", "0.1", 999),  # too few to tell
        line("web search tool calls", "9", None),
    )
    free = [row("gpt-6-sol", 1_000_000, 1_000_000, service_tier=FREE)]
    usage = used(yesterday, rows=free)
    assert unit_prices({yesterday: lines}, usage) == {("gpt-6-sol", "input"): {yesterday.date(): Decimal("1.5")}}
    assert unit_prices({TODAY: lines}, usage) == {}, "free tokens may be counted in today's lines"
    assert unit_prices({yesterday: lines}, used()) == {}, "and whether any were free on that day is not known"
    found = worth(usage, with_own(PRICES, {yesterday: lines}, usage))
    assert (found.amount, found.own) == (Decimal("11.5"), 1_000_000), "output has its list price"
    assert "where these do not tell" in worth_in_words(found, PRICES)
    whole = (*lines, line("gpt-6-sol, output", "8", 1_000_000))
    found = worth(usage, with_own(PRICES, {yesterday: whole}, usage))
    assert (found.amount, found.own) == (Decimal("9.5"), 2_000_000)
    assert "at the prices in your own costs." in worth_in_words(found, PRICES)


def test_own_prices_are_those_of_the_same_snapshot_and_of_days_with_the_same_list_price():
    july, august = datetime(2026, 7, 20, tzinfo=UTC), datetime(2026, 8, 20, tzinfo=UTC)
    yesterday = TODAY - timedelta(days=1)
    costs = {july: (line("gpt-5.6-luna, input", "1", 10**6),), TODAY: (line("gpt-4o-2024-05-13, input", "5", 10**6),)}
    own = with_own(prices(None), costs, used(july, yesterday))
    assert own.of("gpt-5.6-luna", august.date()).input == Decimal("0.2"), "it costs less since 2026-07-30"
    assert own.of("gpt-5.6-luna", july.date() - timedelta(days=3)).input == 1
    assert own.of("gpt-4o-2024-08-06", TODAY.date()).input == Decimal("2.5")
    before = {yesterday: (line("gpt-4o-2024-05-13, input", "4", 10**6),)}
    nearest = with_own(prices(None), {**costs, **before}, used(july, yesterday))
    assert nearest.of("gpt-4o-2024-05-13", TODAY.date() - timedelta(days=9)).input == 4


def test_factors_are_read_from_a_list_of_ones_own_and_may_be_left_out():
    assert PRICES.factor(row("m", 1, service_tier="flex"), TODAY.date()) == 1
    own = replace(PRICES, factors={"flex": (Factor(Decimal("0.4")),)})
    assert own.factor(row("m", 1, service_tier="flex"), TODAY.date()) == Decimal("0.4")


def test_every_model_that_can_be_free_has_a_price():
    shipped, lists = prices(None), published()
    assert [model for model in lists.pools.large | lists.pools.small if shipped.of(model, lists.as_of) is None] == []


def test_the_first_gpt_4o_has_a_price_of_its_own_and_none_for_cached_input():
    """5 and 15 dollars a million tokens, its family's being 2.50 and 10 (price lists of November 2026)."""
    price = prices(None).of("gpt-4o-2024-05-13", TODAY.date())
    assert (price.input, price.cached, price.output) == (5, 5, 15)
    assert prices(None).of("gpt-4o-2024-08-06", TODAY.date()).input == Decimal("2.5")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "$0"), ("1234.567", "$1,234.57"), ("0.5", "$0.50"), ("0.0042", "$0.0042"), ("0.00000001", "<$0.0001"),
        ("-3", "-$3.00"), ("0.999", "$1.00"),
    ],
)  # fmt: skip
def test_dollars_are_written_as_people_read_them(amount, words):
    assert dollars(Decimal(amount)) == words


def test_costs_stand_beside_models_and_projects_and_nothing_else():
    costs = Costs(
        {
            TODAY: (
                Cost(Decimal(2), "gpt-6-sol, input", "p"),
                Cost(Decimal(3), "gpt-6-sol, output", "q"),
                Cost(Decimal(5), "web search tool calls", "p"),
            )
        },
        NOW,
    )
    rows = [row("gpt-6-sol", project_id="p", user_id="u"), row("gpt-6-sol", project_id="q", user_id="u")]
    table_input = Report(last_days(TODAY, 0)).with_buckets([day(0, *rows)])

    def of(*by: str, words: str = "") -> list[Decimal | None]:
        view = View(grouping=Grouping(by), row_filter=Filter(words))
        return [line.cost for line in shown(table_input, {TODAY}, view, costs=costs)]

    assert of("model") == [10, 5, 5]
    assert of("project") == [10, 7, 3]
    assert of("project", "model") == [10, 7, 2, 5, 3, 3]
    assert of("user") == [10, None]
    assert of("model", words="project:q") == [3, 3]
    assert of("model", words="user:u") == [None, None]
    assert Aggregate(CATALOGUE).costs(costs.of(TODAY)) is not None


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

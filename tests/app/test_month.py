"""The month's money: credits, the forecast to its end, what is not known of it, and the budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, NOW, TODAY, Memory, day, demo_client, row
from tests.support.dashboard import dashboard
from tui.domain.costs import UNREAD, Cost, Costs, by_item, charges, credits_, dollars, month, total
from tui.engine.events import CostsRead
from tui.output import money as listed
from tui.output import month as said
from tui.sources.openai.costs import CostClient

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def cost(amount: str | int, item: str = "gpt-6-sol, input", **fields) -> Cost:
    return Cost(Decimal(amount), item, **fields)


def november(*missing: int, today: tuple[Cost, ...] | None = (), amount: str = "10", first: int = 1) -> Costs:
    """Costs of each day of November before the 25th, but for the missing ones, and of the 25th."""
    midnight = NOON.replace(hour=0)
    days = {midnight.replace(day=n): (cost(amount),) for n in range(first, 25) if n not in missing}
    return Costs({**days, **({} if today is None else {midnight: today})}, NOON)


def test_a_credit_is_in_the_sum_and_not_in_the_pace():
    found = month(november(today=(cost("0.895874"), cost(-25, "Promotional credit"))), NOON, None)
    assert dollars(found.expected) == "$275.00"
    assert found.expected == Decimal("275.000000")
    assert (found.so_far, found.charged, found.credited) == (
        Decimal("215.895874"), Decimal("240.895874"), Decimal(-25),
    )  # fmt: skip
    assert said.headline(found, NOON) == (
        "November 2026: $215.90 so far ($240.90 charged, $25.00 credited), est. $275.00 at its end."
    )


@given(st.integers(0, 23), st.decimals(min_value=0, max_value=1_000, places=2))
def test_a_credit_of_any_day_moves_the_forecast_by_itself(ago, amount):
    plain = november(today=(cost(3),))
    start = NOON.replace(hour=0) - ago * DAY
    given_back = Costs({**plain.days, start: (*plain.days[start], cost(-amount))}, NOON)
    expected = month(plain, NOON, None).expected
    assert abs(month(given_back, NOON, None).expected - (expected - amount)) < Decimal("1e-20")


def test_shares_are_of_the_charges_and_credits_stand_apart():
    lines = [cost(10), cost(90, "o3, input"), cost(-5), cost(-25, "Promotional credit")]
    assert by_item(charges(lines)) == {"o3, input": 90, "gpt-6-sol, input": 10}
    assert by_item(credits_(lines)) == {"gpt-6-sol, input": -5, "Promotional credit": -25}
    costs = Costs({TODAY: tuple(lines)}, NOW)
    assert listed.items(costs, NOW) == [("o3, input", 90), ("gpt-6-sol, input", 10)]
    assert listed.credited(costs, NOW) == [("Promotional credit", -25), ("gpt-6-sol, input", -5)]
    assert dict(listed.days(costs, NOW))["2026-11-20"] == "$70.00  so far, $30.00 of credits taken off"


def test_days_that_costs_do_not_name_are_not_known_and_neither_nothing_nor_forgotten():
    whole, lagging = november(today=(cost(4),)), november(23, 24, today=None)
    found = month(lagging, NOON, None)
    assert found.so_far == 220
    assert found.expected == month(whole, NOON, None).expected == 300, "the mean stands for a day that is not known"
    assert [start.day for start in found.unnamed] == [23, 24, 25]
    assert next(said.gaps(found)) == "Not known yet, and not counted: 2026-11-23 to 2026-11-25."
    assert dict(listed.days(lagging, NOON))["2026-11-24"] == "not known yet"


@pytest.mark.parametrize("costs", [november(first=19), november(*range(8, 22)), november(*range(1, 25))])
def test_a_forecast_needs_seven_full_days(costs):
    found = month(costs, NOON, None)
    assert found.expected is None
    assert "needs seven full days" in said.headline(found, NOON)


def test_a_day_that_was_read_before_its_end_or_only_in_part_is_no_full_day():
    costs = november(today=(cost(4),))
    yesterday = NOON.replace(hour=0) - DAY
    early = Costs({**costs.days, yesterday: (cost(1),)}, NOON, asked_at={yesterday: yesterday + timedelta(hours=3)})
    in_part = Costs({**costs.days, yesterday: (cost(1),)}, NOON, incomplete=frozenset({yesterday}))
    for each in (early, in_part):
        found = month(each, NOON, None)
        assert found.so_far == 235
        assert found.expected == 300, "it is short of the mean, and takes no part in it"
    assert month(in_part, NOON, None).at_least == (yesterday,)
    assert "at least $235.00 so far" in said.headline(month(in_part, NOON, None), NOON)


def test_the_first_day_of_a_month_has_a_forecast_from_the_month_before():
    first = datetime(2026, 12, 1, 0, 10, tzinfo=UTC)
    days = {first.replace(hour=0, minute=0) - n * DAY: (cost(10),) for n in range(2, 12)}
    found = month(Costs(days, first), first, Decimal(500))
    assert (found.so_far, found.expected, found.left_days) == (0, 310, 30)
    assert said.headline(found, first) == "December 2026: no day's costs are known yet, est. $310.00 at its end."


def test_the_last_day_of_a_month_has_nothing_left():
    last = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    days = {last.replace(hour=0, minute=0) - n * DAY: (cost(10),) for n in range(30)}
    assert month(Costs(days, last), last, None).expected == 300


def test_other_currencies_are_never_added_to_dollars():
    costs = november(today=(cost(4), cost(100, currency="eur"), cost("2.5", currency="eur"), cost(7, currency="jpy")))
    found = month(costs, NOON, None)
    assert found.so_far == 244
    assert list(said.gaps(found)) == [
        "Not all lines could be counted: 2026-11-25.",
        "In other currencies, and not part of any sum in dollars: 102.50 EUR, 7.00 JPY.",
    ]
    assert total([cost(1, currency="eur")]) == 0


@pytest.mark.parametrize(
    ("so_far", "budget", "percent"),
    [("-25", "100", -25), ("-0.5", "100", -1), ("0", "100", 0), ("99.99", "100", 99), ("5", "0", None)],
)
def test_a_budget_stands_beside_any_sum(so_far, budget, percent):
    found = month(Costs({TODAY: (cost(so_far),)}, NOW), NOW, Decimal(budget))
    assert found.percent == percent
    assert said.budget(found)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((cost(-25),), "-25%  -$25.00 / $100.00"),
        ((), "0%  $0 / $100.00"),
        ((cost(150),), "150%  over  $150.00 / $100.00"),
    ],
)
async def test_the_gauge_shows_any_sum(lines, words):
    class Fixed:
        async def costs(self, window, by=()):
            return Costs({TODAY: lines})

    async with dashboard(Memory(day(0, row())), cost_source=Fixed(), budget=Decimal(100)) as board:
        assert words in board.text()


ANSWERED = st.lists(st.tuples(st.integers(0, 50), st.sets(st.integers(0, 4))), max_size=6)


@given(ANSWERED)
def test_an_answer_is_as_old_as_its_request_and_never_takes_the_place_of_a_newer_one(answers):
    costs, newest = UNREAD, {}
    for minute, days in answers:  # in the order in which they arrive
        asked = NOW + timedelta(minutes=minute)
        costs = costs.updated(Costs({TODAY - n * DAY: (cost(minute),) for n in days}, asked))
        for n in days:
            newest[TODAY - n * DAY] = max(minute, newest.get(TODAY - n * DAY, 0))
    assert {start: total(lines) for start, lines in costs.days.items()} == newest


def test_an_answer_of_a_clock_that_was_wrong_does_not_stay_for_ever():
    wrong = UNREAD.updated(Costs({TODAY: (cost(1),)}, NOW + 90 * DAY))
    assert total(wrong.updated(Costs({TODAY: (cost(2),)}, NOW)).days[TODAY]) == 2


def test_days_before_what_the_api_keeps_are_not_kept_and_not_unknown():
    costs = Costs({TODAY: ()}, NOW, kept_from=TODAY - DAY)
    assert [words for _, words in listed.days(costs, NOW, count=3)][1:] == ["not known yet", "not kept by the API"]


async def test_the_months_money_is_summed_once_for_the_same_costs_and_not_each_second():
    """A large organization has 100,000 lines of costs a month: to sum them took 170 ms of each second."""
    async with demo_client() as client, dashboard(client, days=1, cost_source=CostClient(client)) as there:
        screen = there.screen
        first = screen.memo.month(screen.state, NOW)
        assert first is not None
        assert screen.memo.month(screen.state, NOW + timedelta(seconds=1)) is first
        costs = screen.state.costs
        screen.dispatch(CostsRead(replace(costs, read_at=NOW + timedelta(hours=1))))
        assert screen.memo.month(screen.state, NOW) is not first, "it was read again"
        assert screen.memo.month(screen.state, NOW + timedelta(days=1)) is not first, "it is another day"

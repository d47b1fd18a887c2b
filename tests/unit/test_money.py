"""What it costs: exact sums, the month and its end, the budget, and costs beside models and projects."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import (
    CATALOGUE,
    DAY,
    NOW,
    TODAY,
    day,
    row,
    shown,
)
from tui.domain.aggregate import Aggregate
from tui.domain.costs import Cost, Costs, by_item, costs_window, dollars, month, month_of, total
from tui.domain.dimensions import Grouping
from tui.domain.filter import Filter
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.domain.view import View
from tui.output.month import budget

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

"""Prices: what tokens cost by the list, or by an organization's own costs, and what free ones are worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.support.builders import (
    FREE,
    NOW,
    TODAY,
    row,
)
from tui.domain.costs import Cost
from tui.domain.prices import Factor, Price, Prices, unit_prices, with_own, worth
from tui.domain.time import last_days
from tui.domain.usage import Bucket, Report
from tui.facts.catalogue import published
from tui.facts.prices import prices
from tui.output.worth import worth as worth_in_words

PRICES = Prices({"gpt-6-sol": (Price(Decimal(2), Decimal("0.2"), Decimal(10)),)}, date(2026, 11, 20), "test")


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
    assert prices(None).cost(used._replace(model="gpt-5"), TODAY.date()) == Decimal("1.25")


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
    assert prices(None).cost(used._replace(model="gpt-5"), TODAY.date(), regional=True) == Decimal("1.25")


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

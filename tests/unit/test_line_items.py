"""Line items of costs: which model, service tier and kind of tokens; what is not understood loses no money."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, NOW, TODAY, day, row, shown
from tui.domain.costs import Cost, Costs, by_model, total
from tui.domain.dimensions import Grouping
from tui.domain.line_items import OTHER, LineItem, parse
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.domain.view import COST, Order, View

UNDERSTOOD = {
    "gpt-5.6-sol, input": ("gpt-5.6-sol", None, "input"),
    "gpt-5.4-2026-03-05, cached input": ("gpt-5.4-2026-03-05", None, "cached input"),
    "gpt-6-astra, input_tokens": ("gpt-6-astra", None, "input_tokens"),
    "priority | gpt-5.6-sol, output, long context": ("gpt-5.6-sol", "priority", "output, long context"),
    "gpt-5.6-sol, cache writes - 12hr": ("gpt-5.6-sol", None, "cache writes - 12hr"),
    "gpt-audio-mini-2025-12-15 audio, input": ("gpt-audio-mini-2025-12-15", None, "audio input"),
    "priority | gpt-audio-mini-2025-12-15 audio, input": ("gpt-audio-mini-2025-12-15", "priority", "audio input"),
    "ft:gpt-4o-2024-08-06:acme:[prod]:x, output": ("ft:gpt-4o-2024-08-06:acme:[prod]:x", None, "output"),
    "evals | gpt-4o-mini, input": ("gpt-4o-mini", "evals", "input"),
    "whisper-1": ("whisper-1", None, None),
}

OTHERS = (
    "web search tool calls", "assistants api | file search", "Promotional credit", "input_tokens", "storage",
    "code interpreter sessions, 1 GB", "storage, 1 GB", "a, b | c", "|", ",", ", input", "priority | , input",
)  # fmt: skip


@pytest.mark.parametrize(("words", "parts"), UNDERSTOOD.items())
def test_a_line_item_is_a_model_a_service_tier_and_a_kind_of_tokens(words, parts):
    assert parse(words) == LineItem(words, *parts)


@pytest.mark.parametrize("words", OTHERS)
def test_what_is_not_understood_keeps_its_words_and_is_of_no_model(words):
    assert parse(words) == LineItem(words)


@pytest.mark.parametrize("piece", ["a", "1", "-", "a.", "1 ", ", a", "|"])
def test_very_long_words_are_read_in_no_more_than_their_length(piece):
    """A form that goes back and forth would take half an hour for these."""
    words = piece * 200_000
    assert parse(words).words == words
    assert parse(f"{words} x").words == f"{words} x"


@pytest.mark.parametrize("words", [None, "", "  "])
def test_what_is_not_itemized_says_so(words):
    assert parse(words) == LineItem("(not itemized)")


def test_all_forms_of_one_model_are_one_sum_and_the_rest_is_other():
    costs = [
        Cost(Decimal(1), "gpt-5.6-sol, input"), Cost(Decimal(2), "priority | gpt-5.6-sol, output, long context"),
        Cost(Decimal(4), "gpt-5.6-sol, cache writes - 12hr"), Cost(Decimal(64), "gpt-5.6-sol, output"),
        Cost(Decimal(8), "gpt-audio-mini-2025-12-15 audio, input"), Cost(Decimal(16), "web search tool calls"),
    ]  # fmt: skip
    assert by_model(costs) == {"gpt-5.6-sol": 71, OTHER: 16, "gpt-audio-mini-2025-12-15": 8}


ITEMS = st.one_of(st.sampled_from([*UNDERSTOOD, *OTHERS, None]), st.text(max_size=30))

COSTS = st.lists(
    st.builds(
        partial(Cost),
        st.decimals(min_value=-(10**6), max_value=10**6, places=6),
        ITEMS,
        st.sampled_from(["p", "q", None]),
        st.sampled_from(["usd", "usd", "usd", "eur"]),
    ),
    max_size=12,
)

USED = [row("gpt-5.6-sol", project_id="p"), row("gpt-4o-mini", project_id="q"), row("o3", project_id="p")]

GROUPINGS = [("model",), ("pool",), ("project",), ("project", "model"), ("model", "project"), ("pool", "model")]


@given(COSTS, st.sampled_from(GROUPINGS), st.sampled_from(["total", COST, "name"]), st.booleans(), st.booleans())
def test_a_day_is_its_models_and_other_always(costs, by, order, is_used, merged):
    table_input = Report(last_days(TODAY, 0)).with_buckets([day(0, *(USED if is_used else ()))])
    view = View(grouping=Grouping(by), order=Order(order), merged=merged)
    first, *under = shown(table_input, {TODAY}, view, costs=Costs({TODAY: tuple(costs)}, NOW))
    in_dollars = [cost for cost in costs if cost.is_in_dollars]
    assert first.cost == (None if costs and not in_dollars else total(costs)), "other currencies are no dollars"
    for depth in range(1, len(by) + 1):
        parts = [line.cost or 0 for line in under if len(line.names) == depth]
        assert sum(parts) == (first.cost or 0), "none is lost, none is counted twice"


def test_the_money_of_a_pool_is_that_of_its_models_and_what_has_no_model_is_in_none():
    costs = Costs(
        {TODAY: (Cost(Decimal(3), "priority | gpt-5.6-sol, output, long context"), Cost(Decimal(4), "storage"))}, NOW
    )
    table_input = Report(last_days(TODAY, 0)).with_buckets([day(0, row("gpt-5.6-sol"))])
    lines = shown(table_input, {TODAY}, View(grouping=Grouping(("pool",))), costs=costs)
    assert {line.names: line.cost for line in lines} == {(): 7, (CATALOGUE.pool_of("gpt-5.6-sol"),): 3, (OTHER,): 4}


def test_the_lines_that_are_left_out_at_first_have_a_cost_together():
    rows = [row(f"m{number}", number) for number in range(1, 151)]
    costs = Costs({TODAY: tuple(Cost(Decimal(1), f"m{number}, input") for number in range(1, 151))}, NOW)
    table_input = Report(last_days(TODAY, 0)).with_buckets([day(0, *rows)])
    *_, rest = shown(table_input, {TODAY}, View(), costs=costs)
    assert (rest.rest, rest.cost) == (50, 50)


def test_what_costs_less_than_nothing_stands_above_what_is_not_known():
    costs = Costs({TODAY: (Cost(Decimal(-25), "gpt-5.6-sol, input"),)}, NOW)
    table_input = Report(last_days(TODAY, 0)).with_buckets([day(0, row("gpt-5.6-sol"), row("o3"))])
    lines = shown(table_input, {TODAY}, View(order=Order(COST)), costs=costs)
    assert [line.names for line in lines[1:]] == [("gpt-5.6-sol",), ("o3",)]

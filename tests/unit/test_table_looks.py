"""What a line of a day shows at a glance: its weekday, how large it was, what of it was free, and what is amiss."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import TODAY
from tui.domain.dimensions import undated
from tui.domain.line import Line
from tui.domain.rows import Sums
from tui.domain.time import Width
from tui.domain.view import USUAL, Order, View
from tui.ui import columns, theme
from tui.ui.widgets.inline_bar import BILLED, FREE, bar


def layout(width: int, view: View = USUAL, *, costs: bool = False, ago: int = 0) -> columns.Layout:
    lines = [Line(TODAY - n * timedelta(days=1), (), Sums(input=1_230_052, output=236_652)) for n in range(ago + 1)]
    return columns.fit(lines, width, Width.DAY, view, lambda names: names, costs=costs)


def names(width: int, *, costs: bool) -> tuple[str, ...]:
    return tuple(name for name, _ in layout(width, costs=costs).widths)[2:]


def test_dates_have_weekdays_and_those_of_a_year_ago_their_year():
    found = layout(81, ago=364)
    assert found.date(Line(TODAY)) == "Fri 20 Nov"
    assert found.date(Line(TODAY - timedelta(days=60))) == "Mon 21 Sep"
    assert found.date(Line(TODAY - timedelta(days=364))) == "21 Nov '25"
    assert all(len(found.date(Line(TODAY - timedelta(days=n)))) == 10 for n in range(365))


@pytest.mark.parametrize("day", [datetime(2027, 1, 1, tzinfo=UTC)])
def test_the_turn_of_the_year_is_nothing_special(day):
    found = columns.fit([Line(day, (), Sums())], 81, Width.DAY, View(), lambda names: names, costs=False)
    assert found.date(Line(day - timedelta(days=1))) == "Thu 31 Dec"


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_where_costs_are_known_they_stay_longer_than_requests(width):
    assert "cost" in names(width, costs=True)
    assert "cost" not in names(width, costs=False)


def test_one_thing_has_one_name_at_every_width():
    for width in range(60, 200):
        for costs in (False, True):
            found = layout(width, costs=costs)
            titles = {name: found.title(name) for name, _ in found.widths}
            assert titles.get("share", "Free%") == "Free%"
            assert titles.get("free", "Free") == "Free"


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        (Order(), ("Model", "Total↓", "Input")),
        (Order("input", ascending=True), ("Model", "Total", "Input↑")),
        (Order("name", ascending=True), ("Model↑", "Total", "Input")),
    ],
)
def test_the_head_of_the_column_says_what_lines_are_ordered_by(order, titles):
    found = layout(120, View(order=order))
    assert tuple(found.title(name) for name in (columns.NAMES, "total", "input")) == titles


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 40))
def test_a_bar_is_as_long_as_its_part_and_shows_both_however_small(free, billed, other, cells):
    used = Sums(input=free + billed, free=free)
    largest = max(free + billed, other)
    drawn = bar(used, largest, cells)
    assert len(drawn.plain) <= cells
    assert set(drawn.plain) <= {FREE, BILLED}
    if len(drawn.plain) > 1:
        assert (FREE in drawn.plain) == bool(free)
        assert (BILLED in drawn.plain) == bool(billed)
    assert {span.style for span in drawn.spans} <= {theme.FREE, theme.BILLED}


def test_the_largest_fills_its_room_and_one_half_as_large_the_half_of_it():
    assert bar(Sums(input=100, free=50), 100, 8).plain == FREE * 4 + BILLED * 4
    assert bar(Sums(input=50), 100, 8).plain == BILLED * 4
    assert bar(Sums(amount=7), 7, 3).plain == FREE * 3


def test_a_name_loses_its_date_only_where_that_tells_no_models_apart():
    assert undated({"gpt-5.4-2026-03-05", "gpt-5.4-mini-2026-03-17"}) == {
        "gpt-5.4-2026-03-05": "gpt-5.4",
        "gpt-5.4-mini-2026-03-17": "gpt-5.4-mini",
    }
    assert undated({"gpt-5.4-2026-03-05", "gpt-5.4"}) == {}
    assert undated({"gpt-5.4-2026-03-05", "gpt-5.4-2026-06-01", "o3"}) == {}


@given(st.sets(st.sampled_from(["a", "a-2026-01-01", "a-2026-02-02", "b-2026-01-01", "b-0613", "c"])))
def test_names_that_differ_never_become_the_same(models):
    shorter = undated(models)
    assert len({shorter.get(model, model) for model in models}) == len(models)

"""Charts begin at zero, show what is small, leave out what is unknown, and never touch the real terminal."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from tui.domain import formatting
from tui.ui import plot
from tui.ui.blocks import GAP, PARTS
from tui.ui.plot import Axes

SERIES = st.lists(st.none() | st.integers(0, 2**63), min_size=1, max_size=400).map(tuple)


@given(SERIES, st.integers(20, 90), st.integers(5, 20))
def test_the_highest_column_reaches_the_peak_that_is_named(series, width, height):
    """Wherever days share a column: a mean would not reach it."""
    known = [value for value in series if value is not None]
    on = axes(series, width, height)
    if known and max(known) > 0 and on.is_seen:
        drawn = plot.columns(series, on)
        filled = [line for line in drawn.split("\n")[: on.rows] if set(line) & set(PARTS)]
        assert len(filled) == -(-max(1, round(max(known) * on.rows * 8 / on.top)) // 8)


@given(st.integers(1, 10**15))
@example(1_000_000_000_001)
def test_the_axis_ends_near_the_peak(value):
    top = plot.top_of([value])
    assert value <= top <= max(2, value * 1.2 + 1)
    assert len(formatting.short(top)) <= 4
    assert len(formatting.short(top / 2)) <= 4


@given(SERIES, SERIES, st.integers(20, 90))
def test_charts_one_under_the_other_have_the_same_columns(one, other, width):
    other = (other * len(one))[: len(one)]
    margin = plot.margin(plot.top_of(one), plot.top_of(other))
    first, second = axes(one, width, 8, margin), axes(other, width, 8, margin)
    assert [first.place(n) for n in range(len(one))] == [second.place(n) for n in range(len(one))]
    if first.is_seen:
        ticks = [plot.columns(series, on).split("\n")[-2:] for series, on in ((one, first), (other, second))]
        assert ticks[0] == ticks[1]


def test_thirty_one_days_are_thirty_one_columns_where_there_is_room_and_else_whole_days_share_one():
    days = tuple(range(31))
    wide, narrow = axes(days, 36, 8, 4), axes(days, 35, 8, 4)
    assert len({wide.place(n) for n in days}) == 31
    assert [narrow.place(n) for n in (0, 1, 2, 29, 30)] == [0, 1, 1, 15, 15], "the newest two share one"


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=30))
def test_of_a_stack_both_parts_are_seen(parts):
    lower, upper = zip(*parts, strict=True)
    on = Axes(70, 12, len(parts), plot.top_of([a + b for a, b in parts]), ["x"] * len(parts))
    drawn = plot.stacked(lower, upper, on)
    tallest = max(parts, key=sum)
    if sum(tallest) and min(tallest) * 3 > sum(tallest):
        assert "█" in drawn
        assert plot.UPPER in drawn
    assert ("█" in drawn) <= any(lower)
    assert (plot.UPPER in drawn) <= any(upper)


def test_a_pool_fills_against_its_limit_over_24_hours_whatever_was_used():
    on = Axes(40, 12, 24, 300, [f"{n:02}" for n in range(24)], 4)
    lines = plot.burn_up([10, 20, None, 60], [float(60 + 20 * n) for n in range(20)], 250, on).split("\n")
    assert lines[-1].split()[0] == "00"
    assert lines[-1].split() == ["00", "06", "12", "18", "23"]
    assert any(line.count(plot.LIMIT) > 10 for line in lines[:4])
    assert any(plot.EVEN in line for line in lines)
    assert lines[-3].count(plot.UPPER) == 20
    assert GAP in lines[-3]


def axes(series, width: int, height: int, margin: int = 0) -> Axes:
    return Axes(width, height, len(series), plot.top_of(series), [f"{n:03}" for n in range(len(series))], margin)


@given(SERIES, st.integers(0, 80), st.integers(0, 20), st.sampled_from(["columns", "stacked", "burn_up"]))
def test_charts_fit_or_are_left_out(series, width, height, kind):
    on = axes(series, width, height)
    if kind == "columns":
        drawn = plot.columns(series, on)
    elif kind == "stacked":
        drawn = plot.stacked(series, series[::-1], on)
    else:
        half = len(series) // 2
        drawn = plot.burn_up(series[:half], [float(value or 0) for value in series[half:]], on.top, on)
    lines = drawn.split("\n") if drawn else []
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)


def test_columns_stand_on_an_axis_with_zero_and_dates():
    series = (0, 500_000, 1_000_000)
    lines = plot.columns(series, Axes(30, 7, 3, plot.top_of(series), ("08 Nov", "15 Nov", "22 Nov"))).split("\n")
    assert len(lines) == 7
    assert [re.match(r" *(\S*?)[┤│└]", line)[1] for line in lines[:5]] == ["1M", "", "500k", "", "0"]
    assert lines[0].count("█") == lines[1].count("█") > 0
    assert lines[4].count("█") == 2 * lines[0].count("█"), "zero has no column"
    assert "08 Nov" in lines[-1]
    assert "22 Nov" in lines[-1]


def test_drawing_says_nothing(capfd):
    for height in range(12):
        plot.columns((1, 2, 3), axes((1, 2, 3), 30, height))
    assert capfd.readouterr() == ("", "")


def test_an_axis_of_dollars_ends_near_the_peak_too():
    assert plot.top_of([0.05, 0.4], plot.CENTS) == 0.4
    assert plot.top_of([14.76], plot.CENTS) == 16
    assert plot.top_of([0.001], plot.CENTS) == plot.CENTS

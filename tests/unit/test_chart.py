"""Charts begin at zero, show what is small, leave out what is unknown, and never touch the real terminal."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tui.ui import plot

SERIES = st.lists(st.none() | st.integers(0, 2**63), min_size=1, max_size=400).map(tuple)

LABELS = ("08 Nov", "22 Nov")


def test_a_sparkline_is_one_mark_a_value_from_zero():
    assert plot.sparkline((0, 1, 2, 3, 4, 5, 6, 7, 8), 20) == " ▁▂▃▄▅▆▇█"


def test_a_little_is_more_than_nothing_and_unknown_is_neither():
    assert plot.sparkline((0, 1, 10**9, None), 20) == " ▁█·"


def test_nothing_at_all_is_flat():
    assert plot.sparkline((0, 0, 0), 20) == "   "
    assert plot.sparkline((), 20) == ""


def test_more_values_than_cells_are_means_of_neighbours():
    assert plot.sparkline((8, 8, 0, 0, 8, 8), 3) == "█ █"
    assert plot.sparkline((8, None, None, None), 2) == "█·"


@given(SERIES, st.integers(1, 60))
def test_a_sparkline_fits(series, width):
    line = plot.sparkline(series, width)
    assert len(line) == min(len(series), width)
    assert set(line) <= set(plot.BLOCKS + plot.GAP)


@given(SERIES, st.integers(0, 80), st.integers(0, 20))
def test_columns_fit_or_are_left_out(series, width, height):
    drawn = plot.columns(series, LABELS, width, height)
    lines = drawn.split("\n") if drawn else []
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)


def test_columns_stand_on_an_axis_with_zero_and_dates():
    lines = plot.columns((0, 500_000, 1_000_000), LABELS, 30, 7).split("\n")
    assert len(lines) == 7
    assert [re.match(r" *(\S*?)[┤│└]", line)[1] for line in lines[:5]] == ["1M", "", "500k", "", "0"]
    assert lines[0].count("█") == lines[1].count("█") > 0
    assert lines[4].count("█") == 2 * lines[0].count("█"), "zero has no column"
    assert "08 Nov" in lines[-1]
    assert "22 Nov" in lines[-1]


def test_drawing_says_nothing(capfd):
    for height in range(12):
        plot.columns((1, 2, 3), LABELS, 30, height)
    assert capfd.readouterr() == ("", "")

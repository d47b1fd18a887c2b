"""A line of one row is read as blocks from zero: what is small is seen, and what is unknown is left open."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.blocks import BLOCKS, GAP, sparkline

SERIES = st.lists(st.none() | st.integers(0, 2**63), min_size=1, max_size=400).map(tuple)


def test_a_sparkline_is_one_mark_a_value_from_zero():
    assert sparkline((0, 1, 2, 3, 4, 5, 6, 7, 8), 9) == " ▁▂▃▄▅▆▇█"


def test_a_little_is_more_than_nothing_and_unknown_is_neither():
    assert sparkline((0, 1, 10**9, None), 4) == " ▁█·"


def test_nothing_at_all_is_flat():
    assert sparkline((0, 0, 0), 3) == "   "
    assert sparkline((), 20) == ""


def test_where_values_share_a_cell_it_is_the_largest_of_whole_ones():
    assert sparkline((8, 1, 0, 0, 1, 8), 3) == "█ █"
    assert sparkline((8, None, None, None), 2) == "█·"
    assert sparkline((8, 0, 0, 4), 3) == "█▄", "the newest two together, and the first two"


def test_a_sparkline_uses_the_room_that_there_is():
    assert sparkline((8, 0, 8), 11) == "███   ███"


@given(SERIES, st.integers(1, 60))
def test_a_sparkline_fits(series, width):
    line = sparkline(series, width)
    assert len(line) <= width
    assert len(line) * 2 > width or len(line) >= len(series), "it is as long as whole cells allow"
    assert set(line) <= set(BLOCKS + GAP)

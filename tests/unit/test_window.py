from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, NOW, TODAY
from tui.domain.time import Width, Window, last_days, midnight, until_reset

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def test_a_window_counts_whole_days_before_today_and_includes_today():
    window = last_days(NOW, 14)
    assert (window.start, window.end) == (TODAY - 14 * DAY, TODAY + DAY)
    assert window.running
    assert len(list(window.starts())) == 15


def test_today_alone_is_a_window():
    assert list(last_days(NOW, 0).starts()) == [TODAY]


def test_a_day_is_a_utc_day_wherever_the_clock_stands():
    tokyo = datetime(2026, 11, 21, 5, 0, tzinfo=timezone(timedelta(hours=9)))
    assert midnight(tokyo) == TODAY


def test_an_empty_window_is_refused():
    with pytest.raises(ValueError, match="empty"):
        Window(NOW, NOW)


def test_the_reset_is_at_midnight_utc():
    assert until_reset(NOW) == timedelta(hours=9, minutes=57)


@given(MOMENTS, st.integers(0, 365))
def test_pieces_cover_the_window_once_newest_first_and_only_the_newest_runs(moment, days):
    window = last_days(moment, days)
    pieces = list(window.pieces())
    assert [start for piece in reversed(pieces) for start in piece.starts()] == list(window.starts())
    assert all(len(list(piece.starts())) <= 31 for piece in pieces)
    assert [piece.running for piece in pieces] == [True] + [False] * (len(pieces) - 1)


@given(MOMENTS, st.sampled_from(Width))
def test_a_bucket_holds_the_moments_that_floor_to_it(moment, width):
    start = width.floor(moment)
    assert start <= moment < start + width.span
    assert width.floor(start) == start

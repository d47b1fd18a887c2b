"""The calendar of a year: its days, their levels, and what is not known of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, FREE, NOW, TODAY, day, row
from tui.domain.costs import UNREAD, Cost, Costs
from tui.domain.usage import Bucket, Report
from tui.domain.year import (
    TOP,
    WEEKS,
    Gap,
    Measure,
    Scale,
    days_of,
    month_away,
    months_of,
    place_of,
    totals,
    year_of,
)

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
TOKENS = st.lists(st.integers(0, 10**12), max_size=60)
DOLLARS = st.lists(st.decimals(-100, 10**6, places=4), max_size=60)


@given(MOMENTS)
def test_the_days_fill_the_columns_from_a_monday_to_today(now):
    window = year_of(now)
    places = [place_of(window, start) for start in window.starts()]
    assert len(set(places)) == len(places)
    assert places == [(column, row) for column in range(WEEKS) for row in range(7)][: len(places)]
    assert 365 <= len(places) <= 371
    assert places[-1] == (WEEKS - 1, now.weekday())
    assert all(place_of(window, start)[1] == start.weekday() for start in window.starts())


@given(MOMENTS)
def test_each_month_begins_once_and_in_order(now):
    window = year_of(now)
    months = list(months_of(window))
    assert [column for column, _ in months] == sorted(column for column, _ in months)
    assert len({(start.year, start.month) for _, start in months}) == len(months)
    assert {(start.year, start.month) for start in window.starts()} == {(at.year, at.month) for _, at in months}


@given(TOKENS | DOLLARS)
def test_levels_follow_the_amounts_and_the_largest_is_on_the_highest(amounts):
    scale = Scale.of(amounts)
    levels = [scale.level(amount) for amount in sorted(amounts)]
    assert levels == sorted(levels)
    assert all(0 <= level <= TOP for level in levels)
    assert all((level == 0) is (amount <= 0) for level, amount in zip(levels, sorted(amounts), strict=True))
    assert all(level >= scale.lowest for level in levels if level)
    if levels and max(amounts) > 0:
        assert levels[-1] == TOP


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=60))
def test_a_bound_is_written_as_it_is_counted(amounts):
    """The legend rounds to fewer digits than the numbers have: with these bounds nothing is lost."""
    for bound in Scale.of(amounts).bounds:
        assert len(str(bound).rstrip("0")) <= 2


def test_one_extreme_day_leaves_the_others_their_levels():
    ordinary = [(n % 10 + 1) * 100_000 for n in range(364)]
    before, after = Scale.of(ordinary), Scale.of([*ordinary, 10**12])
    assert {after.level(amount) for amount in ordinary} == {1, 2, 3, 4}
    assert [after.level(amount) for amount in ordinary] == [before.level(amount) for amount in ordinary]


def test_days_that_are_alike_are_on_one_level():
    assert {Scale.of([5] * 300).level(5)} == {TOP}
    assert Scale.of([]).level(0) == 0


def test_what_is_not_known_is_never_nothing():
    report = Report(year_of(NOW), {TODAY: Bucket(TODAY)}, frozenset({TODAY - 5 * DAY}))
    known = {each.start: each for each in days_of(report, UNREAD, NOW)}
    today, gone, unread = known[TODAY], known[TODAY - 5 * DAY], known[TODAY - DAY]
    assert today.amount(Measure.TOKENS) == 0
    assert today.gap_in(Measure.TOKENS) is None
    assert (gone.amount(Measure.TOKENS), gone.gap_in(Measure.TOKENS)) == (None, Gap.NOT_KEPT)
    assert (unread.amount(Measure.BILLED), unread.gap_in(Measure.BILLED)) == (None, Gap.UNREAD)
    assert today.gap_in(Measure.DOLLARS) is Gap.UNREAD, "no costs were read"


def test_costs_that_are_late_are_not_counted_yet_and_old_ones_not_kept_or_not_read():
    costs = Costs({TODAY - 2 * DAY: (Cost(Decimal(3)),)}, NOW, kept_from=TODAY - 30 * DAY)
    known = {each.start: each for each in days_of(Report(year_of(NOW)), costs, NOW)}
    assert known[TODAY - 2 * DAY].amount(Measure.DOLLARS) == 3
    assert known[TODAY].gap_in(Measure.DOLLARS) is Gap.NOT_COUNTED
    assert known[TODAY - 20 * DAY].gap_in(Measure.DOLLARS) is Gap.UNREAD
    assert known[TODAY - 40 * DAY].gap_in(Measure.DOLLARS) is Gap.NOT_KEPT


def test_the_measures_are_what_they_say_and_totals_are_of_the_days_that_are_known():
    bucket = day(1, row("a", 70, 0, service_tier=FREE), row("a", 20, 10))
    costs = Costs({TODAY - DAY: (Cost(Decimal(2)),), TODAY - 2 * DAY: (Cost(Decimal("0.5")),)}, NOW)
    days = days_of(Report(year_of(NOW), {bucket.start: bucket}), costs, NOW)
    yesterday = days[-2]
    assert [yesterday.amount(measure) for measure in Measure] == [100, 30, Decimal(2)]
    whole = totals(days)
    assert (whole.days, whole.read, whole.sums.total, whole.costed, whole.cost) == (369, 1, 100, 2, Decimal("2.5"))


def test_v_goes_through_all_measures_and_round():
    measure, seen = Measure.TOKENS, []
    for _ in range(3):
        seen.append(measure)
        measure = measure.next
    assert seen == list(Measure)
    assert measure is Measure.TOKENS


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [("2026-11-20", -1, "2026-10-20"), ("2026-03-31", -1, "2026-02-28"), ("2026-12-31", 2, "2027-02-28")],
)
def test_a_month_away_is_the_same_day_or_the_last(start, months, expected):
    assert month_away(datetime.fromisoformat(start).replace(tzinfo=UTC), months) == datetime.fromisoformat(
        expected
    ).replace(tzinfo=UTC)


@given(MOMENTS, st.integers(-13, 13))
def test_a_month_away_is_about_a_month_away(moment, months):
    away = month_away(moment, months) - moment
    assert abs(away - timedelta(days=30.44 * months)) < timedelta(days=5)

"""Windows by name, by days and by dates: which days each is about, at any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.periods import Period
from tui.domain.time import DAY, Window, midnight, next_month
from tui.domain.windows import NAMED, CalendarWindow, Dates, LastDays, days_back, said

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2044, 1, 1), timezones=st.just(UTC))
SPECS = st.one_of(
    st.sampled_from(tuple(NAMED.values())),
    st.builds(LastDays, st.integers(0, 365)),
    st.builds(
        lambda since, days: Dates(midnight(since), None if days is None else midnight(since) + days * DAY),
        MOMENTS,
        st.none() | st.integers(0, 365),
    ),
)


def day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def named(name: str, now: datetime) -> Window:
    return NAMED[name].window(now)


@given(SPECS, MOMENTS)
def test_every_window_is_of_whole_days_that_have_begun_and_runs_where_today_is_in_it(spec, now):
    window = spec.window(now)
    assert (window.start, window.end) == (midnight(window.start), midnight(window.end))
    assert window.running == (window.end > midnight(now))
    if not (isinstance(spec, Dates) and spec.since > now):
        assert window.end <= midnight(now) + DAY
        assert window.start == midnight(now) - days_back(spec, now) * DAY


@given(st.sampled_from((("today", 1), ("7d", 7), ("14d", 14), ("30d", 30), ("90d", 90), ("1y", 365))), MOMENTS)
def test_so_many_days_have_today_among_them(name_and_days, now):
    name, days = name_and_days
    window = named(name, now)
    assert (window.end - window.start, window.end) == (days * DAY, midnight(now) + DAY)
    assert NAMED[name].label == name


@given(MOMENTS)
def test_this_week_begins_on_monday_and_last_week_is_the_seven_days_before(now):
    this, last = named("this-week", now), named("last-week", now)
    assert this.start.weekday() == 0
    assert now in this
    assert this.end - this.start <= 7 * DAY
    assert (last.start, last.end) == (this.start - 7 * DAY, this.start)
    assert Period.WEEK.name_of(last.start) == Period.WEEK.name_of(last.end - DAY)


@given(MOMENTS)
def test_this_month_begins_on_the_first_and_last_month_is_the_whole_one_before(now):
    this, last = named("this-month", now), named("last-month", now)
    assert this.start == midnight(now).replace(day=1)
    assert now in this
    assert last.start.day == 1
    assert last.end == this.start == next_month(last.start)


@given(st.sampled_from(CalendarWindow), MOMENTS)
def test_a_calendar_window_turns_at_midnight_only_where_the_calendar_does(spec, now):
    today, tomorrow = spec.window(now), spec.window(now + DAY)
    turns = Period.WEEK if "week" in spec.value else Period.MONTH
    is_same_period = turns.floor(now) == turns.floor(now + DAY)
    assert (tomorrow.start == today.start) == is_same_period
    if "last" in spec.value:
        assert (tomorrow == today) == is_same_period


@pytest.mark.parametrize(
    ("name", "now", "first", "last"),
    [
        ("this-week", "2026-11-23", "2026-11-23", "2026-11-23"),
        ("this-week", "2026-11-22", "2026-11-16", "2026-11-22"),
        ("last-week", "2026-11-23", "2026-11-16", "2026-11-22"),
        ("this-week", "2027-01-03", "2026-12-28", "2027-01-03"),
        ("last-week", "2027-01-04", "2026-12-28", "2027-01-03"),
        ("last-week", "2025-01-01", "2024-12-23", "2024-12-29"),
        ("this-month", "2026-11-01", "2026-11-01", "2026-11-01"),
        ("last-month", "2027-01-31", "2026-12-01", "2026-12-31"),
        ("last-month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("last-month", "2023-03-31", "2023-02-01", "2023-02-28"),
        ("last-month", "2100-03-01", "2100-02-01", "2100-02-28"),
        ("this-month", "2024-02-29", "2024-02-01", "2024-02-29"),
        ("1y", "2024-12-31", "2024-01-02", "2024-12-31"),
        ("14d", "2026-03-01", "2026-02-16", "2026-03-01"),
    ],
)
@pytest.mark.parametrize("of_day", [timedelta(), timedelta(hours=23, minutes=59, seconds=59)])
def test_which_days_a_name_is_about(name, now, first, last, of_day):
    window = named(name, day(now) + of_day)
    assert (window.start, window.end) == (day(first), day(last) + DAY)


@given(MOMENTS, st.integers(0, 365), st.integers(0, 365))
def test_dates_hold_both_ends_and_stay_where_they_are(now, ago, later):
    since = midnight(now) - ago * DAY
    until = since + later * DAY
    window = Dates(since, until).window(now)
    assert window.start == since
    assert window.end == min(until, midnight(now)) + DAY
    assert Dates(since).window(now).end == midnight(now) + DAY
    if until < midnight(now):
        assert Dates(since, until).window(now + DAY) == window


def test_dates_that_have_not_begun_are_a_window_all_the_same_where_the_clock_was_set_back():
    later = day("2026-11-22")
    assert list(Dates(later, later + DAY).window(day("2026-11-20")).starts()) == [later]


@pytest.mark.parametrize(
    ("spec", "label"),
    [
        (LastDays(0), "today"),
        (LastDays(14), "15d"),
        (LastDays(364), "1y"),
        (CalendarWindow.LAST_MONTH, "last-month"),
        (Dates(day("2026-10-01"), day("2026-10-31")), "2026-10-01 to 2026-10-31"),
        (Dates(day("2026-10-01"), day("2026-10-01")), "2026-10-01"),
        (Dates(day("2026-10-01")), "since 2026-10-01"),
    ],
)
def test_what_a_window_is_called(spec, label):
    assert spec.label == label


def test_what_was_said_is_a_window():
    since = day("2026-10-01")
    assert said("last-week") is CalendarWindow.LAST_WEEK
    assert said(None, 0) == LastDays(0)
    assert said(since=since, until=since) == Dates(since, since)
    assert said() is None


@given(st.integers(0, 365))
def test_what_a_window_of_days_is_called_says_it_as_well(days):
    spec = LastDays(days)
    assert said(spec.label) == said(f"{days + 1}d") == spec


@pytest.mark.parametrize(
    "name", ["", "d", "0d", "07d", "367d", "1000d", "-7d", "7 d", "7D", "٧d", "7d\n", "2y", "last-year"]
)
def test_what_is_no_name_of_a_window_says_none(name):
    assert said(name) is None

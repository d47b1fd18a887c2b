"""Compared with before: equal time, nothing that was not read, and the sentence about it."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, row
from tui.cli import main as cli
from tui.domain.aggregate import Aggregate
from tui.domain.compare import Against, Change, Known, comparisons, hours_wanted
from tui.domain.in_periods import input_of, report_of
from tui.domain.periods import Period
from tui.domain.table import TableInput, lines
from tui.domain.time import DAY, Width, Window, midnight
from tui.domain.usage import Bucket, Report
from tui.domain.view import USUAL
from tui.output.compare import sentence, short

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 27, 14, 20, tzinfo=UTC)  # a Friday
TODAY = midnight(NOW)

NOWS = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
PERIODS = st.sampled_from(Period)


def bucket(start, tokens=100, model="a", **more):
    return Bucket(start, (row(model, tokens, 0),), **more)


def days_back(now, count, tokens=lambda start: 100, without=()):
    today = midnight(now)
    starts = [today - n * DAY for n in range(count)]
    return {start: bucket(start, tokens(start)) for start in starts if start not in without}


def compared(now, period, known_days, *, shown=70, hours=None, through=None, against=Against.DAY):
    window = Window(midnight(now) - (shown - 1) * DAY, midnight(now) + DAY, running=True)
    inside = {start: each for start, each in known_days.items() if start in window}
    report = report_of(Report(window, inside), period)
    return comparisons(report, Known(known_days, hours or {}, through), now, against), report


@given(NOWS, PERIODS, st.sampled_from(Against), st.data())
def test_what_is_compared_is_as_long_as_what_it_is_compared_with_and_all_of_it_was_read(now, period, against, data):
    gone = data.draw(st.sets(st.integers(0, 100), max_size=3))
    without = {midnight(now) - n * DAY for n in gone}
    hour = Width.HOUR.floor(now)
    days = days_back(now, 110, without=without)
    hours = {
        start: bucket(start, 10)
        for window in hours_wanted(Window(midnight(now), midnight(now) + DAY), period, now, against)
        for start in window.starts()
    }
    found, report = compared(now, period, days, hours=hours, through=hour, against=against)
    for start, each in found.items():
        ours, others = ([part.start for part in side.parts or (side,)] for side in (each.now, each.before))
        assert len(ours) == len(others)
        assert not without.intersection(ours, others)
        assert all(other < one for one, other in zip(ours, others, strict=True))
        shifts = {one - other for one, other in zip(ours, others, strict=True)}
        assert len(shifts) == 1, "day by day, and hour by hour, equally far apart"
        assert max(ours) < (each.until or report.period.end(start))
        assert all(moment < now for moment in ours)
        lengths = [timedelta(hours=1) if moment >= midnight(now) else DAY for moment in ours]
        if each.until is None:
            whole = min(report.period.end(start), midnight(now) + DAY) - max(start, report.window.start)
            assert sum(lengths, timedelta()) == whole
    for start in report.starts():
        inside = period.inside(start, report.window)
        wanted = [day for day in inside.starts() if day < midnight(now) and against.day_before(day, period)]
        others = [against.day_before(day, period) for day in wanted]
        if wanted and not without.intersection(wanted, others) and not without.intersection(wanted + others):
            assert start in found, "what can be compared is"


@given(NOWS, PERIODS, st.integers(0, 69))
def test_a_day_that_was_not_read_keeps_back_all_that_rests_on_it(now, period, ago):
    missing = midnight(now) - ago * DAY
    found, _ = compared(now, period, days_back(now, 110, without={missing}))
    is_compared = Against.DAY.day_before(missing, period) is not None  # not the end of a month that is longer
    if is_compared and missing < midnight(now):
        assert period.floor(missing) not in found
    for each in found.values():
        assert missing not in {part.start for side in (each.now, each.before) for part in side.parts or (side,)}


def test_today_is_compared_up_to_the_last_hour_that_was_counted():
    hours = {TODAY + n * HOUR: bucket(TODAY + n * HOUR, 12) for n in range(15)}
    hours |= {TODAY - DAY + n * HOUR: bucket(TODAY - DAY + n * HOUR, 10) for n in range(24)}
    days = days_back(NOW, 20, tokens=lambda start: 1_000)
    found, report = compared(NOW, Period.DAY, days, hours=hours, through=TODAY + 13 * HOUR + timedelta(minutes=54))
    aggregate = Aggregate(CATALOGUE)
    table_input = TableInput(report, frozenset({TODAY}), compared=found)
    first, model, *others = lines(table_input, USUAL, aggregate)
    assert first.change == model.change == Change(13 * 12, 13 * 10)
    assert first.sums.total == 1_000, "the line itself says all that was counted"
    assert sentence(first.change, found[TODAY], TODAY, Width.DAY, NOW) == "20% more than yesterday by 13:00"
    assert others[0].change == Change(1_000, 1_000)
    assert sentence(others[0].change, found[TODAY - DAY], TODAY - DAY, Width.DAY, NOW) == "as much as the day before"


def test_before_the_first_hour_is_counted_and_without_hours_today_is_compared_with_nothing():
    days = days_back(NOW, 20)
    assert TODAY not in compared(NOW, Period.DAY, days)[0]
    early = TODAY + timedelta(minutes=40)
    assert TODAY not in compared(early, Period.DAY, days, through=TODAY + timedelta(minutes=30))[0]
    assert hours_wanted(Window(TODAY, TODAY + DAY), Period.DAY, early + timedelta(minutes=20), Against.DAY) == ()


def test_the_same_weekday_is_what_a_day_is_compared_with_where_that_is_wanted():
    found, _ = compared(NOW, Period.DAY, days_back(NOW, 30), against=Against.WEEKDAY)
    assert found[TODAY - DAY].start == TODAY - 8 * DAY
    assert sentence(Change(1, 2), found[TODAY - DAY], TODAY - DAY, Width.DAY, NOW) == "50% less than Thu 19 Nov"


def test_months_are_compared_as_far_as_the_shorter_one_goes():
    now = datetime(2027, 3, 31, 12, tzinfo=UTC)
    known = days_back(now, 100)
    found, _ = compared(now, Period.MONTH, known, shown=90)
    march, february = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
    assert len(found[march].now.parts) == len(found[march].before.parts) == 28
    assert sentence(Change(3, 2), found[march], march, Period.MONTH, now) == "50% more than Feb by the 28th"
    assert len(found[february].before.parts) == 28
    assert sentence(Change(3, 3), found[february], february, Period.MONTH, now) == "as much as Jan by the 28th"


def test_a_week_that_the_window_cuts_is_compared_from_where_it_begins_there():
    found, report = compared(NOW, Period.WEEK, days_back(NOW, 40), shown=14)
    first = min(report.buckets)
    days = [part.start for part in found[first].now.parts]
    assert days[0] == report.window.start > first
    assert [each.start + 7 * DAY for each in found[first].before.parts] == days


def test_a_bucket_of_which_rows_are_missing_is_compared_with_nothing():
    days = days_back(NOW, 10)
    days[TODAY - 3 * DAY] = bucket(TODAY - 3 * DAY, left_out=1)
    found, _ = compared(NOW, Period.DAY, days, shown=10)
    assert TODAY - 3 * DAY not in found
    assert TODAY - 2 * DAY not in found
    assert TODAY - 1 * DAY in found


@pytest.mark.parametrize(
    ("change", "percent", "words"),
    [
        (Change(112, 100), 12.0, "12% more than the day before"),
        (Change(92, 100), -8.0, "8% less than the day before"),
        (Change(5, 0), "new", "new: none the day before"),
        (Change(0, 0), None, "none, nor the day before"),
        (Change(0, 100), -100.0, "100% less than the day before"),
        (Change(1200, 100), 1100.0, "12 times the day before"),
        (Change(1001, 1000), 0.1, "as much as the day before"),
    ],
)
def test_a_change_in_words(change, percent, words):
    found, _ = compared(NOW, Period.DAY, days_back(NOW, 5), shown=5)
    assert change.percent == percent
    assert sentence(change, found[TODAY - DAY], TODAY - DAY, Width.DAY, NOW) == words


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_change_is_never_written_wider_than_its_column(now, before):
    percent = Change(now, before).percent
    assert (percent > 0) == (now > before) or percent == 0
    assert len(short(percent)) <= 5


def test_a_model_that_was_not_there_is_new_and_one_that_is_gone_stands_nowhere():
    days = days_back(NOW, 3)
    days[TODAY - 2 * DAY] = bucket(TODAY - 2 * DAY, model="gone")
    found, report = compared(NOW, Period.DAY, days, shown=3)
    table_input = TableInput(report, frozenset({TODAY - DAY}), compared=found)
    shown = lines(table_input, USUAL, Aggregate(CATALOGUE))
    (model,) = [line for line in shown if line.names]
    assert (model.names, model.change) == (("a",), Change(100, 0))
    assert next(line for line in shown if line.start == TODAY - DAY).change == Change(100, 100)


@pytest.mark.parametrize("late", [False, True])
def test_what_was_read_before_the_api_had_counted_it_to_its_end_is_compared_with_nothing(late):
    days = days_back(NOW, 10)
    partly = TODAY - 3 * DAY
    read_at = partly + DAY + timedelta(minutes=20 if late else 10)
    days[partly] = bucket(partly, 60, read_at=read_at)
    found, _ = compared(NOW, Period.DAY, days, shown=10)
    assert (partly in found) is (partly + DAY in found) is late


def test_an_hour_that_was_read_before_its_end_ends_what_is_compared():
    hours = {TODAY + n * HOUR: bucket(TODAY + n * HOUR, 12) for n in range(15)}
    hours |= {TODAY - DAY + n * HOUR: bucket(TODAY - DAY + n * HOUR, 10) for n in range(24)}
    hours[TODAY + 9 * HOUR] = bucket(TODAY + 9 * HOUR, 3, read_at=TODAY + 9 * HOUR + timedelta(minutes=20))
    found, _ = compared(NOW, Period.DAY, days_back(NOW, 5), shown=5, hours=hours, through=TODAY + 13 * HOUR)
    assert found[TODAY].until == TODAY + 9 * HOUR


def test_a_week_that_is_cut_says_from_when_it_is_compared():
    found, report = compared(NOW, Period.WEEK, days_back(NOW, 40), shown=14)
    first = min(report.buckets)
    words = sentence(Change(11, 10), found[first], first, Period.WEEK, NOW)
    assert words == f"10% more than week 45 from {report.window.start:%a}"


def test_almost_nothing_left_is_not_nothing():
    assert short(Change(1, 1_000_000).percent) == "-99%"
    assert short(Change(0, 1_000_000).percent) == "-100%"


def test_what_was_put_together_is_found_again():
    days = days_back(NOW, 60)
    window = Window(TODAY - 59 * DAY, TODAY + DAY, running=True)
    table_input = input_of(TableInput(Report(window, days)), Period.WEEK)
    found = comparisons(table_input.report, Known(days), NOW, Against.DAY)
    last_week = TODAY - 4 * DAY - 7 * DAY
    assert found[last_week].now is table_input.report.buckets[last_week]
    assert found[last_week].before is table_input.report.buckets[last_week - 7 * DAY]


def exported(capsys, *words):
    assert cli.run(["export", "--demo", "--format", "ndjson", *words], os.environ) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_an_independent_count_over_a_year_of_days_agrees(period, capsys):
    totals = {
        date.fromisoformat(each["date"]): each["total"]
        for each in exported(capsys, "--days", "364", "--by", "none", "--columns", "total")
    }
    found = exported(capsys, "--days", "200", "--by", "none", "--columns", "total,delta", "--period", period)
    today = max(totals)

    def span(first):
        if period == "day":
            return [first], [first - timedelta(days=1)]
        if period == "week":
            days = [first + timedelta(days=n) for n in range(7)]
            return days, [day - timedelta(days=7) for day in days]
        days = [first + timedelta(days=n) for n in range(31)]
        days = [day for day in days if day.month == first.month]
        before = (first - timedelta(days=1)).replace(day=1)
        others = [before + (day - first) for day in days]
        count = sum(day.month == before.month for day in others)
        return days[:count], others[:count]

    checked = 0
    for each in found[1:]:
        name = each["date"]
        first = (
            date.fromisoformat(f"{name}-1")
            if period == "week"
            else date.fromisoformat(name if period == "day" else f"{name}-01")
        )
        days, others = span(first)
        if days[-1] >= today:
            continue
        ours, before = (sum(totals[day] for day in side) for side in (days, others))
        assert each["delta"] == pytest.approx((ours - before) / before * 100, abs=0.1)
        checked += 1
    assert checked > 4


def test_a_delta_of_minutes_is_refused_in_a_sentence(capsys):
    assert cli.run(["export", "--demo", "--width", "1m", "--columns", "delta"], os.environ) == 2
    assert "Minutes are compared with nothing" in capsys.readouterr().err


def test_hours_are_compared_with_those_of_the_day_before(capsys):
    both = exported(capsys, "--days", "1", "--by", "none", "--width", "1h", "--columns", "total")
    totals = {each["date"]: each["total"] for each in both}
    found = exported(capsys, "--days", "0", "--by", "none", "--width", "1h", "--columns", "total,delta")
    for each in found[:-1]:
        moment = datetime.fromisoformat(each["date"])
        before = totals[f"{moment - DAY:%Y-%m-%dT%H:%MZ}"]
        assert each["delta"] == pytest.approx((each["total"] - before) / before * 100, abs=0.1)
    assert found[-1]["delta"] is None, "an hour that is not over is no whole one"

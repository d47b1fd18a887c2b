"""Weeks and months: they partition their days, add up, and are named as ISO 8601 has it."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import CATALOGUE, row
from tui.cli import main as cli
from tui.domain.aggregate import Aggregate
from tui.domain.in_periods import input_of
from tui.domain.periods import Period
from tui.domain.table import TableInput
from tui.domain.time import DAY, Window
from tui.domain.usage import Bucket, Report
from tui.domain.view import USUAL
from tui.output.groups import groups

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)
)
PERIODS = st.sampled_from(Period)


@given(DAYS, st.integers(1, 800), PERIODS)
def test_periods_partition_the_days_of_a_window(first, length, period):
    window = Window(first, first + length * DAY)
    starts = list(period.starts(window))
    assert starts[0] <= first < period.end(starts[0])
    assert starts[-1] < window.end <= period.end(starts[-1])
    assert [period.end(start) for start in starts[:-1]] == starts[1:]
    of_days = Counter(period.floor(day) for day in window.starts())
    assert set(of_days) == set(starts)
    assert all(of_days[start] <= period.days(start) for start in starts)
    assert all(of_days[start] == period.days(start) for start in starts[1:-1])


@given(DAYS, PERIODS, st.timedeltas(timedelta(), timedelta(hours=23)))
def test_a_moment_is_in_the_period_that_begins_before_it(day, period, later):
    start = period.floor(day + later)
    assert start <= day + later < period.end(start)
    assert period.floor(start) == start
    assert period.name_of(start) == period.name_of(period.floor(day))


@pytest.mark.parametrize(
    ("day", "week", "month", "length"),
    [
        ((2026, 12, 31), "2026-W53", "2026-12", 31),
        ((2027, 1, 3), "2026-W53", "2027-01", 31),
        ((2027, 1, 4), "2027-W01", "2027-01", 31),
        ((2024, 2, 29), "2024-W09", "2024-02", 29),
        ((2023, 2, 28), "2023-W09", "2023-02", 28),
        ((2024, 12, 30), "2025-W01", "2024-12", 31),
        ((2026, 11, 20), "2026-W47", "2026-11", 30),
    ],
)
def test_they_are_called_as_iso_8601_has_it(day, week, month, length):
    moment = datetime(*day, 13, 5, tzinfo=UTC)
    assert Period.WEEK.name_of(Period.WEEK.floor(moment)) == week
    assert Period.MONTH.name_of(Period.MONTH.floor(moment)) == month
    assert Period.MONTH.days(Period.MONTH.floor(moment)) == length
    assert Period.WEEK.floor(moment).weekday() == 0


@given(
    DAYS,
    st.lists(
        st.none() | st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 10**9)), max_size=3),
        min_size=1,
        max_size=70,
    ),
    st.sampled_from([Period.WEEK, Period.MONTH]),
)
def test_sums_are_those_of_the_days_and_days_that_were_not_read_are_not_counted(first, used, period):
    window = Window(first, first + len(used) * DAY)
    buckets = {
        start: Bucket(start, tuple(row(model, tokens, 0) for model, tokens in rows))
        for start, rows in zip(window.starts(), used, strict=True)
        if rows is not None
    }
    report, aggregate = Report(window, buckets), Aggregate(CATALOGUE)
    days = list(groups(TableInput(report), USUAL, aggregate))
    found = list(groups(input_of(TableInput(report), period), USUAL, aggregate))
    expected = Counter()
    for group in days:
        expected[period.floor(group.start), group.names] += group.sums.total
    assert Counter({(group.start, group.names): group.sums.total for group in found}) == expected
    assert len(found) == len(expected), "each name once in a period"
    for group in found:
        assert group.days == sum(period.floor(start) == group.start for start in buckets)
        assert group.of_days == period.days(group.start)
    assert [group.start for group in found] == sorted(group.start for group in found)


def exported(capsys, *words):
    assert cli.run(["export", "--demo", "--days", "364", "--format", "ndjson", *words], os.environ) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("period", ["week", "month"])
def test_an_independent_count_over_the_days_of_a_year_agrees(period, capsys):
    counts = ("input", "output", "requests", "free", "billed")
    expected: dict[tuple[str, str], Counter[str]] = {}
    days = exported(capsys)
    for line in days:
        year, week, _ = date.fromisoformat(line["date"]).isocalendar()
        name = f"{year}-W{week:02}" if period == "week" else line["date"][:7]
        expected.setdefault((name, line["model"]), Counter()).update({each: line[each] for each in counts})
    found = exported(capsys, "--period", period)
    assert {
        (line["date"], line["model"]): Counter({each: line[each] for each in counts}) for line in found
    } == expected
    of = {line["date"]: (line["days"], line["of_days"]) for line in found}
    assert sum(known for known, _ in of.values()) == 365
    assert all(known == whole for known, whole in list(of.values())[1:-1])


@pytest.mark.parametrize("words", [("--width", "1h"), ("--format", "openmetrics")])
def test_what_is_no_days_has_no_weeks(words, capsys):
    assert cli.run(["export", "--demo", "--period", "week", *words], os.environ) == 2
    assert "Weeks and months are put together from days" in capsys.readouterr().err


def test_a_table_says_of_which_weeks_only_some_days_are_known(capsys):
    cli.run(["export", "--demo", "--days", "13", "--period", "week"], os.environ)
    text = capsys.readouterr().out
    assert text.startswith("| UTC Week")
    weeks = [line.split("|")[1].strip() for line in text.splitlines()[2:] if line.split("|")[1].strip()]
    assert len(weeks) in {2, 3}
    assert all("-W" in week for week in weeks)
    assert sum(int(week.partition("(")[2].partition(" ")[0] or 7) for week in weeks) == 14

"""What is shown each second is put together once for the same data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.builders import NOW, day, engine, row, source
from tui.domain.periods import Period
from tui.domain.table import TableInput
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.ui.memo import Memo

REPORT = Report(last_days(NOW, 20)).with_buckets([day(ago, row("o3", 10)) for ago in range(21)])
DAYS = TableInput(REPORT, frozenset())


def test_what_lines_are_compared_with_is_found_once_an_hour_and_anew_for_other_buckets():
    memo, state, minute = Memo(None), engine(source()).state, timedelta(minutes=1)
    first = memo.compared(state, DAYS.report, NOW)
    assert memo.compared(state, DAYS.report, NOW + 50 * minute) is first
    later = memo.compared(state, DAYS.report, NOW + 60 * minute)
    assert later is not first
    assert memo.compared(state, replace(DAYS.report), NOW + 60 * minute) is not later


def test_weeks_are_put_together_once_and_what_is_opened_is_of_now():
    memo = Memo(None)
    first = memo.in_periods(DAYS, Period.WEEK)
    opened = frozenset({next(iter(first.report.buckets))})
    again = memo.in_periods(replace(DAYS, opened=opened), Period.WEEK)
    assert again.report is first.report
    assert again.opened == opened
    assert memo.in_periods(DAYS, Period.DAY) is DAYS


def test_months_after_weeks_are_months():
    memo = Memo(None)
    memo.in_periods(DAYS, Period.WEEK)
    months = memo.in_periods(DAYS, Period.MONTH)
    assert months.report.period is Period.MONTH
    assert months.report.buckets == Memo(None).in_periods(DAYS, Period.MONTH).report.buckets

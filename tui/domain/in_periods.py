"""What is known of days, put together to weeks or months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, groupby

from tui.domain.cost_lines import CostsTogether
from tui.domain.costs import Costs
from tui.domain.periods import Period
from tui.domain.table import TableInput
from tui.domain.time import Window
from tui.domain.usage import Bucket, Report


def report_of(days: Report, period: Period, known: Report | None = None) -> Report:
    """Return a report of weeks or months from one of days; buckets that are `known` from the same days stay the same.

    A period is not kept where none of its days in the window is, and unread where none was read.
    """
    if period is Period.DAY:
        return days
    together = {
        start: _together(start, buckets, None if known is None else known.buckets.get(start))
        for start, buckets in _by_period(days, period)
        if buckets
    }
    gone = (
        start
        for start, starts in _starts(days.window, period)
        if start not in together and days.not_kept.issuperset(starts)
    )
    return Report(days.window, together, frozenset(gone), period)


def _by_period(report: Report, period: Period) -> Iterator[tuple[datetime, tuple[Bucket, ...]]]:
    for start, days in _starts(report.window, period):
        yield start, tuple(report.buckets[day] for day in days if day in report.buckets)


def _starts(window: Window, period: Period) -> Iterator[tuple[datetime, tuple[datetime, ...]]]:
    """Yield the start of each period, and those of its days in the window."""
    for start, days in groupby(window.starts(), period.floor):
        yield start, tuple(days)


def _together(start: datetime, days: tuple[Bucket, ...], known: Bucket | None) -> Bucket:
    if known is not None and known.is_made_of(days):
        return known
    rows = tuple(chain.from_iterable(day.rows for day in days))
    return Bucket(start, rows, sum(day.left_out for day in days), parts=days)


def costs_of(costs: Costs, period: Period, window: Window) -> Costs:
    """Return what the weeks or months of a window cost: at least so much where that is not known of each day."""
    if period is Period.DAY:
        return costs
    known = {start: [day for day in days if day in costs.days] for start, days in _starts(window, period)}
    known = {start: days for start, days in known.items() if days}
    whole = {start: len(days) for start, days in _starts(window, period)}
    return replace(
        costs,
        days={start: CostsTogether(costs.days[day] for day in days) for start, days in known.items()},
        asked_at={},
        incomplete=frozenset(
            start
            for start, days in known.items()
            if len(days) < whole[start] or not costs.incomplete.isdisjoint(days)
        ),
        by={start: frozenset.intersection(*map(costs.told, days)) for start, days in known.items()},
    )


def starts_of(days: Iterable[datetime], period: Period) -> frozenset[datetime]:
    """Return the periods that these days are in."""
    return frozenset(map(period.floor, days))


def input_of(days: TableInput, period: Period, known: TableInput | None = None) -> TableInput:
    """Return what lines of weeks or months are made from; what is opened and listed are periods already.

    What was put together before from the same, as `known` has it, is not put together again.
    """
    if period is Period.DAY:
        return days
    before = None if known is None else known.before
    return replace(
        days,
        report=report_of(days.report, period, None if known is None else known.report),
        coarse=starts_of(days.coarse, period),
        before=None if days.before is None else report_of(days.before, period, before),
        costs=costs_of(days.costs, period, days.report.window),
    )

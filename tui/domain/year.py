"""A year of UTC days as a calendar: weeks side by side, Monday on top, each day on one of five levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from enum import Enum

from tui.domain.costs import RESTATED_DAYS, Costs, total
from tui.domain.rows import Sums
from tui.domain.time import DAY, Window, midnight
from tui.domain.usage import Report

WEEKS = 53
"""Columns of the calendar: a year, and the rest of the week in which it begins."""

HALF = 27
"""Columns of half a year, for where a whole one has no room."""

TOP = 4
"""The highest level; 0 is that of a day on which there was nothing."""

_SHARES = (1, 2, 3)
"""The quarters of the days with usage where one level ends and the next one begins."""

Amount = int | Decimal


class Measure(Enum):
    """What a day's level says; the value is how people call it."""

    TOKENS = "tokens"
    BILLED = "billed tokens"
    DOLLARS = "dollars"

    @property
    def next(self) -> Measure:
        """Return the one that follows, or after the last the first."""
        every = list(Measure)
        return every[(every.index(self) + 1) % len(every)]


class Gap(Enum):
    """Why a day has no level; the value is how people call it. None of these is ever shown as 0."""

    UNREAD = "not read"
    NOT_KEPT = "not kept by the API"
    NOT_COUNTED = "not counted yet"


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of a day: its tokens, by model too, and its dollars; or why they are not (`gap`, `cost_gap`).

    Of one that is `incomplete` rows were left out: its tokens are at least these. Its cost may be more than is known
    as well (`cost_at_least`).
    """

    start: datetime
    sums: Sums | None = None
    models: Mapping[str, Sums] = field(default_factory=dict)
    cost: Decimal | None = None
    gap: Gap = Gap.UNREAD
    cost_gap: Gap = Gap.UNREAD
    incomplete: bool = False
    cost_at_least: bool = False

    def amount(self, measure: Measure) -> Amount | None:
        """Return how much it is in this measure, or None where that is not known."""
        if measure is Measure.DOLLARS:
            return self.cost
        if self.sums is None:
            return None
        return self.sums.billed if measure is Measure.BILLED else self.sums.total

    def gap_in(self, measure: Measure) -> Gap | None:
        """Return why it is not known in this measure, or None where it is."""
        if self.amount(measure) is not None:
            return None
        return self.cost_gap if measure is Measure.DOLLARS else self.gap


@dataclass(frozen=True, slots=True)
class Scale:
    """Where levels end: a day of no more than the first of the `bounds` is on the lowest level that is not 0.

    The bounds are the quarters of the days on which there was anything, rounded up to two digits, so one extreme day
    changes nothing for the others. Where that leaves less than three, the lowest levels are without a day.
    """

    bounds: tuple[Amount, ...] = ()

    @classmethod
    def of(cls, amounts: Iterable[Amount | None]) -> Scale:
        """Return the scale of the days whose amounts these are."""
        used = sorted(amount for amount in amounts if amount is not None and amount > 0)
        if not used:
            return cls()
        quarters = {_rounded_up(used[-(-len(used) * share // 4) - 1]) for share in _SHARES}
        return cls(tuple(sorted(bound for bound in quarters if bound < used[-1])))

    @property
    def lowest(self) -> int:
        """Return the lowest level that a day with any usage is on."""
        return TOP - len(self.bounds)

    def level(self, amount: Amount) -> int:
        """Return the level of so much: 0 for nothing, and for a day of which more was given back than charged."""
        return TOP - sum(amount <= bound for bound in self.bounds) if amount > 0 else 0


def _rounded_up(amount: Amount) -> Amount:
    """Return the amount with two digits that say something, no less than it is."""
    exact = Decimal(amount)
    step = Decimal(1).scaleb(exact.adjusted() - 1)
    rounded = (exact / step).to_integral_value(ROUND_CEILING) * step
    return int(rounded) if isinstance(amount, int) else rounded


def year_of(now: datetime) -> Window:
    """Return the days of the calendar: from a Monday on, 53 weeks, of which today's is the last."""
    today = midnight(now)
    monday = today - today.weekday() * DAY
    return Window(monday - (WEEKS - 1) * 7 * DAY, today + DAY, running=True)


def place_of(window: Window, day: datetime) -> tuple[int, int]:
    """Return the column of a day in the calendar of this window, and its row."""
    return divmod((day - window.start) // DAY, 7)


def months_of(window: Window) -> Iterator[tuple[int, datetime]]:
    """Yield the column in which each month begins, and its first day; of the first month, what of it is there."""
    yield 0, window.start
    for start in window.starts():
        if start.day == 1 and start != window.start:
            yield place_of(window, start)[0], start


def month_away(day: datetime, months: int) -> datetime:
    """Return the same day of the month so many months later, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    first = day.replace(year=count // 12, month=count % 12 + 1, day=1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))


def days_of(report: Report, costs: Costs, now: datetime) -> tuple[Day, ...]:
    """Return every day of the report's window, the oldest first, with what is known of it."""
    return tuple(_day(start, report, costs, now) for start in report.window.starts())


def _day(start: datetime, report: Report, costs: Costs, now: datetime) -> Day:
    bucket, lines = report.buckets.get(start), costs.of(start)
    return Day(
        start,
        None if bucket is None else bucket.sums,
        {} if bucket is None else bucket.models,
        None if lines is None else total(lines),
        Gap.NOT_KEPT if start in report.not_kept else Gap.UNREAD,
        _cost_gap(start, costs, now),
        incomplete=bucket is not None and bool(bucket.left_out),
        cost_at_least=costs.is_at_least(start),
    )


def _cost_gap(start: datetime, costs: Costs, now: datetime) -> Gap:
    """Return why the costs of a day are not known, if they are not: they come a day or more after the tokens."""
    if costs.kept_from is not None and start < costs.kept_from:
        return Gap.NOT_KEPT
    is_late = costs.read_at is not None and start >= midnight(now) - RESTATED_DAYS * DAY
    return Gap.NOT_COUNTED if is_late else Gap.UNREAD


@dataclass(frozen=True, slots=True)
class Totals:
    """What was used on some days, as far as they are known: of how many, of how many `read`, and `costed` at what."""

    days: int
    read: int
    sums: Sums
    costed: int
    cost: Decimal


def totals(days: Iterable[Day]) -> Totals:
    """Return the totals of these days."""
    every = tuple(days)
    read = [day.sums for day in every if day.sums is not None]
    costs = [day.cost for day in every if day.cost is not None]
    return Totals(len(every), len(read), sum(read, Sums()), len(costs), sum(costs, Decimal(0)))

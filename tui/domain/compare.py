"""Compared with before: always the same length of time, and only where all of it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Literal

from tui.domain import percent
from tui.domain.costs import NOTHING, Costs, total
from tui.domain.periods import Period
from tui.domain.time import DAY, LAG, Width, Window, midnight
from tui.domain.usage import Bucket, Report, Sums

_HOUR = Width.HOUR.span


class Against(Enum):
    """What a day is compared with: the day before, or the same weekday of the week before."""

    DAY = "day"
    WEEKDAY = "weekday"

    def day_before(self, day: datetime, unit: Width | Period) -> datetime | None:
        """Return the day that stands where this one does, in the day, week or month before.

        A month that is shorter has none for the last days of a longer one.
        """
        if unit is Period.MONTH:
            first = Period.MONTH.floor(day)
            other = Period.MONTH.floor(first - DAY) + (day - first)
            return other if other < first else None
        return day - (7 if unit is Period.WEEK or self is Against.WEEKDAY else 1) * DAY


@dataclass(frozen=True, slots=True)
class Change:
    """How much was used, and how much before in a time as long: tokens, or what this kind of usage counts."""

    now: int
    before: int

    @property
    def percent(self) -> float | Literal["new"] | None:
        """Return by how many percent it is more, to one decimal; `new` where there was nothing before.

        None where there was nothing and is nothing.
        """
        if not self.before:
            return "new" if self.now else None
        sign = 1 if self.now >= self.before else -1
        return sign * percent.tenths(abs(self.now - self.before), self.before)


@dataclass(frozen=True, slots=True)
class Compared:
    """A bucket, as far as it is compared, and what it is compared with.

    `before` begins at `start`. Where not all of the bucket is compared, the part ends at `until`.
    """

    now: Bucket
    before: Bucket
    start: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to compare: days, and hours of some of them, by their start; the API has counted `through` then.

    Where that is not known, only what is of days that are over is compared.
    """

    days: Mapping[datetime, Bucket]
    hours: Mapping[datetime, Bucket] = field(default_factory=dict)
    through: datetime | None = None


_LONGEST = {Period.MONTH: 31, Period.WEEK: 7}


def days_wanted(window: Window, unit: Width | Period) -> Window:
    """Return the days of a window and those before it that its first day, week or month is compared with."""
    longest = _LONGEST[unit] if isinstance(unit, Period) and unit in _LONGEST else 7
    return replace(window, start=window.start - longest * DAY)


def hours_wanted(window: Window, unit: Width | Period, now: datetime, against: Against) -> tuple[Window, ...]:
    """Return the hours that tell what days cannot.

    Of a day that is not over, its hours so far and those of the day that it is compared with; of hours, those of the
    days that these are compared with.
    """
    today = midnight(now)
    if unit is Width.HOUR:
        first = against.day_before(midnight(window.start), Width.DAY)
        last = against.day_before(midnight(window.end - _HOUR), Width.DAY)
        return () if first is None or last is None else (Window(first, last + DAY, Width.HOUR),)
    counted, other = Width.HOUR.floor(now - LAG), against.day_before(today, unit)
    if unit is Width.MINUTE or today not in window or counted <= today or other is None:
        return ()
    return Window(today, counted, Width.HOUR), Window(other, other + DAY, Width.HOUR)


def comparisons(report: Report, known: Known, now: datetime, against: Against) -> dict[datetime, Compared]:
    """Return what each bucket of a report is compared with, where all of both was read.

    What still grows is compared up to the last whole hour that was counted.
    """
    if report.unit is Width.MINUTE:
        return {}
    known = replace(known, through=known.through or midnight(now))
    is_of_hours = report.unit is Width.HOUR
    found = {
        start: _hour(start, known, against) if is_of_hours else _days(start, report, known, now, against)
        for start in report.starts()
    }
    return {start: each for start, each in found.items() if each is not None}


def _hour(start: datetime, known: Known, against: Against) -> Compared | None:
    day = midnight(start)
    other = against.day_before(day, Width.DAY)
    if other is None or known.through is None or start + _HOUR > known.through:
        return None
    pair = _pair(known.hours, start, other + (start - day))
    return None if pair is None else Compared(*pair, other + (start - day))


def _days(start: datetime, report: Report, known: Known, now: datetime, against: Against) -> Compared | None:
    """Return a day, week or month beside the one before: days that are over, and the hours of one that is not."""
    window = report.period.inside(start, report.window)
    if window is None:
        return None
    days, today = list(window.starts()), midnight(now)
    first = against.day_before(days[0], report.unit)
    parts: list[tuple[Bucket, Bucket]] = []
    until = report.period.end(start)
    for day in days:
        other = against.day_before(day, report.unit)
        if other is None or day > today:
            until = day
            break
        if day == today:
            hours = list(_hours(day, other, known))
            parts += hours
            until = day + len(hours) * _HOUR
            break
        pair = _pair(known.days, day, other)
        if pair is None:
            return None
        parts.append(pair)
    else:
        until = days[-1] + DAY
    if not parts or first is None:
        return None
    begin = report.period.floor(first)
    ours, others = (tuple(side) for side in zip(*parts, strict=True))
    known_now, known_before = report.buckets.get(start), report.buckets.get(begin)
    is_whole = until == report.period.end(start)
    return Compared(
        _joined(start, ours, known_now), _joined(begin, others, known_before), begin, None if is_whole else until
    )


def _hours(day: datetime, other: datetime, known: Known) -> Iterator[tuple[Bucket, Bucket]]:
    """Yield the hours of a day that is not over beside those of another, as far as both are known as a whole."""
    hour = day
    while known.through is not None and hour + _HOUR <= known.through:
        pair = _pair(known.hours, hour, other + (hour - day))
        if pair is None:
            return
        yield pair
        hour += _HOUR


def _pair(buckets: Mapping[datetime, Bucket], one: datetime, other: datetime) -> tuple[Bucket, Bucket] | None:
    """Return two buckets where both were read as a whole."""
    ours, before = buckets.get(one), buckets.get(other)
    if ours is None or before is None or ours.left_out or before.left_out:
        return None
    return ours, before


def _joined(start: datetime, parts: tuple[Bucket, ...], known: Bucket | None) -> Bucket:
    """Return the parts as one bucket: the one that is known, where it is made from the same."""
    if len(parts) == 1 and parts[0].start == start and not parts[0].parts:
        return parts[0]
    if known is not None and len(known.parts) == len(parts) and all(map(_is, known.parts, parts)):
        return known
    return Bucket(start, parts=parts)


def _is(one: Bucket, other: Bucket) -> bool:
    return one is other


@dataclass(frozen=True, slots=True)
class MonthBefore:
    """What this month cost to the end of its day `last`, in dollars, and the month `before` to the same day."""

    last: datetime
    now: Decimal
    before: Decimal

    @property
    def percent(self) -> float | None:
        """Return by how many percent it is more, to one decimal; None where the month before cost nothing."""
        return None if self.before <= 0 else round(float((self.now - self.before) * 100 / self.before), 1)


def month_before(costs: Costs, now: datetime, *, is_over: bool = False) -> MonthBefore | None:
    """Return this month beside the one before, to the last day that is over and that both have.

    None where the costs of any of these days are not known as a whole. Of a month that `is_over`, all of it counts.
    """
    first, today = midnight(now).replace(day=1), midnight(now) + (DAY if is_over else 0 * DAY)
    pairs = [(day, Against.DAY.day_before(day, Period.MONTH)) for day in _days_until(first, today)]
    ours = [day for day, other in pairs if other is not None]
    others = [other for _, other in pairs if other is not None]
    if not ours or not all(costs.is_closed(day) and not costs.is_at_least(day) for day in (*ours, *others)):
        return None
    now_, before = (sum((total(costs.days[day]) for day in side), NOTHING) for side in (ours, others))
    return MonthBefore(ours[-1], now_, before)


def _days_until(first: datetime, end: datetime) -> Iterator[datetime]:
    return Window(first, end).starts() if first < end else iter(())


def change(now: Sums | None, before: Sums | None) -> Change:
    """Return the change of what is counted, from one sum to another; None stands for nothing at all."""
    ours, others = now or Sums(), before or Sums()
    return Change(ours.total + ours.amount, others.total + others.amount)

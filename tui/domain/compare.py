"""Compared with before: always the same length of time, and only where all of it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Literal, NamedTuple

from tui.domain import percent
from tui.domain.costs import NOTHING, Costs, total
from tui.domain.periods import Period
from tui.domain.rows import Sums
from tui.domain.time import DAY, LAG, Width, Window, midnight
from tui.domain.usage import Bucket, Report

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
        return day - self.days(unit) * DAY

    def days(self, unit: Width | Period) -> int:
        """Return how many days before a bucket that begins which it is compared with, at most."""
        longest = {Period.MONTH: 31, Period.WEEK: 7}.get(unit) if isinstance(unit, Period) else None
        return longest or (7 if self is Against.WEEKDAY else 1)


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
    """A bucket, as far as it is compared, and what it is compared with, which begins at `start`.

    Where not all of both is compared, the part begins at `since`, and ends at `until`.
    """

    now: Bucket
    before: Bucket
    start: datetime
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to compare: days, and hours of some of them, by their start; the API has counted `through` then.

    Where that is not known, only what is of days that are over is compared.
    """

    days: Mapping[datetime, Bucket]
    hours: Mapping[datetime, Bucket] = field(default_factory=dict)
    through: datetime | None = None


def days_wanted(window: Window, unit: Width | Period, against: Against) -> Window:
    """Return the days of a window and those before it that its first day, week or month is compared with."""
    return replace(window, start=window.start - against.days(unit) * DAY)


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


def comparisons(
    report: Report,
    known: Known,
    now: datetime,
    against: Against,
    before: Mapping[datetime, Compared] | None = None,
) -> dict[datetime, Compared]:
    """Return what each bucket of a report is compared with, where all of both was read.

    What still grows is compared up to the last whole hour that was counted. What was put together `before` from the
    same is not put together again.
    """
    if report.unit is Width.MINUTE:
        return {}
    known = replace(known, through=known.through or midnight(now))
    found: dict[datetime, Compared] = {}
    for start in report.starts():
        if report.unit is Width.HOUR:
            each = _hour(start, known, against)
        else:
            each = _days(start, report, known, now, against, (before or {}).get(start))
        if each is not None:
            found[start] = each
    return found


class _Pair(NamedTuple):
    """Two buckets that are equally long, and how long."""

    now: Bucket
    before: Bucket
    span: timedelta


def _hour(start: datetime, known: Known, against: Against) -> Compared | None:
    day = midnight(start)
    other = against.day_before(day, Width.DAY)
    if other is None or known.through is None or start + _HOUR > known.through:
        return None
    pair = _pair(known.hours, start, other + (start - day), _HOUR)
    return None if pair is None else Compared(pair.now, pair.before, pair.before.start)


def _days(
    start: datetime, report: Report, known: Known, now: datetime, against: Against, kept: Compared | None
) -> Compared | None:
    """Return a day, week or month beside the one before: its days that are over, and the hours of one that is not."""
    period, window = report.period, report.period.inside(start, report.window)
    pairs = [] if window is None else _pairs(window, report.unit, known, now, against)
    if not pairs or window is None:
        return None
    last, other_last = pairs[-1].now.start + pairs[-1].span, pairs[-1].before.start + pairs[-1].span
    begin = period.floor(pairs[0].before.start)
    is_whole = last == period.end(start) and other_last == period.end(begin)
    return Compared(
        _joined(start, [pair.now for pair in pairs], report.buckets.get(start), None if kept is None else kept.now),
        _joined(
            begin, [pair.before for pair in pairs], report.buckets.get(begin), None if kept is None else kept.before
        ),
        begin,
        since=window.start if window.start > start else None,
        until=None if is_whole else last,
    )


def _pairs(
    days: Window, unit: Width | Period, known: Known, now: datetime, against: Against
) -> Sequence[_Pair] | None:
    """Return days beside those that stand where they do, as far as both periods go; None where one was not read."""
    found: list[_Pair] = []
    for day in days.starts():
        other = against.day_before(day, unit)
        if other is None or day > midnight(now):
            break
        if day == midnight(now):
            return [*found, *_hours(day, other, known)]
        pair = _pair(known.days, day, other, DAY)
        if pair is None:
            return None
        found.append(pair)
    return found


def _hours(day: datetime, other: datetime, known: Known) -> Iterator[_Pair]:
    """Yield the hours of a day that is not over beside those of another, as far as both are known as a whole."""
    hour = day
    while known.through is not None and hour + _HOUR <= known.through:
        pair = _pair(known.hours, hour, other + (hour - day), _HOUR)
        if pair is None:
            return
        yield pair
        hour += _HOUR


def _pair(buckets: Mapping[datetime, Bucket], one: datetime, other: datetime, span: timedelta) -> _Pair | None:
    """Return two buckets where both were read as a whole, when the API had counted them to their ends."""
    ours, before = buckets.get(one), buckets.get(other)
    if ours is None or before is None or not (ours.is_whole(span) and before.is_whole(span)):
        return None
    return _Pair(ours, before, span)


def _joined(start: datetime, parts: Sequence[Bucket], *known: Bucket | None) -> Bucket:
    """Return the parts as one bucket to be counted: one that is known, where it is made from the same."""
    if len(parts) == 1 and parts[0].start == start and not parts[0].parts:
        return parts[0]
    same = (each for each in known if each is not None and each.is_made_of(parts))
    return next(same, None) or Bucket(start, parts=tuple(parts))


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


def month_before(costs: Costs, now: datetime) -> MonthBefore | None:
    """Return the month of `now` beside the one before, to the last day that both have and whose costs are in.

    None where the costs of any day before that are not known as a whole. Costs lag behind the night, so those of a
    day count from a day after its end on.
    """
    window = Window(midnight(now).replace(day=1), midnight(now) + DAY)
    pairs = [
        (day, other)
        for day in window.starts()
        if (other := Against.DAY.day_before(day, Period.MONTH)) is not None and not costs.may_be_late(day)
    ]
    days = [day for pair in pairs for day in pair]
    if not pairs or not all(costs.is_closed(day) and not costs.is_at_least(day) for day in days):
        return None
    ours, others = (sum((total(costs.days[day]) for day in side), NOTHING) for side in zip(*pairs, strict=True))
    return MonthBefore(pairs[-1][0], ours, others)


def change(now: Sums | None, before: Sums | None) -> Change:
    """Return the change of what is counted, from one sum to another; None stands for nothing at all."""
    ours, others = now or Sums(), before or Sums()
    return Change(ours.total + ours.amount, others.total + others.amount)

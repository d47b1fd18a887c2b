"""UTC days, and the range of time that is shown.

Every instant is an aware datetime in UTC. A quota day of OpenAI is a UTC day (help article 10306912, read
2026-09-28), and so are the API's daily buckets.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

DAY = timedelta(days=1)
SETTLED_AFTER = 2 * DAY
"""So long after a bucket's end its numbers do not change any more.

Closed buckets grow for minutes, and for 30 to 75 minutes at most as far as others measured (September 2026).
"""

LAG = timedelta(minutes=15)
"""How late the API counts, at the most that was measured (5 to 15 minutes)."""

PIECE_DAYS = 31
"""The longest range asked for at once: the API's maximum of daily buckets on one page."""


class Width(Enum):
    """How long a bucket is; the value is the API's `bucket_width`."""

    DAY = "1d"
    HOUR = "1h"
    MINUTE = "1m"

    @property
    def span(self) -> timedelta:
        """Return the length of one bucket."""
        return _SPANS[self]

    @property
    def noun(self) -> str:
        """Return what one bucket is called."""
        return self.name.lower()

    @property
    def finer(self) -> Width | None:
        """Return the width of the buckets that one of this width is looked into by."""
        return {Width.DAY: Width.HOUR, Width.HOUR: Width.MINUTE}.get(self)

    def floor(self, moment: datetime) -> datetime:
        """Return the start of the bucket that holds `moment`."""
        day = midnight(moment)
        return day + ((moment - day) // self.span) * self.span

    def is_settled(self, start: datetime, now: datetime) -> bool:
        """Return whether the bucket that begins at `start` is so old that it does not change any more."""
        return start + self.span + SETTLED_AFTER <= now


_SPANS = {Width.DAY: DAY, Width.HOUR: timedelta(hours=1), Width.MINUTE: timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Window:
    """The range [start, end) in buckets of one width.

    `running` says that the range reaches the present: its last bucket still grows.
    """

    start: datetime
    end: datetime
    width: Width = Width.DAY
    running: bool = False

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a window must not be empty: {self.start} .. {self.end}")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def starts(self) -> Iterator[datetime]:
        """Yield the start of each bucket, oldest first."""
        moment, span = self.start, self.width.span
        while moment < self.end:
            yield moment
            moment += span

    def without(self, known: Container[datetime]) -> Window | None:
        """Return the range that holds every bucket which is not among those known; None where there is no such."""
        missing = [start for start in self.starts() if start not in known]
        if not missing:
            return None
        end = missing[-1] + self.width.span
        return replace(self, start=missing[0], end=end, running=self.running and end == self.end)

    @property
    def days_before_last(self) -> int:
        """Return how many whole days stand before the last one."""
        return (self.end - self.start) // DAY - 1

    def pieces(self, days: int = PIECE_DAYS) -> Iterator[Window]:
        """Yield the window cut into ranges of at most `days` days, newest first.

        A piece that breaks costs its own days only, and today's is read before all others.
        """
        end, running = self.end, self.running
        while end > self.start:
            start = max(self.start, end - days * DAY)
            yield replace(self, start=start, end=end, running=running)
            end, running = start, False


def midnight(moment: datetime) -> datetime:
    """Return 00:00 UTC of the day that `moment` is in."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def last_days(now: datetime, days: int) -> Window:
    """Return today and the `days` whole UTC days before it."""
    today = midnight(now)
    return Window(today - days * DAY, today + DAY, Width.DAY, running=True)


def recent(now: datetime) -> Window:
    """Return the days that are not settled: today and the two before it."""
    return last_days(now, 2)


def inside(start: datetime, width: Width, now: datetime) -> Window:
    """Return the buckets of `width` in the day or hour that begins at `start`, as far as time has come.

    There is at least one: a clock can be set back.
    """
    whole = DAY if width is Width.HOUR else Width.HOUR.span
    end = min(start + whole, max(start, width.floor(now)) + width.span)
    return Window(start, end, width, running=now < start + whole)


def last_hour(now: datetime) -> Window:
    """Return the last 60 minutes, of which the newest is the one that `now` is in."""
    end = Width.MINUTE.floor(now) + Width.MINUTE.span
    return Window(end - Width.HOUR.span, end, Width.MINUTE, running=True)


def until_reset(now: datetime) -> timedelta:
    """Return how long it is until 00:00 UTC, when the pools are full again."""
    return midnight(now) + DAY - now


def share_of_day(moment: datetime) -> float:
    """Return how much of its UTC day has gone at `moment`, from 0 to 1."""
    return (moment - midnight(moment)) / DAY


def next_month(day: datetime) -> datetime:
    """Return the first day of the UTC month after that of `day`."""
    return (midnight(day).replace(day=1) + 31 * DAY).replace(day=1)


def share_of_month(moment: datetime) -> float:
    """Return how much of its UTC month has gone at `moment`, from 0 to 1."""
    first = midnight(moment).replace(day=1)
    return (moment - first) / (next_month(moment) - first)

"""What window is asked for: the last days, one that the calendar names, or from one date to another; all in UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tui.domain.bounds import MAX_DAYS
from tui.domain.periods import Period
from tui.domain.time import DAY, Window, last_days, midnight


@dataclass(frozen=True, slots=True)
class LastDays:
    """Today and so many whole days before it."""

    days_before: int

    @property
    def label(self) -> str:
        """Return what it is called: `Nd` is N days, today among them."""
        return {0: "today", 364: "1y"}.get(self.days_before, f"{self.days_before + 1}d")

    def window(self, now: datetime) -> Window:
        """Return the days that it is about now."""
        return last_days(now, self.days_before)


class CalendarWindow(Enum):
    """A week or a month of the calendar, by the name that users know it by. Weeks begin on Monday (ISO 8601)."""

    THIS_WEEK = "this-week"
    LAST_WEEK = "last-week"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"

    @property
    def label(self) -> str:
        """Return what it is called."""
        return self.value

    def window(self, now: datetime) -> Window:
        """Return the days that it is about now: this week and this month end with today, the last ones are over."""
        period = Period.WEEK if self in {CalendarWindow.THIS_WEEK, CalendarWindow.LAST_WEEK} else Period.MONTH
        begun = period.floor(now)
        if self in {CalendarWindow.THIS_WEEK, CalendarWindow.THIS_MONTH}:
            return Window(begun, midnight(now) + DAY, running=True)
        return Window(period.floor(begun - DAY), begun)


@dataclass(frozen=True, slots=True)
class Dates:
    """From one day to another, both among them; without `until`, to today, whichever day that is."""

    since: datetime
    until: datetime | None = None

    @property
    def label(self) -> str:
        """Return what it is called."""
        since = f"{self.since:%Y-%m-%d}"
        if self.until is None:
            return f"since {since}"
        return since if self.until == self.since else f"{since} to {self.until:%Y-%m-%d}"

    def window(self, now: datetime) -> Window:
        """Return the days that it is about now, as far as they have begun.

        There is at least one: a clock can be set back.
        """
        today = midnight(now)
        last = max(self.since, today if self.until is None else min(self.until, today))
        return Window(self.since, last + DAY, running=last >= today)


WindowSpec = LastDays | CalendarWindow | Dates

NAMED: Mapping[str, LastDays | CalendarWindow] = {
    **{spec.label: spec for spec in map(LastDays, (0, 6, 13, 29, 89, 364))},
    **{spec.label: spec for spec in CalendarWindow},
}
"""The windows that are listed by their names."""

_SO_MANY_DAYS = re.compile("([1-9][0-9]{0,2})d")


def named(name: str) -> LastDays | CalendarWindow | None:
    """Return the window of this name, or so many days as `15d` says; None where it is the name of none."""
    if name in NAMED:
        return NAMED[name]
    found = _SO_MANY_DAYS.fullmatch(name)
    days_before = int(found[1]) - 1 if found else MAX_DAYS + 1
    return LastDays(days_before) if days_before <= MAX_DAYS else None


def days_back(spec: WindowSpec, now: datetime) -> int:
    """Return how many whole days before today the window begins."""
    return max(0, (midnight(now) - spec.window(now).start) // DAY)


def said(
    name: str | None = None, days: int | None = None, since: datetime | None = None, until: datetime | None = None
) -> WindowSpec | None:
    """Return the window that is told by its name, by days before today, or by dates; None where none is."""
    if name is not None:
        return named(name)
    if days is not None:
        return LastDays(days)
    return None if since is None else Dates(since, until)

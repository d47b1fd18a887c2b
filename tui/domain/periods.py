"""Weeks and months: what days are put together by. Weeks begin on Monday (ISO 8601), all of it in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import Enum

from tui.domain.time import DAY, Window, midnight, next_month


class Period(Enum):
    """What a line is about, by the name that users know it by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def floor(self, moment: datetime) -> datetime:
        """Return the first day of the period that holds the moment."""
        day = midnight(moment)
        match self:
            case Period.WEEK:
                return day - day.weekday() * DAY
            case Period.MONTH:
                return day.replace(day=1)
            case _:
                return day

    def end(self, start: datetime) -> datetime:
        """Return the first day of the period after the one that begins then."""
        match self:
            case Period.WEEK:
                return start + 7 * DAY
            case Period.MONTH:
                return next_month(start)
            case _:
                return start + DAY

    def days(self, start: datetime) -> int:
        """Return how many days the period has that begins then."""
        return (self.end(start) - start) // DAY

    def name_of(self, start: datetime) -> str:
        """Return how the period that begins then is written: `2026-W47`, `2026-11` or `2026-11-20` (ISO 8601)."""
        match self:
            case Period.WEEK:
                year, week, _ = start.isocalendar()
                return f"{year}-W{week:02}"
            case Period.MONTH:
                return f"{start:%Y-%m}"
            case _:
                return f"{start:%Y-%m-%d}"

    @property
    def noun(self) -> str:
        """Return what one of them is called."""
        return self.value

    @property
    def finer(self) -> Period | None:
        """Return what one of them is looked into by; None for a day."""
        return {Period.MONTH: Period.WEEK, Period.WEEK: Period.DAY}.get(self)

    def inside(self, start: datetime, window: Window) -> Window | None:
        """Return those days of a window that are in the period that begins then; None where none is."""
        first, end = max(start, window.start), min(self.end(start), window.end)
        if first >= end:
            return None
        return replace(window, start=first, end=end, running=window.running and end == window.end)

    def starts(self, window: Window) -> Iterator[datetime]:
        """Yield the first day of each period that a window of days touches, oldest first."""
        start = self.floor(window.start)
        while start < window.end:
            yield start
            start = self.end(start)

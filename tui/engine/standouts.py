"""What stands out of the days that are known: for table, year and `why` the same."""

from __future__ import annotations

from datetime import datetime

from tui.domain.standouts import DAYS_BEFORE, NOTHING, StandOut, StandOuts, stand_outs
from tui.domain.time import DAY, Window, midnight
from tui.domain.usage import Bucket
from tui.engine import plan
from tui.engine.state import State
from tui.engine.store import EMPTY, Store
from tui.sources.base import BY_MODEL, Query


class KnownStandOuts:
    """What stands out, found once for the same buckets: each page brings another store, and seldom another day."""

    def __init__(self) -> None:
        self._store: Store = EMPTY
        self._today: datetime | None = None
        self._days: dict[datetime, Bucket] = {}
        self._found: StandOuts = NOTHING

    def of(self, state: State, now: datetime) -> StandOuts:
        """Return what stands out on the days of the last year, as far as they were read."""
        today = midnight(now)
        if state.store is self._store and today == self._today:
            return self._found
        days = state.store.get(plan.year(now))
        is_same = today == self._today and days.keys() == self._days.keys()
        if not is_same or any(self._days[start] is not bucket for start, bucket in days.items()):
            self._found = stand_outs(days, state.catalogue.pool_of, today)
        self._store, self._today, self._days = state.store, today, days
        return self._found


def of_day(state: State, now: datetime, day: datetime) -> tuple[StandOut, ...]:
    """Return what stands out on a day, which may be known by its hours only; nothing where too little is known."""
    window = Window(day - DAYS_BEFORE * DAY, day + DAY)
    days = state.store.get(Query(window, BY_MODEL))
    if day not in days:
        hours = state.store.get(plan.hours(day, now)).values()
        if len(hours) < DAY // plan.hours(day, now).window.width.span and day < midnight(now):
            return ()
        rows = tuple(row for hour in hours for row in hour.rows)
        days[day] = Bucket(day, rows, left_out=sum(hour.left_out for hour in hours))
    return stand_outs(days, state.catalogue.pool_of, midnight(now)).get(day, ())

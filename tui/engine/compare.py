"""What lines are compared with, as far as it was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from tui.domain.compare import Against, Compared, Known, comparisons, days_wanted, hours_wanted
from tui.domain.time import DAY, Width, Window, midnight
from tui.domain.usage import Bucket, Report
from tui.engine.state import State
from tui.sources.base import BY_PROJECT, Query

Lookup = Callable[[Window], Mapping[datetime, Bucket]]
"""Returns the buckets of a window that are known."""


def questions(state: State) -> tuple[Query, ...]:
    """Return the questions about what it is that the seen level is compared with, as far as that is not known yet.

    That are hours, and the days before the window; of today alone hours are enough. As long as what is seen cannot be
    read itself, there are none.
    """
    level, at = state.seen, state.days.fetched_at
    if at is None or state.basis.failure is not None or state.days.failure is not None:
        return ()
    window, unit = level.report.window, replace(level.report, period=level.period).unit
    windows = [*hours_wanted(window, unit, at, state.against)]
    if window.width is Width.DAY and window != Window(midnight(at), midnight(at) + DAY, running=True):
        windows.append(replace(days_wanted(window, unit, state.against), end=window.start, running=False))
    return tuple(_question(state, each) for each in windows if not _is_known(state, each))


def _is_known(state: State, window: Window) -> bool:
    found, span = state.store.get(state.query(window)), window.width.span
    return all(start in found and found[start].is_whole(span) for start in window.starts())


def _question(state: State, window: Window) -> Query:
    """Return what is to be asked of a window: by project too, if that tells it: the next view may need it."""
    finer = Query(window, BY_PROJECT)
    query = state.query(window)
    return finer if finer.tells(query) else query


def compared(
    state: State, report: Report, through: datetime | None, before: Mapping[datetime, Compared]
) -> dict[datetime, Compared]:
    """Return what each line of a report is compared with; `report` is what is seen, perhaps put together to periods.

    It is as of when the days were read. `through` is how far the API has counted today, where that is known; `before`
    is the last answer.
    """
    now = state.days.fetched_at
    if now is None:
        return {}
    known = of_lookup(lambda window: state.store.get(state.query(window)), report, through, now, state.against)
    return comparisons(report, known, now, state.against, before)


def of_lookup(look: Lookup, report: Report, through: datetime | None, now: datetime, against: Against) -> Known:
    """Return what there is to compare a report with, as far as that is found."""
    hours: dict[datetime, Bucket] = {}
    for window in hours_wanted(report.window, report.unit, now, against):
        hours.update(look(window))
    days = {} if report.unit is Width.HOUR else look(days_wanted(report.window, report.unit, against))
    if report.unit is Width.HOUR:
        hours.update(report.buckets)
    return Known(days, hours, through)

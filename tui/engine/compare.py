"""What lines are compared with, as far as it was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from tui.domain.compare import Against, Compared, Known, comparisons, days_wanted, hours_wanted
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket, Report
from tui.engine.state import State
from tui.sources.base import Query

Look = Callable[[Window], Mapping[datetime, Bucket]]
"""Returns the buckets of a window that are known."""


def questions(state: State) -> tuple[Query, ...]:
    """Return the questions about the hours by which what is seen is compared with what was before.

    As long as what is seen cannot be read itself, there are none.
    """
    level, at = state.seen, state.days.fetched_at
    if at is None or state.basis.failure is not None or state.days.failure is not None:
        return ()
    unit = level.width if level.width is not Width.DAY else level.period
    return tuple(map(state.query, hours_wanted(level.report.window, unit, at, state.against)))


def compared(state: State, report: Report, through: datetime | None) -> dict[datetime, Compared]:
    """Return what each line of a report is compared with; `report` is what is seen, perhaps put together to periods.

    It is as of when the days were read. `through` is how far the API has counted today, where that is known.
    """
    now = state.days.fetched_at
    if now is None:
        return {}
    return of_known(lambda window: state.store.get(state.query(window)), report, through, now, state.against)


def of_known(
    look: Look, report: Report, through: datetime | None, now: datetime, against: Against
) -> dict[datetime, Compared]:
    """Return what each bucket of a report is compared with, as far as that is found."""
    hours: dict[datetime, Bucket] = {}
    for window in hours_wanted(report.window, report.unit, now, against):
        hours.update(look(window))
    days = {} if report.unit is Width.HOUR else look(days_wanted(report.window, report.unit))
    if report.unit is Width.HOUR:
        hours.update(report.buckets)
    return comparisons(report, Known(days, hours, through), now, against)

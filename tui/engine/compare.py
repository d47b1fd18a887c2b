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


def questions(state: State, now: datetime) -> tuple[Query, ...]:
    """Return the questions about the hours by which what is seen is compared with what was before."""
    level = state.seen
    unit = level.width if level.width is not Width.DAY else level.period
    return tuple(map(state.query, hours_wanted(level.report.window, unit, now, state.against)))


def compared(state: State, report: Report, through: datetime | None, now: datetime) -> dict[datetime, Compared]:
    """Return what each line of a report is compared with; `report` is what is seen, perhaps put together to periods.

    `through` is how far the API has counted today, where that is known.
    """
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

"""What the state is after a refresh of one level began, brought a page, ended, failed or was stopped."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from tui.domain.time import Width
from tui.domain.usage import Report
from tui.engine.arrivals import derive_levels, take_page, turn_day, with_window
from tui.engine.events import Arrived, Cancelled, Failed, Finished, Started
from tui.engine.level import Failure, Level, Loading, Missing, newest
from tui.engine.state import State
from tui.engine.timer import asks_to_wait, backoff
from tui.errors import KeyRefused


def refreshed(state: State, event: Started | Arrived | Finished | Failed | Cancelled) -> State:
    """Return the state after an event of a refresh, which is about one level."""
    match event:
        case Started(window, at, quiet):

            def began(level: Level) -> Level:
                loading = Loading(at, _without(level.report, level.coarse), quiet)
                return replace(with_window(level, window), loading=loading, stopped=level.stopped and quiet)

            if window.width is Width.DAY:
                state = turn_day(state, at, quiet=quiet)
            return derive_levels(_at_level(state, window.width, began))
        case Arrived():
            return take_page(state, event)
        case Finished(at, width, missing):
            return _paced(_at_level(state, width, lambda level: _finished(level, at, missing)), width, at)
        case Failed(error, at, width):
            return _failed(state, error, at, width)
        case Cancelled(at, width):

            def ended(level: Level) -> Level:
                return replace(level, loading=None, stopped=level.stopped or level.loading is not None)

            return _paced(_at_level(state, width, ended), width, at)


def _finished(level: Level, at: datetime, error: Exception | None) -> Level:
    """Return the level after a reading that has read the present, and failed with a part at most."""
    loading, before = level.loading, level.missing
    is_beat = loading is not None and loading.quiet
    level = replace(level, loading=None)
    if error is not None:
        missing = Missing(str(error), at, of_poll=is_beat) if before is None else before.once_more(str(error), at)
        level = replace(level, missing=missing, failure=None)
        if loading is None or newest(level.report.window) not in loading.read:
            return level
    if error is None and (not is_beat or (before is not None and before.of_poll)):
        level = replace(level, missing=None)
    if error is None and is_beat and not level.fresh:
        return level  # a poll renews a part of what the archive knew
    return replace(level, failure=None, fetched_at=at, fresh=True)


def _at_level(state: State, width: Width, change: Callable[[Level], Level]) -> State:
    level = state.level(width)
    return state if level is None else state.changed(change(level))


def _failed(state: State, error: Exception, at: datetime, width: Width) -> State:
    """Return the state after a refresh that failed: hours and minutes are waited out alone.

    Unless the API asks for a pause, the days and pools can be read, and are.
    """
    timer = state.timer
    every = None if width is Width.DAY or timer is None or asks_to_wait(error) else timer.every

    def failed(level: Level) -> Level:
        times = 1 if level.failure is None else level.failure.times + 1
        until = None if every is None else at + backoff(every, times, error)
        return replace(level, loading=None, failure=Failure(str(error), at, until, times))

    state = _at_level(state, width, failed)
    if isinstance(error, KeyRefused) and not state.has_data:
        state = replace(state, key_problem=error.sentence)
    return state if every is not None or timer is None else replace(state, timer=timer.failed(at, error))


def _paced(state: State, width: Width, at: datetime) -> State:
    """Return the state with its next poll one interval away, if it was the days that were read.

    What is read of hours and minutes changes nothing of when the days and pools are due, unless the API asked for a
    pause there, which is not over.
    """
    timer = state.timer
    if width is not Width.DAY or timer is None:
        return state
    is_asked_to_wait = any(level.failure is not None and level.failure.until is None for level in state.levels)
    if is_asked_to_wait and timer.until is not None and at < timer.until:
        return state
    return replace(state, timer=timer.succeeded(at))


def _without(report: Report, starts: AbstractSet[datetime]) -> Report:
    kept = {start: bucket for start, bucket in report.buckets.items() if start not in starts}
    return report if len(kept) == len(report.buckets) else replace(report, buckets=kept)

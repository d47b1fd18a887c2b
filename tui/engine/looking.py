"""What the state is after the user looked at something else: another view, window or level, or what is folded."""

from __future__ import annotations

from dataclasses import replace

from tui.domain.kinds import Kind
from tui.domain.periods import Period
from tui.domain.time import Width
from tui.domain.usage import Report
from tui.domain.view import View
from tui.engine.arrivals import derive_levels
from tui.engine.events import Entered, Folded, Left, Listed, PeriodChosen, Viewed, WindowChosen
from tui.engine.level import Level, usual_period
from tui.engine.state import State
from tui.engine.store import Series

_Look = Folded | Listed | Entered | Left | Viewed | WindowChosen | PeriodChosen


def looked(state: State, event: _Look) -> State:
    """Return the state after the user looked at something else."""
    seen = state.seen
    match event:
        case Folded(buckets, open=is_open):
            opened = seen.opened | buckets if is_open else seen.opened - buckets
            return state.changed(replace(seen, opened=opened, listed=seen.listed & opened))
        case Listed(bucket):
            return state.changed(replace(seen, listed=seen.listed | {bucket}))
        case Entered(window, came_from, within):
            level = Level(Report(window), came_from=came_from, within=within, period=event.period)
            level = replace(level, rolling=event.rolling, exact=event.exact, opened=frozenset({level.newest}))
            return derive_levels(replace(state, levels=(*state.levels, level)))
        case Left():
            return replace(state, levels=state.levels[: max(1, len(state.levels) - 1)])
        case Viewed(view):
            return _viewed(state, view)
        case WindowChosen(spec):
            usual = usual_period(spec.window(state.day).days_before_last)
            return _with_period(replace(state, window_wanted=spec), state.days, state.period_wanted or usual)
        case PeriodChosen(period):
            if seen is state.days:  # what is usual in this window need not be held on to
                wanted = (
                    None if period is usual_period(state.window_wanted.window(state.day).days_before_last) else period
                )
                state = replace(state, period_wanted=wanted)
            return _with_period(state, seen, period)


def _with_period(state: State, level: Level, period: Period) -> State:
    """Return the state with other lines in a level of days: of what was opened, the newest line is."""
    if period is level.period:
        return state
    other = replace(level, period=period, listed=frozenset())
    other = replace(other, opened=frozenset({other.newest}))
    return replace(state, levels=tuple(other if each is level else each for each in state.levels))


def _viewed(state: State, view: View) -> State:
    """Return the state with another view: what was read for the one before stays as far as it says something."""
    before = state.view
    is_other = (view.kind, view.only) != (before.kind, before.only)
    state = replace(state, view=view)
    if is_other:
        of_pools = {Series(Kind.COMPLETIONS, width) for width in Width}
        store = state.store.only(of_pools | {Series.of(state.query(level.report.window)) for level in state.levels})
        return derive_levels(replace(state, store=store, levels=tuple(_emptied(level) for level in state.levels)))
    if (view.grouping, view.merged) != (
        before.grouping,
        before.merged,
    ):  # then names are others
        state = replace(state, levels=tuple(replace(level, within=()) for level in state.levels))
    state = derive_levels(state)
    levels = tuple(
        replace(level, before=None, loading=None, fresh=False) if level.coarse else level for level in state.levels
    )
    return replace(state, levels=levels)


def _emptied(level: Level) -> Level:
    """Return the level before anything was read."""
    empty = Level(Report(level.report.window), level.opened, came_from=level.came_from, period=level.period)
    return replace(empty, rolling=level.rolling, exact=level.exact)

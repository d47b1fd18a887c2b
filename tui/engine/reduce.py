"""What follows from an event: (state, event) -> (state, effects). Pure, so that every step can be tested."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from msgspec import structs

from tui.domain.alerts import pool_alerts
from tui.domain.runs import begun_at_mark, with_run
from tui.domain.time import midnight
from tui.domain.usage_alerts import usage_alerts
from tui.engine import plan, select
from tui.engine.arrivals import (
    derive_levels,
    derive_pools,
    read_pools,
    take_cached,
    take_recalled,
    turn_day,
    with_window,
)
from tui.engine.effects import Effect
from tui.engine.events import (
    BucketsRead,
    BucketsRecalled,
    BucketsWanted,
    CacheLoaded,
    CostsRead,
    CostsWanted,
    Entered,
    Event,
    Folded,
    Left,
    Listed,
    Marked,
    Named,
    NamesWanted,
    NothingFound,
    Paced,
    Pacing,
    PeriodChosen,
    PoolsRead,
    RefreshAsked,
    RunForgotten,
    RunMeasured,
    RunsLoaded,
    SettingRead,
    SettingsWanted,
    StopAsked,
    Ticked,
    Viewed,
    WindowChosen,
)
from tui.engine.following import due_of_month, effects_of, running_out
from tui.engine.looking import looked
from tui.engine.refreshing import refreshed
from tui.engine.state import State
from tui.engine.timer import RefreshTimer


def reduce(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Return the state after the event, and what is to be done.

    What was learned before is never taken away by a failure. An event of a level that the user has left changes
    nothing.
    """
    after = _next(state, event)
    return after, effects_of(state, event, after)


def _next(state: State, event: Event) -> State:
    match event:
        case Folded() | Listed() | Entered() | Left() | Viewed() | WindowChosen() | PeriodChosen():
            return looked(state, event)
        case NamesWanted() | SettingsWanted() | CostsWanted() | BucketsWanted():
            return _wanted(state, event)
        case PoolsRead() | Named() | CostsRead() | SettingRead() | BucketsRead() | BucketsRecalled():
            return _learned(state, event)
        case CacheLoaded():
            return take_cached(state, event)
        case Paced(how, at):
            return replace(state, timer=None if state.timer is None else _polling(state.timer, how, at))
        case Ticked(at):
            return _at(state, at)
        case RefreshAsked():
            beside = state.buckets_wanted.compared
            known = state.buckets_read.items()
            kept = {query: read for query, read in known if plan.is_of_week(query) or query in beside}
            return replace(state, buckets_read=kept)
        case StopAsked() | NothingFound():
            return state
        case RunsLoaded() | RunMeasured() | Marked() | RunForgotten():
            return _measured(state, event)
        case _:
            return refreshed(state, event)


def _measured(state: State, event: RunsLoaded | RunMeasured | Marked | RunForgotten) -> State:
    """Return the state after runs were read, or one was measured, begun, ended or forgotten."""
    match event:
        case RunsLoaded(runs):
            stored = {run.id: run for run in runs if run.id not in state.runs_forgotten}
            known = {run.id: run for run in state.runs if run.id in stored or run.id not in state.runs_stored}
            merged = [run.joined(stored[run.id]) if run.id in stored else run for run in known.values()]
            merged += [run for run in stored.values() if run.id not in known]
            merged.sort(key=lambda run: run.started, reverse=True)
            return replace(state, runs=tuple(merged), runs_stored=state.runs_stored | stored.keys())
        case RunMeasured(run):
            is_known = any(each.id == run.id for each in state.runs)  # else it was forgotten meanwhile
            return replace(state, runs=with_run(state.runs, run)) if is_known else state
        case Marked(at, id_):
            mark = state.mark
            run = begun_at_mark(at, id_) if mark is None else replace(mark, ended=at)
            return replace(state, runs=with_run(state.runs, run))
        case RunForgotten(run):
            runs = tuple(each for each in state.runs if each.id != run.id)
            return replace(state, runs=runs, runs_forgotten=state.runs_forgotten | {run.id})


def _learned(
    state: State, event: PoolsRead | Named | CostsRead | SettingRead | BucketsRead | BucketsRecalled
) -> State:
    """Return the state with what was learned beside the buckets that are shown."""
    match event:
        case PoolsRead(at):
            state = read_pools(state, at)
            due, told = pool_alerts(
                state.snapshot.pools, state.day, state.thresholds, state.told, state.told_to_run_out
            )
            state = replace(state, billings=select.billings(state, at))
            unusual, told = usage_alerts(select.alert_inputs(state, at), state.spike_floor, told)
            due = (*due, *unusual) if state.thresholds else ()  # without them nothing changes any more
            return replace(state, told=told, due=due, told_to_run_out=running_out(state))
        case Named(directory):
            return replace(state, directory=directory)
        case CostsRead(costs):
            after = replace(state, costs=state.costs.updated(costs))
            return replace(after, told=due_of_month(state, after)[1])
        case BucketsRecalled():
            return take_recalled(state, event)
        case BucketsRead(query, at):
            wanted = set(plan.extras(state.buckets_wanted, at))
            kept = {
                known: read
                for known, read in state.buckets_read.items()
                if known in wanted
                or not known.window.running
                or known == plan.year(at)  # polls renew its newest days
            }
            return replace(state, buckets_read={**kept, query: event})
        case SettingRead(question, answer, at):
            return _with_proved_pools(
                replace(state, admin_settings=state.admin_settings.updated(question, answer)), at
            )


def _with_proved_pools(state: State, at: datetime) -> State:
    """Return the state with pools of the size that a rate limit proves, where one does."""
    if state.catalogue.has_larger_pools or not state.admin_settings.proves_larger_pools:
        return state
    return derive_pools(replace(state, catalogue=replace(state.catalogue, has_larger_pools=True)), at)


def _at(state: State, now: datetime) -> State:
    """Return the state at this time. A clock can be set back: then levels that have not begun are left."""
    levels = state.levels
    while len(levels) > 1 and levels[-1].report.window.start > now:
        levels = levels[:-1]
    state = replace(state, levels=levels) if len(levels) < len(state.levels) else state
    if midnight(now) == state.day or _may_ask(state):
        return state
    state, window = turn_day(state, now), state.window_wanted.window(now)
    if window == state.days.report.window:
        return state
    return derive_levels(state.changed(replace(with_window(state.days, window), fresh=False)))


def _may_ask(state: State) -> bool:
    """Return whether a new day is to be read at once: unless the user paused that, or errors are waited out."""
    timer = state.timer
    return timer is None or (timer.on and not timer.asleep and state.days.failure is None)


def _wanted(state: State, event: NamesWanted | SettingsWanted | CostsWanted | BucketsWanted) -> State:
    """Return the state with what is to be read beside the view."""
    match event:
        case NamesWanted(dimensions):
            return replace(state, names_wanted=state.names_wanted | dimensions)
        case SettingsWanted(questions):
            return replace(state, settings_wanted=questions)
        case CostsWanted(days):
            return replace(state, costs_wanted=max(days, state.costs_wanted))
        case BucketsWanted():
            return replace(state, buckets_wanted=structs.replace(event, week=state.buckets_wanted.week))


def _polling(timer: RefreshTimer, how: Pacing, at: datetime) -> RefreshTimer:
    match how:
        case "toggled":
            return timer.toggled(at)
        case "slept":
            return timer.suspended()
        case "woken":
            return timer.resumed()
        case _:
            return timer.stepped(1 if how == "slower" else -1, at)

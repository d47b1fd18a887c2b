"""How what is read gets into the state: into the store first, and from there into what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from tui.domain.admin_settings import NO_SETTINGS
from tui.domain.costs import UNREAD
from tui.domain.directory import NO_NAMES
from tui.domain.pool_status import confirmed, pool_statuses
from tui.domain.time import DAY, Width, Window, midnight
from tui.domain.usage import Report
from tui.engine import plan
from tui.engine.events import Arrived, BucketsRecalled, CacheLoaded
from tui.engine.level import Level, newest
from tui.engine.notes import NO_NOTES, Notes
from tui.engine.select import pool_inputs
from tui.engine.state import State
from tui.engine.store import Store
from tui.sources.base import BY_MODEL, CachedBucket, Query


def take_page(state: State, event: Arrived) -> State:
    """Return the state with a page. Another organization's data are not mixed in."""
    page, query = event.page, event.query
    if page.is_another:
        levels = tuple(replace(level, before=None) for level in state.levels)
        snapshot = replace(state.snapshot, pool_inputs=None, pools=(), pools_are_read=False)
        state = replace(state, levels=levels, snapshot=snapshot, costs=UNREAD, directory=NO_NAMES)
        state = replace(state, told_to_run_out=frozenset(), buckets_read={})
        catalogue = replace(state.catalogue, has_larger_pools=False)
        state = replace(state, admin_settings=NO_SETTINGS, catalogue=catalogue)
    state = replace(state, store=state.store.take(query, page))
    snapshot = replace(state.snapshot, organization=page.organization or state.snapshot.organization)
    if not event.quiet or page.is_another:
        snapshot = replace(snapshot, notes=snapshot.notes.of_page(page))
    state = derive_levels(replace(state, snapshot=snapshot))
    level = state.level(query.window.width)
    if level is None or level.loading is None or not query.tells(state.query(level.report.window)):
        return state
    named = (*(each.start for each in page.buckets), *page.not_kept)
    starts = frozenset(start for start in named if start in level.report.window).difference(page.missing)
    loading = replace(level.loading, read=level.loading.read | starts)
    return state.changed(replace(level, loading=loading, before=loading.before))


def take_cached(state: State, event: CacheLoaded) -> State:
    """Return the state with what the archive knew, where nothing newer has come."""
    window = event.query.window
    state = turn_day(state, event.at) if window.width is Width.DAY else state
    level = state.level(window.width)
    if level is None or level.fresh:
        return state
    store = state.store
    for query, kept in event.kept.items():
        store = _with_kept(store, query, kept)
    read_at = max((each.read_at for each in event.kept.get(event.query, {}).values()), default=None)
    level = replace(with_window(level, window), fetched_at=read_at, failure=None)
    snapshot = replace(state.snapshot, organization=state.snapshot.organization or event.organization)
    state = derive_levels(replace(state.changed(level), store=store, snapshot=snapshot))
    is_new = window.width is Width.DAY and snapshot.pool_inputs is None
    return _with_recalled_pools(state, event.at) if is_new else state


def take_recalled(state: State, event: BucketsRecalled) -> State:
    """Return the state with what the archive knew of a question beside the view; what is newer stays as it is."""
    state = derive_levels(replace(state, store=_with_kept(state.store, event.query, event.kept)))
    decides = event.query.window.width is Width.HOUR and not state.snapshot.pools_are_read
    return _with_recalled_pools(state, event.at) if decides and state.snapshot.pool_inputs is not None else state


def _with_recalled_pools(state: State, at: datetime) -> State:
    """Return the state with the pools as far as the archive knows them: nothing was asked, so nothing is missing."""
    state = derive_pools(state, at)
    found = state.snapshot.pool_inputs
    if found is None:
        return state
    return replace(state, snapshot=replace(state.snapshot, pool_inputs=replace(found, complete=True)))


def _with_kept(store: Store, query: Query, kept: Mapping[datetime, CachedBucket]) -> Store:
    coarse = tuple(name for name in query.group_by if name in BY_MODEL)
    store = store.put(query, [each.bucket for each in kept.values() if not each.coarse])
    return store.put(query, [each.bucket for each in kept.values() if each.coarse], coarse)


def derive_levels(state: State) -> State:
    """Return the state with levels that show what the store knows of the view."""
    return replace(state, levels=tuple(_of_store(state, level) for level in _within_days(state.levels)))


def _within_days(levels: tuple[Level, ...]) -> Iterator[Level]:
    """Yield the levels; those inside of a week or a month have those of its days that the window has now."""
    outer, *others = levels
    yield outer
    for each in others:
        level, window = each, each.report.window
        if level.width is Width.DAY and level.came_from is not None:
            found = outer.period.inside(level.came_from[0], outer.report.window)
            if found is None:
                return  # the window has moved on
            if found != window:
                level = replace(level, report=replace(level.report, window=found))
        yield level
        outer = level


def _of_store(state: State, level: Level) -> Level:
    report, coarse = state.store.report(state.query(level.report.window))
    before = level.report
    is_same = (before.window, before.not_kept, level.coarse) == (report.window, report.not_kept, coarse) and (
        before.buckets.keys() == report.buckets.keys()
        and all(before.buckets[start] is bucket for start, bucket in report.buckets.items())
    )
    return level if is_same else replace(level, report=report, coarse=coarse)


def derive_pools(state: State, at: datetime) -> State:
    """Return the state with what the store knows of today's pools."""
    found = pool_inputs(state.store, state.catalogue, at, view=state.query(state.days.report.window))
    if found is None:
        return state
    held = {each.pool.name: each.held for each in state.snapshot.pools}
    pools = tuple(replace(each, held=held.get(each.pool.name)) for each in pool_statuses(found, state.catalogue, at))
    open_minutes = (level.report.window.start for level in state.levels if level.width is Width.MINUTE)
    marks = () if state.mark is None else (state.mark.minutes(at).start,)
    since = min((plan.minutes(at).window.start, *open_minutes, *marks))
    state = replace(state, store=state.store.since(Width.MINUTE, since))  # each poll brings more of them
    return replace(state, snapshot=replace(state.snapshot, pool_inputs=found, pools=pools))


def read_pools(state: State, at: datetime) -> State:
    """Return the state after one more reading of the pools. What the archive knew was none: nothing is held to it."""
    before = state.snapshot.pools if state.snapshot.pools_are_read else ()
    state = derive_pools(state, at)
    pools = confirmed(state.snapshot.pools, before)
    return replace(state, snapshot=replace(state.snapshot, pools=pools, pools_are_read=bool(pools)))


def turn_day(state: State, at: datetime, *, quiet: bool = False) -> State:
    """Return the state as a refresh of the days begins: the pools of a new day are unknown yet.

    What was noted stays until somebody asks for a refresh, so that it can be read.
    """
    snapshot = replace(state.snapshot, notes=Notes(others=state.snapshot.notes.others) if quiet else NO_NOTES)
    if midnight(at) != state.day:
        snapshot = replace(snapshot, pool_inputs=None, pools=(), pools_are_read=False)
        state = replace(state, day=midnight(at), told_to_run_out=frozenset(), buckets_read={})
        state = replace(state, store=state.store.since(Width.HOUR, _first_hour_of_use(state)))
    return replace(state, snapshot=snapshot)


def _first_hour_of_use(state: State) -> datetime:
    """Return the first hour that a comparison, or a day that is looked into, may still want."""
    looked_into = (level.report.window.start for level in state.levels if level.width is Width.HOUR)
    return min((state.day - 32 * DAY, *looked_into))


def with_window(level: Level, window: Window) -> Level:
    """Return the level with this window, of which nothing is known yet; a last day that is another one is open."""
    is_another = level.width is Width.DAY and newest(level.report.window) != newest(window)
    opened = level.opened | {level.period.floor(newest(window))} if is_another else level.opened
    return replace(level, report=Report(window), opened=opened)

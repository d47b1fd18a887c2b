"""What follows from an event: (state, event) -> state. Pure, so that every turn of a run can be tested."""

from __future__ import annotations

from dataclasses import replace

from tui.domain.source import Page
from tui.domain.window import Window
from tui.session.state import (
    Arrived,
    Cancelled,
    Event,
    Failed,
    Failure,
    Finished,
    Folded,
    Loading,
    PoolsRead,
    Snapshot,
    Started,
    State,
    today_of,
)


def reduce(state: State, event: Event) -> State:
    """Return the state after the event. What was learned before is never taken away by a failure."""
    match event:
        case Started(window, at):
            return replace(_turned(state, window), loading=Loading(at))
        case Arrived(page):
            snapshot = replace(state.snapshot, report=state.snapshot.report.with_buckets(page.buckets))
            return replace(_read(state, page), snapshot=_noted(snapshot, page))
        case PoolsRead(evidence):
            return replace(state, snapshot=replace(state.snapshot, evidence=evidence))
        case Finished(at):
            return replace(state, loading=None, failure=None, snapshot=replace(state.snapshot, fetched_at=at))
        case Failed(error, at):
            return replace(state, loading=None, failure=Failure(str(error), at))
        case Cancelled():
            return replace(state, loading=None)
        case Folded(days, open=is_open):
            return replace(state, open_days=state.open_days | days if is_open else state.open_days - days)


def _turned(state: State, window: Window) -> State:
    """Return the state over a window that may have moved on: a new day is open, and its pools are unknown yet."""
    before = state.snapshot.report.window
    snapshot = replace(state.snapshot, report=state.snapshot.report.over(window), warnings=())
    if today_of(before) == today_of(window):
        return replace(state, snapshot=snapshot)
    return replace(state, snapshot=replace(snapshot, evidence=None), open_days=state.open_days | {today_of(window)})


def _read(state: State, page: Page) -> State:
    if state.loading is None:
        return state
    starts = frozenset(bucket.start for bucket in page.buckets)
    return replace(state, loading=replace(state.loading, read=state.loading.read | starts))


def _noted(snapshot: Snapshot, page: Page) -> Snapshot:
    warnings = snapshot.warnings
    if page.warning is not None and page.warning not in warnings:
        warnings = (*warnings, page.warning)
    return replace(snapshot, warnings=warnings, organization=page.organization or snapshot.organization)

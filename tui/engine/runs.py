"""Runs are measured: what the API counted between the start and the end of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from tui.domain.dimensions import filters
from tui.domain.kinds import Kind
from tui.domain.prices import Prices
from tui.domain.rows import Row
from tui.domain.runs import LATEST, Run, RunUsage, is_complete, usage_of
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket
from tui.engine import plan
from tui.engine.resolve_names import resolved
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import TuiError
from tui.sources.base import BY_MODEL, Query


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with what is known of it now, and why a part could not be read, if one could not."""

    run: Run
    problem: TuiError | None = None


Read = Callable[[Query], Awaitable[TuiError | None]]
"""Reads the buckets of a query into the state, and tells why they did not all come."""


async def measure(session: Session, state: Callable[[], State], read: Read, run: Run) -> Measured:
    """Read what was used in a run; what cannot be read is only said to be missing.

    What it is filtered by has an id from then on, where it was called by a name that could not be looked up before.
    """
    try:
        run = replace(run, only=await resolved(run.only, session.directory_source))
    except TuiError as error:
        return Measured(run, error)
    problem: TuiError | None = None
    for query in plan.of_run(run, session.clock()):
        problem = await read(query)
        if problem is not None:  # the others would be waited for as long
            break
    return Measured(run.measured(run_usage(state(), run, session.clock(), session.prices)), problem)


_ASKED_AGAIN = timedelta(minutes=10)
"""So long a run that is not complete is not asked about again: others look at the same minute of requests."""


def unfinished(state: State, session: Session, asked: Mapping[str, datetime]) -> Iterator[Run]:
    """Yield the runs that are over and not complete, and of which it is time to know more."""
    now = session.clock()
    for run in state.runs:
        if not run.is_over or run.is_complete:
            continue
        at = asked.get(run.id)
        if is_told_by_polls(run, now) or at is None or not at <= now < at + _ASKED_AGAIN:
            yield run


def is_told_by_polls(run: Run, now: datetime) -> bool:
    """Return whether what is read anyway tells all of a run, so that the API need not be asked about it."""
    return run.kind == "mark" and run.ended is not None and run.ended <= now < run.ended + LATEST


def run_usage(state: State, run: Run, now: datetime, prices: Prices | None = None) -> RunUsage:
    """Return what is known of what was used in a run."""
    window, only = run.minutes(now), filters(Kind.COMPLETIONS, run.only)
    store = state.store

    def known() -> Iterator[tuple[Window, Mapping[datetime, Bucket], int]]:
        for part in plan.windows_of(run, now):
            query = Query(part, plan.fields_of(run), filters=only)
            yield part, store.get(query), len(store.not_kept(query))

    def cost(row: Row, start: datetime) -> Decimal | None:
        return None if prices is None else prices.cost(row, start.date())

    found = usage_of(known(), state.catalogue, cost)
    beyond = Query(Window(window.start, window.end + LATEST, Width.MINUTE), BY_MODEL)
    minutes = store.get(replace(beyond, window=_last_hours(beyond.window)))
    used = [start for start, bucket in minutes.items() if bucket.sums]
    times = [bucket.read_at for bucket in minutes.values() if bucket.read_at is not None]
    through = max(used) + Width.MINUTE.span if used else None
    read_at = max(times, default=now if minutes else None)  # without an archive nobody notes it
    is_whole = found.unread == found.not_kept and read_at is not None
    complete = run.is_over and is_whole and is_complete(window.end, through, read_at or now)
    return replace(found, read_at=read_at, through=through, complete=complete)


def _last_hours(window: Window) -> Window:
    """Return the end of a window: how far the API has counted stands there."""
    return replace(window, start=max(window.start, window.end - 4 * LATEST))

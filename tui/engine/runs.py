"""Runs are measured: what the API counted between the start and the end of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.dimensions import filters
from tui.domain.kinds import Kind
from tui.domain.prices import Prices
from tui.domain.runs import LATEST, Run, RunUsage, is_complete, spans, usage_of
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket, Row
from tui.engine import plan
from tui.engine.engine import Engine
from tui.engine.state import State
from tui.errors import TuiError
from tui.sources.base import Query


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with what is known of it now, and why a part could not be read, if one could not."""

    run: Run
    problem: TuiError | None = None


async def measure(engine: Engine, run: Run) -> Measured:
    """Read what was used in a run; what cannot be read is only said to be missing."""
    problem: TuiError | None = None
    for query in plan.of_run(run, engine.session.clock()):
        problem = (await engine.read(query)).problem
        if problem is not None:  # the others would be waited for as long
            break
    usage = run_usage(engine.state, run, engine.session.clock(), engine.session.prices)
    return Measured(run.measured(usage), problem)


async def is_counted(engine: Engine, run: Run) -> bool:
    """Read only what tells whether the API has counted all of a run that is over, and return that."""
    await engine.read(plan.of_run(run, engine.session.clock())[-1])
    return run_usage(engine.state, run, engine.session.clock()).complete


def run_usage(state: State, run: Run, now: datetime, prices: Prices | None = None) -> RunUsage:
    """Return what is known of what was used in a run."""
    window, only = run.minutes(now), filters(Kind.COMPLETIONS, run.only)
    store = state.store

    def known() -> Iterator[tuple[Window, Mapping[datetime, Bucket], int]]:
        for part in spans(window):
            query = Query(part, plan.BY_RUN, filters=only)
            yield part, store.get(query), len(store.not_kept(query))

    def cost(row: Row, start: datetime) -> Decimal | None:
        return None if prices is None else prices.cost(row, start.date())

    found = usage_of(known(), state.catalogue, cost)
    beyond = Query(Window(window.start, window.end + LATEST, Width.MINUTE), plan.BY_RUN[:2])
    minutes = store.get(replace(beyond, window=_last_hours(beyond.window)))
    used = [start for start, bucket in minutes.items() if bucket.sums]
    times = [bucket.read_at for bucket in minutes.values() if bucket.read_at is not None]
    through = max(used) + Width.MINUTE.span if used else None
    read_at = max(times, default=now if minutes else None)  # without an archive nobody notes it
    is_whole = found.unread == found.not_kept and read_at is not None
    complete = run.ended is not None and is_whole and is_complete(window.end, through, read_at or now)
    return replace(found, read_at=read_at, through=through, complete=complete)


def _last_hours(window: Window) -> Window:
    """Return the end of a window: how far the API has counted stands there."""
    return replace(window, start=max(window.start, window.end - 4 * LATEST))

"""One refresh: the view and the pools side by side, told of in events."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.kinds import Kind
from tui.domain.pools import needs_hours
from tui.domain.reading import Evidence, readings
from tui.domain.source import BY_MODEL, BY_PROJECT, Page, Query
from tui.domain.window import Window, midnight, recent
from tui.errors import BucketMissing, KeyRefused, RateLimited, TuiError
from tui.session.events import Arrived, Cancelled, Event, Failed, Finished, PoolsRead, Recalled, Started
from tui.session.fetch import read, side_by_side
from tui.session.pool_reading import Beside, history_window, needs_history, read_pools
from tui.session.recall import recall
from tui.session.run import Run
from tui.session.state import newest

Emit = Callable[[Event], None]
Work = Callable[[datetime, Emit], Awaitable[None]]

_STOPPING = (KeyRefused, RateLimited)
"""Errors after which nothing is asked for a while, whatever else was answered."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what the run is about, and tells of it in events; errors are events too."""

    run: Run

    async def refresh(self, query: Query, emit: Emit, known: Evidence | None = None) -> None:
        """Read the days of a view, and today's pools. `known` is what was learned of the pools before.

        The pools' own questions are never changed by the view; days that they read as finely are not asked for twice.
        """

        async def others(now: datetime, emit: Emit) -> None:
            window, end = query.window, query.window.end
            if _is_answered(query, BY_PROJECT):
                end = min(end, recent(now).start)
            if _is_answered(query, BY_MODEL) and needs_history(self.run.catalogue, now, known):
                end = min(end, history_window(now).start)
            if window.start < end:
                rest = window if end == window.end else replace(window, end=end, running=False)
                await self._view(replace(query, window=rest), emit)

        async def work(now: datetime, emit: Emit) -> None:
            await side_by_side(self._pools(query, now, emit, known, Beside()), others(now, emit))

        await self._told(query.window, emit, work)

    async def beat(self, query: Query, emit: Emit, known: Evidence | None, number: int, *, view: bool = True) -> None:
        """Read again what is not settled, in two requests: days, and minutes, or every other time the hours instead.

        The hours are only needed where a pool may be stuck below its limit. A `view` that the pools' days do not tell
        takes one request more.
        """
        undecided = known is not None and needs_hours(known.pools(self.run.catalogue)) and number % 2 == 1
        beside = Beside(minutes=not undecided, hours=undecided, history=False)

        async def own(now: datetime, emit: Emit) -> None:
            if view and not _is_answered(query, BY_PROJECT):
                start = max(query.window.start, recent(now).start)
                await self._view(replace(query, window=replace(query.window, start=start)), emit)

        async def work(now: datetime, emit: Emit) -> None:
            await side_by_side(self._pools(query, now, emit, known, beside), own(now, emit))

        await self._told(query.window, emit, work, quiet=True)

    async def inside(self, query: Query, emit: Emit, *, quiet: bool = False) -> None:
        """Read hours or minutes."""
        await self._told(query.window, emit, lambda _, emit: self._view(query, emit), quiet=quiet)

    async def recall(self, query: Query, emit: Emit, begun: Awaitable[Recalled] | None = None) -> None:
        """Tell what was read earlier, and ask nobody; it may be `begun` to be looked up."""
        memory = self.run.memory
        if memory is None:
            return
        try:
            emit(await (begun or asyncio.to_thread(recall, memory, query, self.run.clock(), self.run.catalogue)))
        except TuiError as error:
            emit(Recalled(query.window, {}))
            emit(Failed(error, self.run.clock(), query.window.width))

    async def _view(self, query: Query, emit: Emit) -> None:
        await read(self.run.source, query, lambda page: emit(Arrived(page, query.window.width)))

    async def _pools(self, query: Query, now: datetime, emit: Emit, known: Evidence | None, beside: Beside) -> None:
        def arrived(page: Page, group_by: tuple[str, ...]) -> None:
            emit(Arrived(page if _is_answered(query, group_by) else replace(page, buckets=())))

        run = self.run
        try:
            found = await read_pools(run.source, run.catalogue, now, known=known, beside=beside, arrived=arrived)
        except BucketMissing:
            return  # the page that left it out says so, and the other days are there
        emit(PoolsRead(found, readings(found, run.catalogue, run.clock())))
        if found.problem is not None:
            raise found.problem

    async def _told(self, window: Window, emit: Emit, work: Work, *, quiet: bool = False) -> None:
        """Do the work, and tell of its beginning and its end.

        Where the present was read and something else failed, that has not failed: the rest is asked for again later,
        and the beat goes on.
        """
        width, clock = window.width, self.run.clock
        now = clock()
        has_present = False

        def noting(event: Event) -> None:
            nonlocal has_present
            match event:
                case PoolsRead():
                    has_present = True
                case Arrived(page, its_width) if its_width is width:
                    has_present = has_present or any(bucket.start == newest(window) for bucket in page.buckets)
                case _:
                    pass
            emit(event)

        emit(Started(window, now, quiet))
        try:
            await work(now, noting)
        except TuiError as error:
            if midnight(clock()) != midnight(now):  # the answers showed that today is another day, which is read next
                emit(Cancelled(clock(), width))
            elif has_present and not isinstance(error, _STOPPING):
                emit(Finished(clock(), width, error))
            else:
                emit(Failed(error, clock(), width))
        except asyncio.CancelledError:
            emit(Cancelled(clock(), width))
            raise
        else:
            emit(Finished(clock(), width))


def _is_answered(query: Query, group_by: tuple[str, ...]) -> bool:
    """Return whether the pools' question with this breakdown tells all that the query asks for."""
    return query.kind is Kind.COMPLETIONS and not query.filters and set(query.group_by) <= set(group_by)

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
from tui.errors import TuiError
from tui.session.events import Arrived, Cancelled, Event, Failed, Finished, PoolsRead, Recalled, Started
from tui.session.fetch import read, side_by_side
from tui.session.pool_reading import Beside, history_window, needs_history, read_pools
from tui.session.recall import recall
from tui.session.run import Run

Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what the run is about, and tells of it in events; errors are events too."""

    run: Run

    async def refresh(self, query: Query, emit: Emit, known: Evidence | None = None) -> None:
        """Read the days of a view, and today's pools. `known` is what was learned of the pools before.

        The pools' own questions are never changed by the view; days that they read as finely are not asked for twice.
        """

        async def others(now: datetime) -> None:
            window, end = query.window, query.window.end
            if _is_answered(query, BY_PROJECT):
                end = min(end, recent(now).start)
            if _is_answered(query, BY_MODEL) and needs_history(self.run.catalogue, now, known):
                end = min(end, history_window(now).start)
            if window.start < end:
                rest = window if end == window.end else replace(window, end=end, running=False)
                await self._view(replace(query, window=rest), emit)

        async def work(now: datetime) -> None:
            await side_by_side(self._pools(query, now, emit, known, Beside()), others(now))

        await self._told(query.window, emit, work)

    async def beat(self, query: Query, emit: Emit, known: Evidence | None, number: int) -> None:
        """Read again what is not settled, in two requests: days, and minutes, or every other time the hours instead.

        The hours are only needed where a pool may be stuck below its limit. A view that the pools' days do not tell
        takes one request more.
        """
        undecided = known is not None and needs_hours(known.pools(self.run.catalogue)) and number % 2 == 1
        beside = Beside(minutes=not undecided, hours=undecided, history=False)

        async def own(now: datetime) -> None:
            if not _is_answered(query, BY_PROJECT):
                start = max(query.window.start, recent(now).start)
                await self._view(replace(query, window=replace(query.window, start=start)), emit)

        async def work(now: datetime) -> None:
            await side_by_side(self._pools(query, now, emit, known, beside), own(now))

        await self._told(query.window, emit, work, quiet=True)

    async def inside(self, query: Query, emit: Emit, *, quiet: bool = False) -> None:
        """Read hours or minutes."""
        await self._told(query.window, emit, lambda _: self._view(query, emit), quiet=quiet)

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
        found = await read_pools(run.source, run.catalogue, now, known=known, beside=beside, arrived=arrived)
        emit(PoolsRead(found, readings(found, run.catalogue, run.clock())))

    async def _told(
        self, window: Window, emit: Emit, work: Callable[[datetime], Awaitable[None]], *, quiet: bool = False
    ) -> None:
        width, clock = window.width, self.run.clock
        now = clock()
        emit(Started(window, now, quiet))
        try:
            await work(now)
        except TuiError as error:
            if midnight(clock()) == midnight(now):
                emit(Failed(error, clock(), width))
            else:  # the answers showed that today is another day, which is read next
                emit(Cancelled(clock(), width))
        except asyncio.CancelledError:
            emit(Cancelled(clock(), width))
            raise
        else:
            emit(Finished(clock(), width))


def _is_answered(query: Query, group_by: tuple[str, ...]) -> bool:
    """Return whether the pools' question with this breakdown tells all that the query asks for."""
    return query.kind is Kind.COMPLETIONS and not query.filters and set(query.group_by) <= set(group_by)

"""One refresh: the view and the pools side by side, told of in events."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.pools import needs_hours
from tui.domain.reading import Evidence
from tui.domain.source import Page, Query
from tui.domain.window import Window, midnight, recent
from tui.errors import TuiError
from tui.session.fetch import read, side_by_side
from tui.session.pool_reading import Beside, history_window, needs_history, read_pools
from tui.session.recall import recall
from tui.session.run import Run
from tui.session.state import Arrived, Cancelled, Event, Failed, Finished, PoolsRead, Recalled, Started

Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what the run is about, and tells of it in events; errors are events too."""

    run: Run

    async def refresh(self, window: Window, emit: Emit, known: Evidence | None = None) -> None:
        """Read the days of the window and today's pools. `known` is what was learned of the pools before."""

        async def older(now: datetime) -> None:
            # The pools read the newest days, and the month before today, where they do not know it already.
            theirs = history_window(now) if needs_history(self.run.catalogue, now, known) else recent(now)
            if window.start < theirs.start:
                rest = replace(window, end=min(window.end, theirs.start), running=False)
                await read(self.run.source, Query(rest), lambda page: emit(Arrived(page)))

        async def work(now: datetime) -> None:
            await side_by_side(self._pools(now, emit, known, Beside()), older(now))

        await self._told(window, emit, work)

    async def beat(self, window: Window, emit: Emit, known: Evidence | None, number: int) -> None:
        """Read again what is not settled, in two requests: days, and minutes, or every other time the hours instead.

        The hours are only needed where a pool may be stuck below its limit.
        """
        undecided = known is not None and needs_hours(known.pools(self.run.catalogue)) and number % 2 == 1
        beside = Beside(minutes=not undecided, hours=undecided, history=False)
        await self._told(window, emit, lambda now: self._pools(now, emit, known, beside), quiet=True)

    async def inside(self, window: Window, emit: Emit, *, quiet: bool = False) -> None:
        """Read hours or minutes."""

        async def work(_: datetime) -> None:
            await read(self.run.source, Query(window), lambda page: emit(Arrived(page, window.width)))

        await self._told(window, emit, work, quiet=quiet)

    async def recall(self, window: Window, emit: Emit) -> None:
        """Tell what was read earlier, and ask nobody."""
        memory = self.run.memory
        if memory is None:
            return
        try:
            emit(await asyncio.to_thread(recall, memory, window, self.run.clock()))
        except TuiError as error:
            emit(Recalled(window, {}))
            emit(Failed(error, self.run.clock(), window.width))

    async def _pools(self, now: datetime, emit: Emit, known: Evidence | None, beside: Beside) -> None:
        def arrived(page: Page) -> None:
            emit(Arrived(page))

        run = self.run
        emit(PoolsRead(await read_pools(run.source, run.catalogue, now, known=known, beside=beside, arrived=arrived)))

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

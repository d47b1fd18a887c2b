"""Runs what is to be read in tasks of its own: begun, replaced and stopped here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tui.domain.names import NAMED, Directory
from tui.domain.window import Width
from tui.errors import InternalError, TuiError
from tui.session.costs import CostReader
from tui.session.effects import Load
from tui.session.events import Cancelled, CostsRead, Event, Failed, Named, NothingFound
from tui.session.guard import run_guarded
from tui.session.reader import Emit, Reader
from tui.session.run import Run
from tui.session.state import State, newest
from tui.session.unmatched import unmatched


class Loader:
    """Reads in tasks of its own: one at a time for each width of buckets, where a newer one replaces an older.

    Each task tells of itself in events, which are handed to `dispatch`; a fault of our own goes to `report`.
    """

    def __init__(
        self, run: Run, state: Callable[[], State], dispatch: Emit, report: Callable[[BaseException], None]
    ) -> None:
        self._run, self._state, self._dispatch, self._report = run, state, dispatch, report
        self._reader = Reader(run, state)
        self._costs = CostReader(run.costing)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._marks: dict[str, object] = {}
        self._beats = 0
        self._begun = run.first
        self._is_cache_shown = False
        self._is_checked = False

    def show_cached(self) -> None:
        """Tell at once what the archive knows, where that was looked up already."""
        begun = self._begun
        if begun is not None and begun.done() and begun.exception() is None:
            self._begun, self._is_cache_shown = None, True
            self._dispatch(begun.result())

    def load(self, what: Load) -> None:
        """Read the days, or the hours or minutes that are seen, anew; what is under way for them is replaced."""
        if what.width is Width.DAY:
            self._load_days(beat=what.beat)
        else:
            self._load_inside(what)

    def _load_days(self, *, beat: bool) -> None:
        state, run = self._state(), self._run
        query = state.query(run.window(state.days_wanted))
        begun, self._begun = self._begun, None
        is_cache_shown, self._is_cache_shown = self._is_cache_shown, False
        self._beats += beat

        async def work(emit: Emit) -> None:
            is_new = run.offline or not state.has_data or state.days.coarse
            if is_new and not is_cache_shown:
                await self._reader.recall(query, emit, begun)
            if beat:
                has_view = state.days.fresh or state.days.missing is None
                await self._reader.beat(query, emit, self._beats, view=has_view)
            elif not run.offline:
                await self._reader.refresh(query, emit)

        self._start(Width.DAY, work)

    def _load_inside(self, what: Load) -> None:
        state, now, run = self._state(), self._run.clock(), self._run
        level = state.level(what.width)
        if level is None:
            return
        window = run.inside(level.report.window.start, level.width)
        is_settled = level.fresh and level.width.is_settled(newest(window), now)
        is_left_alone = level.loading is not None or (level.failure and not level.failure.is_waited_out(now))
        if what.quiet and (is_settled or is_left_alone):
            return
        query = state.query(window)

        async def work(emit: Emit) -> None:
            if run.offline or not level.report.buckets or level.coarse:
                await self._reader.recall(query, emit)
            if not run.offline:
                await self._reader.inside(query, emit, quiet=what.quiet)

        self._start(what.width, work)

    def stop(self, width: Width) -> None:
        """End reading buckets of this width, and tell of it at once: a task that has not begun cannot."""
        task = self._tasks.pop(width.name, None)
        self._marks.pop(width.name, None)
        if task is not None and not task.done():
            task.cancel()
            self._dispatch(Cancelled(self._run.clock(), width))

    def load_names(self) -> None:
        """Read what the ids are called that the state wants to show, once."""
        state, source = self._state(), self._run.naming
        shown = {*state.view.dimensions, *dict(state.view.only), *state.names_wanted}
        wanted = [name for name in NAMED if name in shown]
        if source is None or not wanted or state.directory.knows(wanted) or self._is_busy("names"):
            return

        async def work() -> None:
            try:
                found = await source.directory(wanted)
            except TuiError as error:
                found = Directory(problem=error.sentence)
            # What could not be read is not asked for again, and shows its ids.
            tried = Directory({name: {} for name in wanted})
            self._done("names")
            self._dispatch(Named(tried.with_names(self._state().directory).with_names(found)))

        self._begin("names", work)

    def load_costs(self) -> None:
        """Read what it costs, if it is time for that."""
        now, days = self._run.clock(), self._state().days_wanted
        if not self._costs.is_due(now, days) or self._is_busy("costs"):
            return
        reader = self._costs

        async def work() -> None:
            found = await reader.read(now, days)
            self._done("costs")
            if reader is self._costs:  # else it is another organization's
                self._dispatch(CostsRead(found))

        self._begin("costs", work)

    def find_unmatched(self) -> None:
        """Say of what was asked for by name, and nothing was used of, that there is no such usage: once."""
        state = self._state()
        report, only = state.days.report, state.view.only
        if self._is_checked or not only or report.unread():
            return
        self._is_checked = True

        async def work() -> None:
            found = await unmatched(self._run.source, state.query(report.window), report, only)
            if found:
                self._dispatch(NothingFound(tuple(found)))

        self._begin("unmatched", work)

    def forget_costs(self) -> None:
        """Forget what was asked: another organization answers."""
        self._costs = CostReader(self._run.costing)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while tasks := [task for task in self._tasks.values() if not task.done()]:
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """End all that is under way, and say nothing of it."""
        self._marks.clear()
        tasks = [task for task in self._tasks.values() if not task.done()]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    def _is_busy(self, name: str) -> bool:
        task = self._tasks.get(name)
        return task is not None and not task.done()

    def _done(self, name: str) -> None:
        """Let another task of this name begin while this one tells of its end."""
        self._tasks.pop(name, None)

    def _start(self, width: Width, work: Callable[[Emit], Awaitable[None]]) -> None:
        # Tasks may run up to their first await before they are returned, so what one says is told apart by a mark
        # that is there already, and not by the task.
        mark = self._marks[width.name] = object()

        def emit(event: Event) -> None:
            if self._marks.get(width.name) is mark:  # one that was replaced has nothing more to say
                self._dispatch(event)

        def failed(error: BaseException) -> None:
            emit(Failed(InternalError.of(error), self._run.clock(), width))

        async def guarded() -> None:
            await run_guarded(work(emit), failed)

        before = self._tasks.get(width.name)
        if before is not None:
            before.cancel()
        self._begin(width.name, guarded)

    def _begin(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        async def reported() -> None:
            await run_guarded(work(), self._report)

        task = asyncio.create_task(reported(), name=name)
        if not task.done():
            self._tasks[name] = task

"""Runs what is to be read in tasks of its own: begun, replaced and stopped here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from tui.domain.admin_settings import Question
from tui.domain.directory import NAMED, Directory
from tui.domain.runs import Run
from tui.domain.time import Width, last_hour
from tui.domain.windows import days_back
from tui.engine.admin_settings import AdminSettingsReader, wanted
from tui.engine.costs import CostReader
from tui.engine.effects import (
    FindUnmatched,
    ForgetCosts,
    Load,
    LoadCosts,
    LoadExtras,
    LoadNames,
    LoadRuns,
    LoadSettings,
    Reading,
    StopLoading,
)
from tui.engine.events import (
    Cancelled,
    CostsRead,
    Event,
    Failed,
    Named,
    NothingFound,
    RunMeasured,
    RunsLoaded,
    SettingRead,
)
from tui.engine.extras import ExtrasLoader
from tui.engine.level import newest
from tui.engine.names import read_names
from tui.engine.reader import Emit, Reader
from tui.engine.runs import is_told_by_polls, measure, run_usage, unfinished
from tui.engine.session import Session
from tui.engine.state import State
from tui.engine.tasks import Tasks, run_guarded
from tui.engine.unmatched import unmatched
from tui.errors import InternalError, TuiError
from tui.sources.base import Query


class Loader:
    """Reads in tasks of its own: one at a time for each width of buckets, where a newer one replaces an older.

    Each task tells of itself in events, which are handed to `dispatch`; a fault of our own goes to `report`.
    """

    def __init__(
        self, session: Session, state: Callable[[], State], dispatch: Emit, report: Callable[[BaseException], None]
    ) -> None:
        self._session, self._state, self._dispatch = session, state, dispatch
        self._reader = Reader(session, state)
        self._costs = CostReader(session.cost_source)
        self._settings = AdminSettingsReader(session.settings_source)
        self._tasks = Tasks(report)
        self._marks: dict[str, object] = {}
        self._polls = 0
        self._extras = ExtrasLoader(session, state, dispatch, self._tasks, self._reader)
        self._runs_asked: dict[str, datetime] = {}
        self._begun = session.first
        self._is_cache_shown = False
        self._is_checked = False

    def show_cached(self) -> None:
        """Tell at once what the archive knows, where that was looked up already."""
        begun = self._begun
        if begun is not None and begun.done() and begun.exception() is None:
            self._begun, self._is_cache_shown = None, True
            self._dispatch(begun.result())

    def do(self, what: Reading) -> None:
        """Begin or end a reading."""
        match what:
            case Load():
                self.load(what)
            case StopLoading(width):
                self.stop(width)
            case LoadExtras():
                self._extras.load()
            case LoadRuns():
                self.load_runs()
            case LoadNames():
                self.load_names()
            case LoadCosts():
                self.load_costs()
            case LoadSettings(kept):
                self.load_settings(kept=kept)
            case FindUnmatched():
                self.find_unmatched()
            case ForgetCosts():
                self.forget_costs()

    def load(self, what: Load) -> None:
        """Read the days, or the hours or minutes that are seen, anew; what is under way for them is replaced."""
        if what.width is Width.DAY:
            self._load_days(poll=what.poll)
        else:
            self._load_inside(what)

    def _load_days(self, *, poll: bool) -> None:
        state, session = self._state(), self._session
        query = state.query(session.window(state.window_wanted))
        begun, self._begun = self._begun, None
        is_cache_shown, self._is_cache_shown = self._is_cache_shown, False
        self._polls += poll

        async def work(emit: Emit) -> None:
            is_new = session.offline or not state.has_data or state.days.coarse
            if is_new and not is_cache_shown:
                await self._reader.load_cached(query, emit, begun)
            if is_new:
                await self._reader.recall_deciding_hours(emit)
            if is_new or is_cache_shown:
                await self._reader.recall_left(query, emit)
            if poll:
                has_view = state.days.fresh or state.days.missing is None
                await self._reader.poll(query, emit, self._polls, view=has_view)
            elif not session.offline:
                await self._reader.refresh(query, emit)

        self._start(Width.DAY, work)

    def _load_inside(self, what: Load) -> None:
        state, now, session = self._state(), self._session.clock(), self._session
        level = state.level(what.width)
        if level is None:
            return
        window = level.report.window
        if level.rolling:
            window = last_hour(now)
        elif not level.exact:
            window = session.inside(window.start, level.width)
        is_settled = level.fresh and level.width.is_settled(newest(window), now)
        is_left_alone = level.loading is not None or (level.failure and not level.failure.is_waited_out(now))
        if what.quiet and (is_settled or is_left_alone):
            return
        query = state.query(window)

        async def work(emit: Emit) -> None:
            if session.offline or not level.report.buckets or level.coarse:
                await self._reader.load_cached(query, emit)
            if not session.offline:
                await self._reader.inside(query, emit, quiet=what.quiet)

        self._start(what.width, work)

    def stop(self, width: Width) -> None:
        """End reading buckets of this width, and tell of it at once: a task that has not begun cannot."""
        self._marks.pop(width.name, None)
        if self._tasks.end(width.name):
            self._dispatch(Cancelled(self._session.clock(), width))

    def load_runs(self) -> None:
        """Read which runs are kept, of other processes too, and what is missing of those that are over."""
        store, session = self._session.run_store, self._session
        if store is None or self._tasks.is_busy("runs"):
            return

        async def work() -> None:
            try:
                self._dispatch(RunsLoaded(await asyncio.to_thread(store.runs)))
            except TuiError:
                return  # the reading of usage says so
            for run in unfinished(self._state(), session, self._runs_asked):
                self._dispatch(RunMeasured(await self._measured(run)))

        self._tasks.begin("runs", work)

    async def _measured(self, run: Run) -> Run:
        """Return the run with all that is known of it; the API is asked where that is not all, and seldom."""
        state, session, now = self._state, self._session, self._session.clock()
        known = run.measured(run_usage(state(), run, now, session.prices))
        if known.is_complete or not session.asks or is_told_by_polls(run, now):
            return known

        async def read(query: Query) -> TuiError | None:
            return await self._reader.read(query, self._dispatch, optional=True)

        self._runs_asked[run.id] = now
        return (await measure(session, state, read, run)).run

    def load_names(self) -> None:
        """Read what the ids are called that the state wants to show, once."""
        state, source = self._state(), self._session.directory_source
        shown = {*state.view.dimensions, *dict(state.view.only), *state.names_wanted}
        wanted = [name for name in NAMED if name in shown]
        if source is None or not wanted or state.directory.knows(wanted) or self._tasks.is_busy("names"):
            return

        async def work() -> None:
            found = await read_names(source, wanted)
            # What could not be read is not asked for again, and shows its ids.
            tried = Directory({name: {} for name in wanted})
            self._tasks.done("names")
            self._dispatch(Named(tried.with_names(self._state().directory).with_names(found)))

        self._tasks.begin("names", work)

    def load_costs(self) -> None:
        """Read what it costs, if it is time for that."""
        state, now = self._state(), self._session.clock()
        days, by = max(days_back(state.window_wanted, now), state.costs_wanted), state.view.costs_by
        if not self._costs.is_due(now, days, by) or self._tasks.is_busy("costs"):
            return
        reader = self._costs

        async def work() -> None:
            found = await reader.read(now, days, by)
            self._tasks.done("costs")
            if reader is self._costs:  # else it is another organization's
                self._dispatch(CostsRead(found))

        self._tasks.begin("costs", work)

    def load_settings(self, *, kept: bool = False) -> None:
        """Read limits and settings that are wanted, one after the other; only `kept` ones where nobody is asked."""
        reader, session = self._settings, self._session
        if session.settings_source is None or self._tasks.is_busy("settings") or (kept and not session.offline):
            return

        def next_one() -> Question | None:
            state = self._state()
            return reader.next(wanted(state), state, session.clock())

        async def work() -> None:
            while reader is self._settings and (question := next_one()) is not None:
                answer = await reader.read(question, session.clock())
                if answer is None:
                    break  # whatever keeps this one may keep all; another follows with the next poll
                if reader is self._settings:  # else it is another organization's
                    self._dispatch(SettingRead(question, answer, session.clock()))
            self._tasks.done("settings")

        if next_one() is not None:
            self._tasks.begin("settings", work)

    def find_unmatched(self) -> None:
        """Say of what was asked for by name, and nothing was used of, that there is no such usage: once."""
        state = self._state()
        report, only = state.days.report, state.view.only
        if self._is_checked or not only or report.unread():
            return
        self._is_checked = True

        async def work() -> None:
            found = await unmatched(self._session.source, state.query(report.window), report, only)
            if found:
                self._dispatch(NothingFound(tuple(found)))

        self._tasks.begin("unmatched", work)

    def forget_costs(self) -> None:
        """Forget what was asked: another organization answers."""
        self._costs = CostReader(self._session.cost_source)
        self._settings = AdminSettingsReader(self._session.settings_source)
        self._extras.forget()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.idle()

    async def close(self) -> None:
        """End all that is under way, and say nothing of it."""
        self._marks.clear()
        await self._tasks.close()

    def _start(self, width: Width, work: Callable[[Emit], Awaitable[None]]) -> None:
        # Tasks may run up to their first await before they are returned, so what one says is told apart by a mark
        # that is there already, and not by the task.
        mark = self._marks[width.name] = object()

        def emit(event: Event) -> None:
            if self._marks.get(width.name) is mark:  # one that was replaced has nothing more to say
                self._dispatch(event)

        def failed(error: BaseException) -> None:
            emit(Failed(InternalError.of(error), self._session.clock(), width))

        async def guarded() -> None:
            await run_guarded(work(emit), failed)

        self._tasks.cancel(width.name)
        self._tasks.begin(width.name, guarded)

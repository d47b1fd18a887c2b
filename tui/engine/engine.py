"""One organization watched, without a screen: events in, states out, effects carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from tui.domain.admin_settings import Question, for_pools
from tui.domain.costs import Costs
from tui.domain.diagnosis import Diagnosis
from tui.domain.directory import Directory
from tui.domain.pool_status import PoolInputs
from tui.domain.runs import Run
from tui.domain.time import Width, Window, midnight
from tui.domain.usage import Bucket, Report
from tui.engine import diagnosis, plan, select
from tui.engine.admin_settings import MOST_A_MINUTE, AdminSettingsReader
from tui.engine.clock import of_today
from tui.engine.costs import not_read, read_once
from tui.engine.effects import Effect, Load, LoadRuns, Reading
from tui.engine.events import Arrived, CostsRead, Event, SettingRead, Ticked
from tui.engine.loader import Loader
from tui.engine.names import read_names
from tui.engine.notes import NO_NOTES, Notes
from tui.engine.performing import Performer
from tui.engine.plan import ALL, PoolParts
from tui.engine.reader import Emit, Reader
from tui.engine.reduce import reduce
from tui.engine.runs import Measured, measure, run_usage
from tui.engine.session import Session
from tui.engine.state import State, Told
from tui.errors import BadSettings, InternalError, TuiError
from tui.sources.base import BY_MODEL, Query

Subscriber = Callable[[State, State], None]
"""Told the state before and after; many events in a row may be told of at once."""


class Answer(Struct, frozen=True):
    """What is known of a query's window, what is missing of it, what went wrong otherwise, and why it ended early."""

    report: Report
    notes: Notes = NO_NOTES
    problem: TuiError | None = None


class PoolsAnswer(Struct, frozen=True):
    """How the pools of a day stand, as of when, and why the days before it could not be read, if they could not."""

    pool_inputs: PoolInputs
    at: datetime
    problem: TuiError | None = None


class _Noting:
    """Takes in the events of a command: what is said of its pages is its own, and nothing of the dashboard's.

    What it can do without is only spoken of `with_quiet`.
    """

    def __init__(self, dispatch: Emit, *, with_quiet: bool = False) -> None:
        self._dispatch, self._with_quiet = dispatch, with_quiet
        self.notes = NO_NOTES

    def __call__(self, event: Event) -> None:
        if isinstance(event, Arrived):
            if self._with_quiet or not event.quiet:
                self.notes = self.notes.of_page(event.page)
            event = Arrived(event.page, event.query, quiet=True)
        self._dispatch(event)


class Engine:
    """Holds the state, and turns it by events. What needs a terminal is handed to `perform`, all else is done here.

    It runs on the event loop that it is used on, and starts nothing by itself: whoever owns it calls `tick` once a
    second, and `close` at the end.
    """

    def __init__(self, session: Session, perform: Callable[[Effect], None] = lambda _: None) -> None:
        self.session = session
        self.state: State = session.initial()
        self._is_watching = False
        """Whether effects are carried out: for a command that asks once, nothing follows from an answer."""
        self.fault: InternalError | None = None
        """What of our own broke last, until the next refresh that the user asks for."""
        self._performer = Performer(session, perform, self.report)
        self._subscribers: list[Subscriber] = []
        self._reader = Reader(session, lambda: self.state)
        self._loader = Loader(session, lambda: self.state, self.dispatch, self.report)
        self._settings = AdminSettingsReader(session.settings_source)
        self.scope_problem: str | None = None
        """Why a command was told no limits and settings, where it asked for some just now."""

    def subscribe(self, subscriber: Subscriber) -> None:
        """Tell of each change of the state."""
        self._subscribers.append(subscriber)

    def dispatch(self, event: Event) -> None:
        """Turn the state by an event, tell the subscribers if it is another, and do what follows."""
        before = self.state
        self.state, effects = reduce(before, event)
        try:
            for subscriber in self._subscribers if self.state is not before else ():
                subscriber(before, self.state)
        finally:
            for effect in effects if self._is_watching else ():
                self._do(effect)

    def tick(self) -> None:
        """Look at the clock, and read what it is time for."""
        try:
            self.dispatch(Ticked(self.session.clock()))
        except Exception as error:  # noqa: BLE001  the next second may do better
            self.report(error)

    def show_cached(self) -> None:
        """Show at once what is known from earlier, where that was looked up already."""
        self._loader.show_cached()

    def begin(self) -> None:
        """Read what is seen for the first time, and from now on do what follows from events."""
        self._is_watching = True
        for width in dict.fromkeys((Width.DAY, self.state.seen.width)):
            self._do(Load(width))
        if not self.session.asks:  # else the runs are looked up when it is known whose they are
            self._do(LoadRuns())

    def forget_fault(self) -> None:
        """Show a fault no longer: the user asked for all to be read again."""
        self.fault = None

    def report(self, error: BaseException) -> None:
        """Show a fault of our own, which ended something in the background."""
        self.fault = InternalError.of(error)
        for subscriber in self._subscribers:
            subscriber(self.state, self.state)

    async def read(self, query: Query) -> Answer:
        """Read the buckets of a query, and return what is known of them."""
        emit = _Noting(self.dispatch)
        problem = await self._reader.read(query, emit)
        return Answer(self.state.store.fine(query), emit.notes, problem)

    async def read_usage(self, window: Window) -> Answer:
        """Read all usage of some days by model and service tier, whatever is shown."""
        return await self.read(Query(window, BY_MODEL))

    async def measure(self, run: Run) -> Measured:
        """Read what was used in a run."""
        return await measure(self.session, lambda: self.state, self._read_quietly, run)

    async def is_counted(self, run: Run) -> bool:
        """Read only what tells whether the API has counted all of a run that is over, and return that."""
        await self._read_quietly(plan.of_run(run, self.session.clock())[-1])
        return run_usage(self.state, run, self.session.clock()).complete

    async def _read_quietly(self, query: Query) -> TuiError | None:
        return await self._reader.read(query, self.dispatch, optional=True)

    async def read_names(self, dimensions: Collection[str] = ("project",)) -> Directory:
        """Return what ids of these dimensions are called; where that cannot be had, `problem` says why."""
        return await read_names(self.session.directory_source, dimensions)

    async def read_costs(self, window: Window, by: Collection[str] = ()) -> Costs:
        """Read what the days of a window cost, broken down `by` these fields where the API does that.

        Raises:
            BadSettings: where nobody can be asked.
            TuiError: where none of it can be had.
        """
        if self.session.cost_source is None:
            raise BadSettings("Costs are asked from the API, and nobody is asked here.")
        costs = await read_once(self.session.cost_source, window, self.session.clock(), by)
        self.dispatch(CostsRead(costs))
        return costs

    async def read_costs_if_any(self, window: Window, by: Collection[str] = ()) -> Costs:
        """Read the same; where none of it can be had, `problem` says why."""
        try:
            return await self.read_costs(window, by)
        except TuiError as error:
            return not_read(error)

    async def read_settings(self, questions: Sequence[Question]) -> None:
        """Read limits and settings, each unless it is known: as many as may be asked for in a minute.

        What cannot be had is not known, and nothing is wrong. Where the first cannot be had, no other is asked for.
        """
        unknown = [each for each in questions if not self.state.admin_settings.knows(each, self.session.clock())]
        first, *others = unknown[:MOST_A_MINUTE] or (None,)
        if first is not None and await self._read_setting(first):  # else the others would be waited for as long
            await asyncio.gather(*(self._read_setting(question) for question in others))

    async def _read_setting(self, question: Question, *, ask: bool = True) -> bool:
        now = self.session.clock()
        if ask and self.state.admin_settings.lack_scope(now):
            return False
        answer = await (self._settings.read(question, now) if ask else self._settings.kept(question))
        if answer is None:
            return False
        self.dispatch(SettingRead(question, answer, now))
        if answer.lacks_scope and answer.requests:
            self.scope_problem = answer.refused
        return True

    async def read_pools(
        self, day: datetime | None = None, parts: PoolParts = ALL, *, ask_limits: bool = False
    ) -> PoolsAnswer:
        """Read what tells how the pools of today stand, or those of another day.

        Where their size would be assumed, rate limits that are kept are looked at, or also asked for (`ask_limits`).

        Raises:
            TuiError: where the day cannot be read.
        """
        emit = _Noting(self.dispatch)

        async def work(now: datetime) -> TuiError | None:
            emit.notes = NO_NOTES  # it may be read once more
            return await self._reader.pools(now, day or midnight(now), parts, emit)

        problem, now = await of_today(self.session.clock, work)
        store, that_day = self.state.store, day or midnight(now)
        found = select.required(select.pool_inputs(store, self.state.catalogue, now, day), store, that_day)
        if any(pool.limit.source == "assumed" for pool in found.pools(self.state.catalogue)):
            await self._infer_limits(found.today, ask=ask_limits)
            found = select.required(select.pool_inputs(store, self.state.catalogue, now, day), store, that_day)
        return PoolsAnswer(replace(found, notes=emit.notes.noted(*found.notes).all), now, problem)

    async def _infer_limits(self, today: Bucket, *, ask: bool) -> None:
        """Read rate limits until one proves that the pools are the larger ones."""
        for question in for_pools(self.state.admin_settings, today):
            is_answered = await self._read_setting(question, ask=ask)
            if self.state.catalogue.has_larger_pools or (ask and not is_answered):
                return

    async def diagnose(
        self, day: datetime | None = None, model: str | None = None, hour: datetime | None = None
    ) -> Diagnosis:
        """Read the hours of a day, or of today, and return why tokens were billed.

        Raises:
            TuiError: where the hours cannot be read. Hosted tools that cannot be read are only said to be unknown.
        """
        emit = _Noting(self.dispatch, with_quiet=True)

        async def work(now: datetime) -> Diagnosis:
            emit.notes = NO_NOTES  # it may be read once more
            await self._reader.why(now, day or midnight(now), emit)
            if not self.state.catalogue.knows_limits:
                await self._infer_limits(
                    diagnosis.day_of_hours(self.state.store, now, day or midnight(now)), ask=False
                )
            return self.diagnosed(now, day or midnight(now), model, hour)

        found, _ = await of_today(self.session.clock, work)
        return replace(found, notes=emit.notes.noted(*found.notes).all)

    def diagnosed(
        self, now: datetime, day: datetime, model: str | None = None, hour: datetime | None = None
    ) -> Diagnosis:
        """Return why tokens were billed, as far as is known already.

        Raises:
            TuiError: where the hours are not known.
        """
        return diagnosis.diagnosis(self.state, now, day, model, self.session.prices, hour)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._loader.idle()
        await self._performer.idle()

    async def close(self) -> None:
        """End all that is under way."""
        if self.session.keep_told is not None:
            self.session.keep_told(Told(self.state.told, self.state.told_to_run_out, self.state.billings))
        await self._loader.close()
        await self._performer.close()

    def _do(self, effect: Effect) -> None:
        if isinstance(effect, Reading):
            self._loader.do(effect)
        else:
            self._performer.do(effect)

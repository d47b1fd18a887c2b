"""Asks the source for what the plan says, and tells of it in events; errors are events too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from tui.domain.pool_status import PoolInputs
from tui.domain.pools import needs_hours
from tui.domain.time import Window, midnight, recent
from tui.engine import plan, select
from tui.engine.events import (
    Arrived,
    CacheLoaded,
    Cancelled,
    Event,
    Failed,
    Finished,
    PoolsRead,
    Started,
)
from tui.engine.fetch import read
from tui.engine.level import newest
from tui.engine.load_cached import AT_ONCE, left, load_cached, recalled
from tui.engine.plan import PoolParts, Request
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import ApiError, KeyRefused, RateLimited, RequestRefused, TuiError, Unreadable
from tui.sources.base import BY_MODEL, Query

Emit = Callable[[Event], None]
Work = Callable[[datetime, Emit], Awaitable[None]]

_STOPPING = (KeyRefused, RateLimited)
"""Errors after which nothing is asked for a while, whatever else was answered."""


class Reader:
    """Reads what the state wants to know. What it emits has to be in the state before `emit` returns."""

    def __init__(self, session: Session, state: Callable[[], State]) -> None:
        self._session, self._state = session, state

    async def refresh(self, query: Query, emit: Emit) -> None:
        """Read the days of a view, and today's pools."""

        async def work(now: datetime, emit: Emit) -> None:
            parts = PoolParts(by_project=self._state().shows_headroom)
            requests = plan.pools(self._state().store, self._state().catalogue, now, parts=parts)
            others = tuple(plan.beside_pools(query, requests))
            await self._read_pools((*requests, *others), now, parts, emit)

        await self._reported(query.window, emit, work)

    async def poll(self, query: Query, emit: Emit, number: int, *, view: bool = True) -> None:
        """Read again what is not settled, in two requests: days, and minutes, or every other time the hours instead.

        The hours are only needed where a pool may be stuck below its limit. A `view` that the pools' days do not tell
        takes one request more.
        """

        async def work(now: datetime, emit: Emit) -> None:
            state = self._state()
            catalogue = state.catalogue
            known = state.snapshot.pool_inputs
            is_undecided = known is not None and needs_hours(known.pools(catalogue)) and number % 2 == 1
            parts = PoolParts(not is_undecided, is_undecided, history=False, by_project=state.shows_headroom)
            requests = plan.pools(state.store, catalogue, now, parts=parts)
            others = tuple(plan.poll(query, now, requests)) if view else ()
            await self._read_pools((*requests, *others), now, parts, emit)

        await self._reported(query.window, emit, work, quiet=True)

    async def inside(self, query: Query, emit: Emit, *, quiet: bool = False) -> None:
        """Read hours or minutes."""
        await self._reported(query.window, emit, lambda _, emit: self._one(Request(query), emit), quiet=quiet)

    async def load_cached(self, query: Query, emit: Emit, begun: Awaitable[CacheLoaded] | None = None) -> None:
        """Tell what was read earlier, and ask nobody; it may be `begun` to be looked up."""
        memory = self._session.memory
        if memory is None:
            return
        try:
            emit(await (begun or asyncio.to_thread(load_cached, memory, query, self._session.clock())))
        except TuiError as error:
            emit(CacheLoaded(query, {}, at=self._session.clock()))
            emit(Failed(error, self._session.clock(), query.window.width))

    async def recall_deciding_hours(self, emit: Emit) -> None:
        """Tell the hours that were read earlier where only they tell whether a pool is spent, and ask nobody."""
        state, now = self._state(), self._session.clock()
        known = select.pool_inputs(state.store, state.catalogue, now, midnight(now))
        if known is not None and needs_hours(known.pools(state.catalogue)):
            await self.recall(plan.hours(midnight(now), now), emit)

    async def recall_left(self, query: Query, emit: Emit) -> None:
        """Tell what was read earlier of the days before those that are told at first."""
        rest = left(query)
        if rest is not None:
            await self.recall(rest, emit)

    async def recall(self, query: Query, emit: Emit) -> None:
        """Tell what was read earlier of a question beside the view, the newest part first, and ask nobody."""
        memory = self._session.memory
        if memory is None:
            return
        for window in query.window.pieces(AT_ONCE):
            part = replace(query, window=window)
            try:
                emit(await asyncio.to_thread(recalled, memory, part, self._session.clock()))
            except TuiError:
                return  # the reading that follows says what is wrong with the archive

    async def _reported(
        self, window: Window, emit: Emit, work: Callable[[datetime, Emit], Awaitable[None]], *, quiet: bool = False
    ) -> None:
        """Do the work, and tell of its beginning and its end.

        Where the present was read and something else failed, that has not failed: the rest is asked for again later,
        and polling goes on.
        """
        width, clock = window.width, self._session.clock
        now = clock()
        has_present = False

        def noting(event: Event) -> None:
            nonlocal has_present
            match event:
                case PoolsRead():
                    has_present = True
                case Arrived(page, query) if query.window.width is width and query.kind is self._state().view.kind:
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

    async def read(self, query: Query, emit: Emit, *, optional: bool = False) -> TuiError | None:
        """Read the buckets of a query, and return why they did not all come."""
        try:
            await self._one(Request(query, optional=optional), emit)
        except TuiError as error:
            return error
        return None

    async def pools(self, now: datetime, day: datetime, parts: PoolParts, emit: Emit) -> TuiError | None:
        """Read the pools of a day, and return why only a part of the days before it came, if that is so.

        Raises:
            TuiError: where the day cannot be read.
        """
        day_of, *others = plan.pools(self._state().store, self._state().catalogue, now, day, parts)
        problem, *rest = await self._ask((day_of, *others), emit)
        if problem is not None:
            raise problem
        await self._decide(now, day, parts, emit)
        for other in rest:
            if other is not None and not isinstance(other, ApiError):
                raise other
        return next(filter(None, rest), None)

    async def why(self, now: datetime, day: datetime, emit: Emit) -> None:
        """Read what tells why tokens of a day were billed.

        Raises:
            TuiError: where its hours cannot be read.
        """
        problem, *_ = await self._ask(plan.why(self._state().store, self._state().catalogue, now, day), emit)
        if problem is not None:
            raise problem

    async def _read_pools(self, requests: Sequence[Request], now: datetime, parts: PoolParts, emit: Emit) -> None:
        """Read all of this, the pools' day first, then what the answers leave open, and tell how the pools stand.

        Raises:
            TuiError: of the day, or else of the first of the others that failed.
            Unreadable: where the answers held not a single one of the days that can still change.
        """
        problems = await self._ask(requests, emit)
        if problems[0] is None:
            known = await self._decide(now, midnight(now), parts, emit)
            if known is not None:
                emit(PoolsRead(now))
            self._check_named(now)
        for problem in problems:
            if problem is not None:
                raise problem

    def _check_named(self, now: datetime) -> None:
        """Say where the answers held not a single one of the days that can still change.

        Raises:
            Unreadable: where that is so.
        """
        store, days = self._state().store, Query(recent(now), BY_MODEL)
        if not (store.get(days).keys() | store.not_kept(days)) - store.unnamed(days):
            today = midnight(now)
            raise Unreadable(f"The usage of {today:%Y-%m-%d} could not be read: the answer does not hold it.")

    async def _decide(self, now: datetime, day: datetime, parts: PoolParts, emit: Emit) -> PoolInputs | None:
        """Read the hours where only they tell whether a pool is spent, and return what is known of the pools."""
        store, catalogue = self._state().store, self._state().catalogue
        known = select.pool_inputs(store, catalogue, now, day)
        if parts.hours and known is not None and needs_hours(known.pools(catalogue)):
            await self._ask([Request(plan.hours(day, now), optional=True)], emit)
        return known

    async def _ask(self, requests: Sequence[Request], emit: Emit) -> list[TuiError | None]:
        """Ask all of this side by side, and return what went wrong with each.

        Raises:
            Exception: what is no problem of the answers, once all others have ended.
        """
        results = await asyncio.gather(*(self._one(request, emit) for request in requests), return_exceptions=True)
        problems: list[TuiError | None] = []
        for request, result in zip(requests, results, strict=True):
            if isinstance(result, BaseException) and not isinstance(result, TuiError):
                raise result
            is_passed_over = request.optional and isinstance(result, ApiError)
            problems.append(None if is_passed_over else result)
        return problems

    async def _one(self, request: Request, emit: Emit) -> None:
        async def ask(query: Query) -> None:
            await read(self._session.source, query, lambda page: emit(Arrived(page, query, quiet=request.optional)))

        try:
            await ask(request.query)
        except RequestRefused:
            if request.otherwise is None:
                raise
            await ask(replace(request.query, group_by=request.otherwise))

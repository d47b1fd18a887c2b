"""Runs what is read beside the view, because something else is looked at: the year, a day's hours."""

from __future__ import annotations

from collections.abc import Callable

from tui.engine import plan
from tui.engine.events import BucketsRead, Event
from tui.engine.reader import Emit, Reader
from tui.engine.session import Session
from tui.engine.state import State
from tui.engine.tasks import Tasks
from tui.errors import InternalError
from tui.sources.base import Query


class ExtrasLoader:
    """Reads one question after the other, in a task; what the archive knows of the year is told in another."""

    def __init__(
        self, session: Session, state: Callable[[], State], dispatch: Emit, tasks: Tasks, reader: Reader
    ) -> None:
        self._session, self._state, self._dispatch = session, state, dispatch
        self._tasks, self._reader = tasks, reader
        self._asked: Query | None = None
        self._mark = object()
        self._recalled: Query | None = None

    def load(self) -> None:
        """Read what is wanted beside the view, one question after the other; what is not wanted any more is ended."""

        def due() -> tuple[Query, ...]:
            state = self._state()
            return plan.due_extras(state.buckets_wanted, state.buckets_read, self._session.clock())

        async def work() -> None:
            mark = self._mark = object()

            def emit(event: Event) -> None:
                if self._mark is mark:  # else it is another organization's
                    self._dispatch(event)

            while self._mark is mark and (questions := due()):
                query = self._asked = questions[0]
                if query == self._recalled:
                    await self._tasks.wait("recall")  # else the archive would be gone through twice
                try:
                    problem = await self._reader.read(query, emit, optional=True)
                except Exception as error:
                    emit(BucketsRead(query, self._session.clock(), InternalError.of(error)))
                    raise
                emit(BucketsRead(query, self._session.clock(), problem))
            self._tasks.done("extras")

        self._recall()
        state = self._state()
        wanted = tuple(plan.extras(state.buckets_wanted, self._session.clock()))
        if self._tasks.is_busy("extras") and self._asked not in wanted:
            self._tasks.end("extras")
        if not self._tasks.is_busy("extras") and due():
            self._tasks.begin("extras", work)

    def _recall(self) -> None:
        """Tell what the archive knows of the year, before anybody was asked and beside whatever is being read."""
        query, wants_year = plan.year(self._session.clock()), self._state().buckets_wanted.year
        if not wants_year or query == self._recalled or self._tasks.is_busy("recall"):
            return
        self._recalled = query

        def emit(event: Event) -> None:
            if self._recalled is query:  # else it is another organization's
                self._dispatch(event)

        self._tasks.begin("recall", lambda: self._reader.recall(query, emit))

    def forget(self) -> None:
        """Forget what was asked: another organization answers."""
        self._mark, self._recalled = object(), None

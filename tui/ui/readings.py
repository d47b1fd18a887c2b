"""What is being read for a screen: refreshes are begun, replaced and stopped here, one at a time a level."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.screen import Screen
from textual.worker import Worker

from tui.domain.window import Width, midnight
from tui.errors import InternalError
from tui.session.events import Cancelled, Event, Failed, Turned
from tui.session.refresh import Emit, Reader
from tui.session.run import Run
from tui.session.state import State, newest
from tui.ui.workers import report_fault, run_guarded


class Readings:
    """The refreshes of a screen. Each tells of itself in events, which are handed to `happened`."""

    def __init__(
        self, screen: Screen[None], run: Run, state: Callable[[], State], happened: Callable[[Event], None]
    ) -> None:
        self._screen, self._run, self._state, self._happened = screen, run, state, happened
        self._reader = Reader(run)
        self._workers: dict[Width, Worker[None]] = {}
        self._current: dict[Width, object] = {}
        self._beats = 0
        self._begun = run.first
        self._is_told = False
        self.wanted = run.days
        """Whole days before today: the window that is shown, or will be in a moment."""

    def begin(self) -> None:
        """Tell what is known already, and read the rest when that is drawn: what is loaded for it takes its time."""
        begun = self._begun
        if begun is not None and begun.done() and begun.exception() is None:
            self._begun, self._is_told = None, True
            self._happened(begun.result())
        self._screen.call_after_refresh(self.days)

    def days(self, days: int | None = None, *, beat: bool = False) -> None:
        """Read today and so many days before it (None: as many as before) anew; a refresh under way is replaced.

        With a `beat`, only what still changes is read.
        """
        state, run = self._state(), self._run
        self.wanted = self.wanted if days is None else days
        window = run.window(self.wanted)
        known, query = state.snapshot.evidence, state.query(window)
        begun, self._begun = self._begun, None
        is_told, self._is_told = self._is_told, False

        async def reading(emit: Emit) -> None:
            if not is_told and (run.offline or not state.days.report.buckets or state.days.coarse(state.view)):
                await self._reader.recall(query, emit, begun)
            if beat:
                has_view = state.days.fresh or state.days.missing is None
                await self._reader.beat(query, emit, known, self._beats, view=has_view)
            elif not run.offline:
                await self._reader.refresh(query, emit, known)

        self._start(Width.DAY, reading)

    def inside(self, *, quiet: bool = False) -> None:
        """Read the hours or minutes that are seen; a `quiet` reading leaves out what does not change any more."""
        level, now, run = self._state().seen, self._run.clock(), self._run
        if level.width is Width.DAY:
            return
        window = run.inside(level.report.window.start, level.width)
        is_settled = level.fresh and level.width.is_settled(newest(window), now)
        is_left_alone = level.loading is not None or (level.failure and not level.failure.is_waited_out(now))
        if quiet and (is_settled or is_left_alone):
            return

        query = self._state().query(window)

        async def reading(emit: Emit) -> None:
            if run.offline or not level.report.buckets or level.coarse(self._state().view):
                await self._reader.recall(query, emit)
            if not run.offline:
                await self._reader.inside(query, emit, quiet=quiet)

        self._start(level.width, reading)

    def anew(self) -> None:
        """Read all that is seen for another view."""
        for level in self._state().levels:
            if level.width is not self._state().seen.width and level.width is not Width.DAY:
                self.stop(level.width)
        self.days()
        self.inside()

    def as_time_goes(self) -> None:
        """Read what it is time for: a new UTC day at once, and what still changes as often as was asked for."""
        state, now = self._state(), self._run.clock()
        days, pulse = state.days, state.pulse
        if midnight(now) != newest(days.report.window):
            self._turn()
        elif pulse is not None and pulse.is_due(now) and days.loading is None:
            self._beats += 1
            self.days(beat=not days.is_due_whole(now))
            self.inside(quiet=True)

    def _turn(self) -> None:
        """Begin a new day: read it, unless the user paused that, or errors have to be waited out."""
        days, pulse = self._state().days, self._state().pulse
        may_ask = pulse is None or (pulse.on and not pulse.asleep and days.failure is None)
        if may_ask:
            self.days()
        else:
            self._happened(Turned(self._run.window(self.wanted)))

    def stop(self, width: Width) -> None:
        """Stop reading buckets of this width, and tell of it at once: a worker that has not begun cannot."""
        worker = self._workers.pop(width, None)
        self._current.pop(width, None)
        if worker is not None and not worker.is_finished:
            worker.cancel()
            self._happened(Cancelled(self._run.clock(), width))

    def _start(self, width: Width, reading: Callable[[Emit], Awaitable[None]]) -> None:
        # Since Python 3.12 Textual runs a worker up to its first await before it is returned, so what it says is
        # told apart by a mark that is there already, and not by the worker.
        mark = self._current[width] = object()

        def emit(event: Event) -> None:
            if self._current.get(width) is mark:  # one that was replaced has nothing more to say
                self._happened(event)

        def failed(error: BaseException) -> None:
            try:
                emit(Failed(InternalError.of(error), self._run.clock(), width))
            except Exception as another:  # noqa: BLE001  what handles events is broken itself
                report_fault(self._screen, another)

        async def guarded() -> None:
            await run_guarded(reading(emit), failed)

        self._workers[width] = self._screen.run_worker(guarded, group=width.name, exclusive=True, exit_on_error=False)

"""What is read beside the usage, seldom and quietly: what ids are called, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.screen import Screen

from tui.domain import text
from tui.domain.names import NAMED, Directory
from tui.errors import TuiError
from tui.session.costs import CostReader
from tui.session.events import CostsRead, Event, Named
from tui.session.run import Run
from tui.session.state import State
from tui.session.unmatched import unmatched
from tui.ui.workers import report_fault, run_guarded


class Background:
    """The readings of a screen that nobody waits for. Each tells of itself in an event."""

    def __init__(
        self, screen: Screen[None], run: Run, state: Callable[[], State], happened: Callable[[Event], None]
    ) -> None:
        self._screen, self._run, self._state, self._happened = screen, run, state, happened
        self._costs = CostReader(run.costing)
        self._busy: set[str] = set()
        self._others: set[str] = set()
        self._is_checked = False

    def begin_anew(self) -> None:
        """Forget what was asked: another organization answers."""
        self._costs = CostReader(self._run.costing)

    def names(self, *others: str) -> None:
        """Read what the ids are called that the view is about, or those of other dimensions, once."""
        self._others |= set(others)
        state, naming = self._state(), self._run.naming
        wanted = [name for name in NAMED if name in {*state.view.dimensions, *dict(state.view.only), *self._others}]
        if naming is None or not wanted or state.directory.knows(wanted):
            return

        async def reading() -> None:
            try:
                directory = await naming.directory(wanted)
            except TuiError as error:
                directory = Directory(problem=error.sentence)
            # What could not be read is not asked for again, and shows its ids.
            tried = Directory({name: {} for name in wanted})
            self._happened(Named(tried.with_names(self._state().directory).with_names(directory)))

        self._start("names", reading)

    def costs(self, days: int) -> None:
        """Read what it costs, if it is time for that; `days` before today are of interest."""
        now = self._run.clock()
        if not self._costs.is_due(now, days):
            return

        reader = self._costs

        async def reading() -> None:
            answer = await reader.read(now, days)
            if reader is self._costs:  # else it is another organization's
                self._happened(CostsRead(answer))

        self._start("costs", reading)

    def typing_errors(self) -> None:
        """Say of what was asked for by name, and nothing was used of, that there is no such usage: once."""
        state = self._state()
        report, only = state.days.report, state.view.only
        if self._is_checked or not only or report.unread():
            return
        self._is_checked = True

        async def reading() -> None:
            for sentence in await unmatched(self._run.source, state.query(report.window), report, only):
                self._screen.notify(text.inert(sentence), title="Nothing found", markup=False, timeout=10)

        self._start("typing errors", reading)

    def _start(self, name: str, reading: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if name in self._busy:
            return
        self._busy.add(name)

        async def once() -> None:
            try:
                await reading()
            finally:
                self._busy.discard(name)
            if name == "names":
                self.names(*self._others)  # others may have been asked for meanwhile

        async def guarded() -> None:
            await run_guarded(once(), lambda error: report_fault(self._screen, error))

        self._screen.run_worker(guarded(), group=name, exit_on_error=False)

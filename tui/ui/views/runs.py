"""The list of runs: of commands, and from marks."""

from __future__ import annotations

from textual.content import Content

from tui.domain.runs import Run
from tui.engine.engine import Engine
from tui.output import runs as report
from tui.ui import theme
from tui.ui.views.list_view import ListView


class RunsView(ListView):
    """A line for each run, the newest first, and a cursor."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(id="runs")
        self._engine = engine
        self._doomed: str | None = None

    def on_mount(self) -> None:
        """Show what is known."""
        self.entitle("Runs")
        super().on_mount()

    @property
    def count(self) -> int:
        """How many runs there are."""
        return len(self._engine.state.runs)

    @property
    def run(self) -> Run | None:
        """The run under the cursor."""
        runs = self._engine.state.runs
        return runs[self.place] if self.place < len(runs) else None

    def is_sure(self, run: Run) -> bool:
        """Return whether it was asked before, for this run and no other, to forget it."""
        before, self._doomed = self._doomed, run.id
        return before == run.id

    def move(self, lines: int) -> None:
        """Move the cursor by so many lines, as far as there are any."""
        self._doomed = None
        super().move(lines)

    def drawn(self, width: int) -> Content:
        """Return the list."""
        runs, now = self._engine.state.runs, self._engine.session.clock()
        if not runs:
            is_kept = self._engine.session.run_store is not None
            none = " ".join(report.list_lines((), now)) if is_kept else "The archive is off, so no runs are kept."
            return Content.styled(none, theme.FAINT)
        head, *lines = report.list_lines(runs, now, width)
        rows = [
            Content(line) if run.is_complete else Content.styled(line, theme.MUTED)
            for run, line in zip(runs, lines, strict=True)
        ]
        return self.with_cursor(Content.styled(head, theme.MUTED), rows, width)

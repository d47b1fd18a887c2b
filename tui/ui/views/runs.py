"""The list of runs: of commands, and from marks."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.content import Content

from tui.domain.runs import Run
from tui.engine.engine import Engine
from tui.engine.state import State
from tui.output import runs as report
from tui.ui import theme
from tui.ui.views.text_view import TextView


class RunsView(TextView):
    """A line for each run, the newest first, and a cursor."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(id="runs")
        self._engine = engine
        self._place = 0
        self._doomed: str | None = None

    def on_mount(self) -> None:
        """Show what is known."""
        self.entitle("Runs")
        self._show()

    @property
    def run(self) -> Run | None:
        """The run under the cursor."""
        runs = self._engine.state.runs
        return runs[self._place] if self._place < len(runs) else None

    def is_sure(self, run: Run) -> bool:
        """Return whether it was asked before, for this run and no other, to forget it."""
        before, self._doomed = self._doomed, run.id
        return before == run.id

    def move(self, lines: int) -> None:
        """Move the cursor by so many lines, as far as there are any."""
        self._place = min(max(0, self._place + lines), max(0, len(self._engine.state.runs) - 1))
        self._doomed = None
        self._show()
        self.scroll_to(y=max(0, self._place + 1 - self.size.height // 2), animate=False)

    def know(self, _: State) -> None:
        """Show newer figures."""
        self._place = min(self._place, max(0, len(self._engine.state.runs) - 1))
        self._show()

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self._show()

    def _show(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        runs, now, width = self._engine.state.runs, self._engine.session.clock(), self.scrollable_content_region.width
        if not runs:
            is_kept = self._engine.session.run_store is not None
            none = " ".join(report.list_lines((), now)) if is_kept else "The archive is off, so no runs are kept."
            self.put(Content.styled(none, theme.FAINT))
            return
        head, *lines = report.list_lines(runs, now, width)
        said = [Content.styled(head, theme.MUTED)]
        for place, (run, line) in enumerate(zip(runs, lines, strict=True)):
            words = Content(line).pad_right(max(0, width - cell_len(line)))
            style = f"bold {theme.SELECTED}" if place == self._place else "" if run.is_complete else theme.MUTED
            said.append(words.stylize(style) if style else words)
        self.put(Content("\n").join(said))

"""The keys that take something away: files, and the clipboard of the terminal."""

from __future__ import annotations

from collections.abc import Callable

from tui.domain import humanize, text
from tui.domain.grouping import Grouping
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.errors import TuiError
from tui.report import flat, markdown
from tui.report.groups import groups
from tui.session.run import Run
from tui.session.state import State
from tui.ui.screens.moving import MovingScreen

_LARGE = 70_000
"""Bytes from which on terminals are known to cut what they are told to put into the clipboard."""

_COPIED = "Copied, if your terminal takes it (OSC 52; in tmux: set -g set-clipboard on)."


class TakingScreen(MovingScreen):
    """A screen whose view can be saved and copied."""

    run: Run
    state: State

    def action_export(self) -> None:
        """Write what is shown as CSV."""
        report, grouping = self.state.seen.report, Grouping()
        lines = flat.as_csv(
            groups(report, grouping, self.run.catalogue),
            grouping.dimensions,
            measures(Kind.COMPLETIONS),
            self.state.seen.width,
        )
        self._save(".csv", lambda: "\n".join(lines) + "\n")

    def action_picture(self) -> None:
        """Save the screen as it is as a picture."""
        self._save(".svg", self.app.export_screenshot)

    def action_copy(self) -> None:
        """Copy the line under the cursor: its time, its model and its numbers, with tabs between."""
        line = self.table.line
        if line is None or not line.sums:
            self.notify("There is nothing on this line to copy.", markup=False)
            return
        numbers = (measures(Kind.COMPLETIONS)[name].value(line.sums) for name in markdown.COLUMNS)
        start = humanize.stamp(line.start, self.state.seen.width)
        self._copy("\t".join([start, text.inert(line.model or "(all models)"), *map(str, numbers)]))

    def action_copy_all(self) -> None:
        """Copy what is shown as a Markdown table."""
        grouping, columns = Grouping(), measures(Kind.COMPLETIONS)
        found = groups(self.state.seen.report, grouping, self.run.catalogue)
        wanted = {name: columns[name] for name in markdown.COLUMNS}
        width = self.state.seen.width
        self._copy("\n".join(markdown.markdown(found, grouping.titles, wanted, max_length=0, width=width)) + "\n")

    def _copy(self, words: str) -> None:
        self.app.copy_to_clipboard(words)
        size = len(words.encode())
        large = f" It is {humanize.short(size)}B, and many terminals cut that." if size > _LARGE else ""
        self.notify(_COPIED + large, markup=False)

    def _save(self, ending: str, content: Callable[[], str]) -> None:
        if self.run.save is None:
            return
        try:
            self.notify(text.inert(self.run.save(ending, content())), title="Saved", markup=False)
        except TuiError as error:
            self.notify(text.inert(error.sentence), title="Not saved", severity="error", markup=False)

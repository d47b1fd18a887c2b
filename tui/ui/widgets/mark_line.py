"""The line above the table: what was used since the mark that the user set."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tui.domain.runs import Run, RunUsage
from tui.output import runs as report
from tui.ui import theme
from tui.ui.widgets.fitted import FittedText


class MarkLine(FittedText):
    """One line while a mark is set; what does not fit is left out whole."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._parts: tuple[str, ...] = ()

    def show(self, mark: Run | None, usage: RunUsage | None, now: datetime, key: str) -> None:
        """Show what was used since the mark, if one is set; this key ends it."""
        self._parts = () if mark is None else report.since(mark, usage or RunUsage(), now, key)
        if self.has_class("shown") != bool(mark):
            self.set_class(bool(mark), "shown")
        self.draw()

    def fitted(self, width: int) -> Content:
        """Return the line in so many cells."""
        parts = list(self._parts)
        while len(parts) > 2 and sum(len(part) + 3 for part in parts) - 2 > width:
            del parts[-2]  # the key that ends it stays
        line = Content(" ")
        for place, words in enumerate(parts):
            style = "bold" if not place else theme.FAINT if place == len(parts) - 1 else ""
            line = line.append_text(" · " if place else "", theme.FAINT).append_text(words, style)
        return line

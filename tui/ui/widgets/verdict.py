"""The line under the title: the verdict on today."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widgets import Static

from tui.domain.outlook import Today
from tui.output.verdict import verdict
from tui.ui import theme

_STYLES = {
    "plain": "",
    "good": f"bold {theme.GOOD}",
    "warning": f"bold {theme.WARNING}",
    "over": f"bold {theme.ERROR}",
    "faint": theme.FAINT,
}


class VerdictLine(Static):
    """One sentence, which is never cut: what does not fit is left out whole."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._today: Today | None = None
        self._text = Content()

    def show(self, today: Today | None) -> None:
        """Show what is known of today; None for nothing."""
        self._today = today
        self._draw()

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        if not width:
            return
        line = Content(" ")
        for place, (words, tone) in enumerate(() if self._today is None else verdict(self._today, width - 2)):
            line = line.append_text(" · " if place else "", theme.FAINT).append_text(words, _STYLES[tone])
        if not line.is_same(self._text):
            self._text = line
            self.update(line, layout=False)

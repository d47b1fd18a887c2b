"""A text with a cursor: a list, or a calendar. Keys that move through the table move it."""

from __future__ import annotations

from abc import abstractmethod

from textual import events
from textual.content import Content

from tui.engine.state import State
from tui.ui.views.text_view import TextView


class CursorView(TextView):
    """Drawn anew where its figures, its width or its cursor are others."""

    _is_due = False

    def on_mount(self) -> None:
        """Show what is known."""
        self.draw()

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self.draw()

    def know(self, _: State) -> None:
        """Show newer figures."""
        self.draw()

    def draw_soon(self) -> None:
        """Draw it once for whatever changes until then."""
        if not self._is_due:
            self._is_due = True
            self.call_later(self.draw)

    def draw(self) -> None:
        """Draw it anew, where there is room for it."""
        self._is_due = False
        width = self.scrollable_content_region.width
        if self.is_mounted and self.size.width:
            self.put(self.drawn(width))

    @abstractmethod
    def drawn(self, width: int) -> Content:
        """Return the text, or what is to be said where there is nothing to show."""

    @abstractmethod
    def move(self, lines: int) -> None:
        """Move the cursor by so many lines, as far as there are any."""

    @abstractmethod
    def page(self, by: int) -> None:
        """Move the cursor by so many pages."""

    @abstractmethod
    def to_end(self, *, newest: bool) -> None:
        """Move the cursor to the newest or to the oldest."""

    @abstractmethod
    def leap(self, *, later: bool) -> None:
        """Move the cursor to the next part that is later or earlier."""

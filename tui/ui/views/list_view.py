"""A text whose lines can be gone through."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content

from tui.engine.state import State
from tui.ui import theme
from tui.ui.views.text_view import TextView


class ListView(TextView):
    """A line for each thing under a line of heads, and a cursor."""

    _is_due = False
    place = 0
    """Which of the things the cursor is on."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many things there are."""

    def on_mount(self) -> None:
        """Show what is known."""
        self.draw()

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self.draw()

    def know(self, _: State) -> None:
        """Show newer figures."""
        self.draw()

    def move(self, lines: int) -> None:
        """Move the cursor by so many lines, as far as there are any."""
        self.place = min(max(0, self.place + lines), max(0, self.count - 1))
        self.draw()
        self.scroll_to(y=max(0, self.place + 1 - self.size.height // 2), animate=False)

    def draw_soon(self) -> None:
        """Draw it once for whatever changes until then."""
        if not self._is_due:
            self._is_due = True
            self.call_later(self.draw)

    def draw(self) -> None:
        """Draw the list anew, where there is room for it."""
        self._is_due = False
        self.place = min(self.place, max(0, self.count - 1))
        width = self.scrollable_content_region.width
        if self.is_mounted and self.size.width:
            self.put(self.drawn(width))

    @abstractmethod
    def drawn(self, width: int) -> Content:
        """Return the list, or what is to be said where there is nothing to list."""

    def with_cursor(self, head: Content, rows: Sequence[Content], width: int) -> Content:
        """Return heads and rows, each over the whole width, with the cursor on one of them."""
        padded = [row.pad_right(max(0, width - cell_len(row.plain))) for row in rows]
        marked = (
            row.stylize(f"bold {theme.SELECTED}") if place == self.place else row for place, row in enumerate(padded)
        )
        return Content("\n").join([head, *marked])

"""A text whose lines can be gone through."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from tui.ui import theme
from tui.ui.views.cursor_view import CursorView

_A_PAGE, _ALL = 10, 10**9
"""Lines of a list."""


class ListView(CursorView):
    """A line for each thing under a line of heads, and a cursor."""

    place = 0
    """Which of the things the cursor is on."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many things there are."""

    def move(self, lines: int) -> None:
        """Move the cursor by so many lines, as far as there are any."""
        self.place = min(max(0, self.place + lines), max(0, self.count - 1))
        self.draw()
        self.scroll_to(y=max(0, self.place + 1 - self.size.height // 2), animate=False)

    def page(self, by: int) -> None:
        """Move the cursor by so many pages."""
        self.move(by * _A_PAGE)

    def to_end(self, *, newest: bool) -> None:
        """Move the cursor to the first line, which is the newest, or to the last."""
        self.move(-_ALL if newest else _ALL)

    def leap(self, *, later: bool) -> None:
        """Move the cursor by a line."""
        self.move(-1 if later else 1)

    def draw(self) -> None:
        """Draw the list anew, where there is room for it."""
        self.place = min(self.place, max(0, self.count - 1))
        super().draw()

    def with_cursor(self, head: Content, rows: Sequence[Content], width: int) -> Content:
        """Return heads and rows, each over the whole width, with the cursor on one of them."""
        padded = [row.pad_right(max(0, width - cell_len(row.plain))) for row in rows]
        marked = (
            row.stylize(f"bold {theme.SELECTED}") if place == self.place else row for place, row in enumerate(padded)
        )
        return Content("\n").join([head, *marked])

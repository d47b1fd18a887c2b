"""The table of days and what they are broken down by: its lines, its columns, and the cursor among them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from rich.text import Text
from textual import events, work
from textual.content import Content
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable

from tui.domain import sanitize
from tui.domain.line import Line
from tui.engine.events import LineKey
from tui.ui import columns
from tui.ui.columns import Layout
from tui.ui.widgets.line_cells import Cells, LineCells, Look
from tui.ui.widgets.totals import totals
from tui.ui.workers import reports_faults

NEAR = 100
"""How many lines above and below the cursor are in the table: it measures and keeps each of its rows."""

_CORNERS = 6
"""Cells of a frame's line that its words cannot have."""

_A_MOMENT = 0.1
"""Seconds after which the cursor rests."""

_EDGE = 65
"""So near to the end of those, the next ones are put in: further than a page goes."""


class UsageTable(DataTable[Text], inherit_bindings=False):
    """Shows lines. The cursor stays on its line while numbers change, and only cells that differ are drawn again.

    Only lines near the cursor are rows of the table. Keys are the screen's.
    """

    _muted = False

    @dataclass
    class LineHighlighted(Message):
        """The cursor came to another line, or its line changed."""

        line: Line

    @dataclass
    class LineClicked(Message):
        """The cursor's line was clicked."""

        line: Line

    class Fitted(Message):
        """The table has another width."""

    @dataclass
    class ColumnChosen(Message):
        """The head of a column was clicked."""

        name: str

    def __init__(self, pool_name: Callable[[str | None], str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, cursor_type="row", cell_padding=0, zebra_stripes=False)
        self._pool_name = pool_name
        self.lines: tuple[Line, ...] = ()
        self._all_lines: tuple[Line, ...] = ()
        self._look = Look()
        self._line_cells = LineCells((), self._look, pool_name)
        self._first = 0
        self._shown: dict[str, Cells] = {}
        self._layout_shown = Layout(())
        self._told, self._title = "", Content()

    @property
    def place(self) -> int:
        """The place of the cursor's line among all lines."""
        return self._first + self.cursor_row

    @property
    def columns_shown(self) -> tuple[str, ...]:
        """The names of the columns that have room."""
        return tuple(name for name, _ in self._layout_shown.widths)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines[self.place] if 0 <= self.place < len(self.lines) else None

    def show(self, lines: Sequence[Line], look: Look, cursor: LineKey | None = None) -> None:
        """Show these lines instead of those before; the cursor goes to the line of this key, or stays on its own."""
        before, row = self.line, self.cursor_row
        if cursor is None and before is not None and look.unit is self._look.unit:
            cursor = before.key
        self._all_lines, self._look = tuple(lines), look
        self._line_cells = LineCells(self._all_lines, look, self._pool_name)
        self.lines = _shown_in(self._fitting(), self._all_lines)
        place = _place_of(cursor, self.lines)
        self._put(place, place - row)
        self._show_totals()
        if self.line is not None and self.line != before:
            self.post_message(self.LineHighlighted(self.line))

    def _put(self, place: int, first: int) -> None:
        """Put the lines near this place into the table, from `first` on if that is near enough."""
        layout = self._fitting()
        lines = _shown_in(layout, self._all_lines)
        if len(lines) != len(self.lines):
            key = self.lines[place].key if place < len(self.lines) else None
            self.lines, place, first = lines, _place_of(key, lines), -1
        last_first = max(0, len(self.lines) - 2 * NEAR)
        if not place - 2 * NEAR + _EDGE < first <= max(0, place - _EDGE):
            first = place - NEAR
        self._first = min(max(0, first), last_first)
        near = self.lines[self._first : self._first + 2 * NEAR]
        cells = {_key(line): self._line_cells.of(line, layout) for line in near}
        if layout == self._layout_shown and list(cells) == list(self._shown):
            self._patch(cells)
            if self.place != place:
                self.move_cursor(row=place - self._first, animate=False)
        else:
            self._refill(cells, layout, place - self._first)
        self._shown, self._layout_shown = cells, layout

    def _fitting(self) -> Layout:
        look, width = self._look, self.scrollable_content_region.width or self.size.width
        lines, in_ascii = self._all_lines, getattr(self.app, "is_ascii", False)
        return columns.fit(
            lines, width, look.unit, look.view, look.label, look.today, costs=look.costs, in_ascii=in_ascii
        )

    def _show_totals(self) -> None:
        is_alone = self.screen.has_class("narrow")  # beside the pane, its own frame says it
        forms = totals(self.lines, self._look.view, self._look.unit, has_legend=is_alone)
        if self._told:
            forms = (*(f"{self._told} ─ {form}" for form in forms if form), self._told, *forms)
        room = self.outer_size.width - _CORNERS
        words = next((form for form in forms if sanitize.width(form) <= room), forms[-1])
        if words != self.border_subtitle:  # setting it draws the whole table again, the same or not
            self.border_subtitle = words

    def entitle(self, words: Content) -> None:
        """Say on the frame what the table shows."""
        if not words.is_same(self._title):  # setting it draws the whole table again, the same or not
            self._title = self.border_title = words

    def tell(self, words: str) -> None:
        """Say something of the highlighted line on the frame."""
        if words != self._told:
            self._told = words
            self._show_totals()

    @work(exclusive=True, group="telling", exit_on_error=False)
    @reports_faults
    async def tell_soon(self, words: Callable[[], str]) -> None:
        """Say it when the cursor rests: words on a frame draw the whole table again."""
        await asyncio.sleep(_A_MOMENT)
        self.tell(words())

    def go_to(self, place: int) -> None:
        """Put the cursor on the line at this place."""
        place = min(max(0, place), len(self.lines) - 1)
        if not self._first <= place < self._first + self.row_count:
            self._put(place, place - NEAR)
        self.move_cursor(row=place - self._first)

    def _patch(self, cells: dict[str, Cells]) -> None:
        """Draw again the cells that differ; DataTable itself would draw the whole table for each."""
        for row, (key, fresh) in enumerate(cells.items()):
            for column, (old, new) in enumerate(zip(self._shown[key], fresh, strict=True)):
                if (old.plain, old.style, old.spans) != (new.plain, new.style, new.spans):
                    self._muted = True
                    self.update_cell_at(Coordinate(row, column), new)
                    self._muted = False
                    self.refresh_coordinate(Coordinate(row, column))

    def refresh(self, *regions: object, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Refresh, unless a cell is being changed that is drawn on its own."""
        if self._muted and not regions and not layout:
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)  # type: ignore[arg-type]

    def _refill(self, cells: dict[str, Cells], layout: Layout, row: int) -> None:
        offset = self.scroll_y + row - self.cursor_row
        with self.app.batch_update(), self.prevent(DataTable.RowHighlighted):
            self.clear(columns=True)
            for name, width in layout.widths:
                title = Text(layout.title(name), no_wrap=True)
                title.justify = "left" if name in {columns.DATE, columns.NAMES} else "right"
                if title.plain.endswith(columns.ORDER_MARKS):
                    title.stylize("bold")
                self.add_column(title, width=width, key=name)
            for key, values in cells.items():
                self.add_row(*values, key=key)
            self.move_cursor(row=row, animate=False, scroll=False)
        # The height is known only once the rows are measured, which DataTable does when it is idle.
        self.call_after_refresh(self._scroll_back, offset)

    def _scroll_back(self, offset: float) -> None:
        self.scroll_to(y=offset, animate=False, force=True)
        self.move_cursor(row=self.cursor_row, animate=False, scroll=True)

    def on_resize(self, _: events.Resize) -> None:
        """Fit the columns to the new width, and the sums on the frame."""
        if self.lines:
            self._put(self.place, self._first)
            self._show_totals()
        self.post_message(self.Fitted())

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell of the line instead of the row; where the rows end soon, put in the next ones."""
        event.stop()
        end = self._first + self.row_count
        is_near_top = self._first > 0 and self.cursor_row < _EDGE
        if is_near_top or (end < len(self.lines) and end - self.place <= _EDGE):
            self._put(self.place, self.place - NEAR)
        if self.line is not None:
            self.post_message(self.LineHighlighted(self.line))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Put in the next lines where the mouse has scrolled to the end of the rows."""
        super().watch_scroll_y(old_value, new_value)
        top, height = int(new_value), self.scrollable_content_region.height
        end = self._first + self.row_count
        is_at_end = top + height >= self.row_count and end < len(self.lines)
        if height and (is_at_end or (top == 0 and self._first > 0)) and self.row_count >= 2 * NEAR:
            # Without `scroll`: DataTable would scroll to where the cursor was.
            self.move_cursor(row=top + height // 2, scroll=False)
            self.call_after_refresh(self._put, self.place, self.place - NEAR)

    def on_click(self, event: events.Click) -> None:
        """Tell of a click on the cursor's line; DataTable takes care of one elsewhere, and of heads."""
        if self.line is not None and event.style.meta.get("row") == self.cursor_row:
            event.prevent_default()  # DataTable knows a line as cells, and counts only clicks on the same one
            self.post_message(self.LineClicked(self.line))

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """Tell which column's head was clicked."""
        event.stop()
        self.post_message(self.ColumnChosen(str(event.column_key.value)))


def _shown_in(layout: Layout, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines that say something: without a column of costs, one that only has a cost does not."""
    if layout.has_costs or not any(line.is_only_cost for line in lines):
        return lines
    return tuple(line for line in lines if not line.is_only_cost)


def _place_of(wanted: LineKey | None, lines: Sequence[Line]) -> int:
    """Return where the cursor's line is now: itself, or what it stood under where it is folded away."""
    if wanted is None:
        return 0
    places = {line.key: place for place, line in enumerate(lines)}
    start, names = wanted
    return next((places[key] for key in ((start, names), (start, names[:1]), (start, ())) if key in places), 0)


def _key(line: Line) -> str:
    return "\0".join((f"{line.start:%Y-%m-%dT%H:%M}", *line.names))

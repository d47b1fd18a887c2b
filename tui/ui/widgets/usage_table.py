"""The table of days and models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from rich.text import Text
from textual import events
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable

from tui.domain import humanize, text
from tui.domain.usage import Sums
from tui.domain.view import Line
from tui.domain.window import Width
from tui.session.state import LineKey
from tui.ui import columns, theme
from tui.ui.columns import Layout

POOL_GLYPHS = {"large": "●", "small": "○", None: "·"}
_Cells = tuple[Text, ...]


class UsageTable(DataTable[Text], inherit_bindings=False):
    """Shows lines. The cursor stays on its line while numbers change, and only cells that differ are drawn again.

    Keys are the screen's.
    """

    _muted = False

    @dataclass
    class LineHighlighted(Message):
        """The cursor came to another line, or its line changed."""

        line: Line

    def __init__(self, pool_of: Callable[[str | None], str | None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, cursor_type="row", cell_padding=0, zebra_stripes=False)
        self._pool_of = pool_of
        self.lines: tuple[Line, ...] = ()
        self._shown: dict[str, _Cells] = {}
        self._layout_shown = Layout(())
        self._unit = Width.DAY
        self._through: datetime | None = None

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines[self.cursor_row] if 0 <= self.cursor_row < len(self.lines) else None

    def show(
        self,
        lines: Sequence[Line],
        unit: Width = Width.DAY,
        cursor: LineKey | None = None,
        through: datetime | None = None,
    ) -> None:
        """Show these lines, of buckets so long, instead of those before; the cursor goes to the line of this key.

        The API has counted `through` this moment: what is empty after it may yet fill.
        """
        self._through = through
        before = self.line
        wanted = cursor if cursor is not None else None if before is None or unit is not self._unit else before.key
        self.lines, self._unit = tuple(lines), unit
        layout = columns.fit(self.lines, self.scrollable_content_region.width or self.size.width, unit)
        cells = {_key(line): self._cells(line, layout) for line in self.lines}
        if layout == self._layout_shown and list(cells) == list(self._shown):
            self._patch(cells)
        else:
            self._refill(cells, layout, wanted)
        self._shown, self._layout_shown = cells, layout
        self._show_totals()
        if self.line is not None and self.line != before:
            self.post_message(self.LineHighlighted(self.line))

    def _show_totals(self) -> None:
        days = [line.sums for line in self.lines if line.model is None and line.sums is not None]
        whole = sum(days, Sums())
        if whole.share is None:
            self.border_subtitle = ""
        else:
            free, billed = humanize.short(whole.free), humanize.short(whole.billed)
            count = humanize.count(len(days), self._unit.noun)
            totals = f"{count}: {humanize.short(whole.total)} tokens, {free} free ({whole.share}%), {billed} billed"
            if totals != self.border_subtitle:  # setting it draws the whole table again, the same or not
                self.border_subtitle = totals

    def go_to(self, line: Line) -> None:
        """Put the cursor on a line that is shown."""
        self.move_cursor(row=self.lines.index(line))

    def _patch(self, cells: dict[str, _Cells]) -> None:
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

    def _refill(self, cells: dict[str, _Cells], layout: Layout, wanted: LineKey | None) -> None:
        offset = self.scroll_y
        with self.app.batch_update(), self.prevent(DataTable.RowHighlighted):
            self.clear(columns=True)
            for name, width in layout.widths:
                title = Text(layout.title(name), no_wrap=True)
                title.justify = "right" if name in columns.NUMBERS else "left"
                self.add_column(title, width=width, key=name)
            for key, row in cells.items():
                self.add_row(*row, key=key)
            self.move_cursor(row=self._place_of(wanted), animate=False, scroll=False)
        # The height is known only once the rows are measured, which DataTable does when it is idle.
        self.call_after_refresh(self._scroll_back, offset)

    def _scroll_back(self, offset: float) -> None:
        self.scroll_to(y=offset, animate=False, force=True)
        self.move_cursor(row=self.cursor_row, animate=False, scroll=True)

    def _place_of(self, wanted: LineKey | None) -> int:
        """Return where the cursor's line is now: itself, or its day where it is folded away."""
        if wanted is None:
            return 0
        keys = [line.key for line in self.lines]
        for key in (wanted, (wanted[0], None)):
            if key in keys:
                return keys.index(key)
        return 0

    def _cells(self, line: Line, layout: Layout) -> _Cells:
        return tuple(self._cell(line, name, width, layout) for name, width in layout.widths)

    def _cell(self, line: Line, name: str, width: int, layout: Layout) -> Text:
        is_day = line.model is None
        quiet = theme.DIM if not line.sums else ""
        if name == columns.DATE:
            return Text(layout.date(line) if is_day else "", style=quiet, no_wrap=True)
        if name == columns.MODEL:
            words, style = self._words(line)
            return Text(text.cut_middle(words, width), style=quiet or style, no_wrap=True)
        if not line.sums:
            return Text("", no_wrap=True)
        number = layout.number(name, line.sums)
        is_changed = line.was is not None and layout.number(name, line.was) != number
        cell = Text(number, style="bold" if is_day else theme.QUIET, justify="right", no_wrap=True)
        if is_changed:
            cell.stylize(theme.CHANGED)
        return cell

    def _words(self, line: Line) -> tuple[str, str]:
        if line.model is not None:
            return f"{POOL_GLYPHS[self._pool_of(line.model)]} {text.inert(line.model)}", ""
        if line.sums is None:
            return "  not read", ""
        if not line.sums:
            is_late = self._through is not None and line.start >= self._through
            return ("  not counted yet" if is_late else "  no usage"), ""
        return f"{'▾' if line.open else '▸'} {humanize.count(line.models, 'model')}", "bold"

    def on_resize(self, _: events.Resize) -> None:
        """Fit the columns to the new width."""
        if self.lines:
            self.show(self.lines, self._unit, through=self._through)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell of the line instead of the row."""
        event.stop()
        if self.line is not None:
            self.post_message(self.LineHighlighted(self.line))


def _key(line: Line) -> str:
    return f"{line.start:%Y-%m-%dT%H:%M} {line.model or ''}"

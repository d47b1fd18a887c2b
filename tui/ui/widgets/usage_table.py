"""The table of days and what they are broken down by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from rich.text import Text
from textual import events
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable

from tui.domain import formatting, sanitize
from tui.domain.catalogue import NO_POOL, UNKNOWN_POOL
from tui.domain.costs import dollars
from tui.domain.dimensions import Names, undated
from tui.domain.metrics import metrics
from tui.domain.periods import Period
from tui.domain.standouts import StandOuts, What
from tui.domain.table import COST, USUAL, Line, View
from tui.domain.time import Width
from tui.domain.usage import Sums
from tui.engine.events import LineKey
from tui.output.standouts import MARKS, times
from tui.ui import columns, theme
from tui.ui.columns import Layout
from tui.ui.widgets.inline_bar import BILLED, FREE, bar, size

POOL_GLYPHS = {"large": "●", "small": "○", NO_POOL: "·", UNKNOWN_POOL: "?"}
_LEGEND = "· no pool"
_Cells = tuple[Text, ...]

NEAR = 100
"""How many lines above and below the cursor are in the table: it measures and keeps each of its rows."""

_CORNERS = 6
"""Cells of a frame's line that its words cannot have."""

_GAP = 2
"""Cells between a bar and the numbers beside it."""

NEW = ("  new", " +")
"""The mark of a model that no day before has: in words, and where they have no room."""

_BEFORE, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

_EDGE = 65
"""So near to the end of those, the next ones are put in: further than a page goes."""


@dataclass(frozen=True)
class Look:
    """What the lines are of: a view, in buckets so long; the API has counted `through` this moment.

    `label` tells how names are shown; `costs` says that there are any. On days of `nothing_free` models of pools were
    used and nothing was free; the key `why` tells the reason. `today` is the UTC day; where the window ended before
    it, all of it `is_over`. `stand_outs` are what else is marked.
    """

    view: View = USUAL
    unit: Width | Period = Width.DAY
    through: datetime | None = None
    label: Callable[[Names], Names] = field(default=lambda names: names)
    costs: bool = False
    nothing_free: frozenset[datetime] = frozenset()
    why: str = ""
    today: datetime = _BEFORE
    is_over: bool = False
    stand_outs: StandOuts = field(default_factory=dict)


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
        self._first = 0
        self._shown: dict[str, _Cells] = {}
        self._layout_shown = Layout(())
        self._newest = _NEVER
        self._largest = self._longest_count = 0
        self._undated: dict[str, str] = {}
        self._told = ""

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
        self._measure()
        self.lines = _shown_in(self._fitting(), self._all_lines)
        place = _place_of(cursor, self.lines)
        self._put(place, place - row)
        self._show_totals()
        if self.line is not None and self.line != before:
            self.post_message(self.LineHighlighted(self.line))

    def _measure(self) -> None:
        """Find out what all lines have in common: the largest, and which names need no date."""
        buckets = [line for line in self._all_lines if line.is_bucket]
        used = [line for line in buckets if line.sums] or buckets  # the API has not come to the newest hours yet
        newest = max((line.start for line in used), default=_NEVER)
        self._newest = max(newest, self._look.today) if self._look.is_over else newest  # then no line still grows
        self._largest = max((size(line.sums) for line in buckets if line.sums is not None), default=0)
        self._longest_count = max((len(self._count(line)) for line in buckets if line.sums), default=0)
        is_model = [dimension == "model" for dimension in self._look.view.grouping.dimensions]
        models = {line.names[-1] for line in self._all_lines if line.names and not line.rest}
        self._undated = undated(models) if any(is_model) else {}

    def _count(self, line: Line) -> str:
        """Return how many lines are under a bucket's, or, which matters more, that some of its days are not known."""
        if line.days < line.of_days:
            return f"{line.days} of {line.of_days} days"
        return formatting.count(line.groups, self._look.view.grouping.noun)

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
        cells = {_key(line): self._cells(line, layout) for line in near}
        if layout == self._layout_shown and list(cells) == list(self._shown):
            self._patch(cells)
            if self.place != place:
                self.move_cursor(row=place - self._first, animate=False)
        else:
            self._refill(cells, layout, place - self._first)
        self._shown, self._layout_shown = cells, layout

    def _fitting(self) -> Layout:
        look, width = self._look, self.scrollable_content_region.width or self.size.width
        return columns.fit(self._all_lines, width, look.unit, look.view, look.label, look.today, costs=look.costs)

    def _show_totals(self) -> None:
        days = [line.sums for line in self.lines if line.is_bucket and line.sums is not None]
        count = formatting.count(len(days), self._look.unit.noun)
        forms = _totals(sum(days, Sums()), self._look.view, count)
        if self.screen.has_class("narrow") and "model" in self._look.view.grouping.dimensions:
            forms = (f"{forms[0]}  {_LEGEND}", *forms)  # beside the pane, its own frame says it
        if self._told:
            forms = (*(f"{self._told} ─ {form}" for form in forms if form), self._told, *forms)
        room = self.outer_size.width - _CORNERS
        totals = next((form for form in forms if sanitize.width(form) <= room), forms[-1])
        if totals != self.border_subtitle:  # setting it draws the whole table again, the same or not
            self.border_subtitle = totals

    def tell(self, words: str) -> None:
        """Say something of the highlighted line on the frame."""
        if words != self._told:
            self._told = words
            self._show_totals()

    def go_to(self, place: int) -> None:
        """Put the cursor on the line at this place."""
        place = min(max(0, place), len(self.lines) - 1)
        if not self._first <= place < self._first + self.row_count:
            self._put(place, place - NEAR)
        self.move_cursor(row=place - self._first)

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

    def _refill(self, cells: dict[str, _Cells], layout: Layout, row: int) -> None:
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

    def _cells(self, line: Line, layout: Layout) -> _Cells:
        return tuple(self._cell(line, name, width, layout) for name, width in layout.widths)

    def _cell(self, line: Line, name: str, width: int, layout: Layout) -> Text:
        quiet = theme.FAINT if not line.sums or line.rest else ""
        if name == columns.DATE:
            style = quiet or self._recedes(line)
            return Text(layout.date(line) if line.is_bucket else "", style=style, no_wrap=True)
        if name == columns.NAMES:
            return self._named(line, width, layout, quiet)
        is_not_found = bool(self._look.view.row_filter) and not line.cost  # nothing was found, which cost not $0
        if not line.sums and (name != COST or is_not_found):
            return Text("", no_wrap=True)
        number = layout.number(name, line)
        is_changed = line.was is not None and layout.number_was(name, line) != number
        is_amiss = name == columns.SHARE and line.is_bucket and line.start in self._look.nothing_free
        style = theme.WARNING if is_amiss else quiet or self._recedes(line)
        cell = Text(number, style=style, justify="right", no_wrap=True)
        if is_changed:
            cell.stylize(theme.CHANGED)
        return cell

    def _recedes(self, line: Line) -> str:
        """Return the style of a line: what still grows is bright, and what is closed recedes."""
        if line.start >= self._newest:
            return "bold" if line.is_bucket else ""
        return theme.MUTED

    def _named(self, line: Line, width: int, layout: Layout, quiet: str) -> Text:
        """Return what a line is about; of a bucket with how large it is, or what stands out."""
        words, style = self._words(line, layout)
        if line.incomplete and line.sums:
            words += ", incomplete" if len(words) + len(", incomplete") <= width else " !"
        if sanitize.width(words) > width and line.names:  # the date goes first, where it tells no models apart
            name = sanitize.clean(self._look.label(line.names)[-1])
            words = words.replace(name, self._undated.get(name, name))
        named = Text(sanitize.elide(words, width), style=quiet or style or self._recedes(line), no_wrap=True)
        if self._is_new(line):
            mark = next((each for each in NEW if len(named.plain) + len(each) <= width), "")
            return Text.assemble(named, (mark, theme.WARNING), no_wrap=True)
        if not line.is_bucket or not line.sums or line.coarse:
            return named
        named.pad_right(max(0, self._longest_count + 2 - len(named.plain)))
        left = width - len(named.plain) - _GAP
        has_free = "free" in self._look.view.kind.description.metrics
        if line.start in self._look.nothing_free:
            told = next((each for each in self._amiss() if len(each) <= left + 1), "!")
            return Text.assemble(named, (" " + told, theme.WARNING), no_wrap=True)
        above = self._far_above(line)
        if above:
            told = next((each for each in above if len(each) <= left + 1), above[-1])
            return Text.assemble(named, (" " + told, theme.WARNING), no_wrap=True)
        barred = bar(line.sums, self._largest, left, has_free=has_free) if left > 1 else ""
        return Text.assemble(named, " ", barred, no_wrap=True) if barred else named

    def _is_new(self, line: Line) -> bool:
        """Return whether a line is of a model that no day before has."""
        on_day = self._look.stand_outs.get(line.start)
        if not on_day or not line.names or line.rest:
            return False
        is_model = self._look.view.grouping.dimensions[len(line.names) - 1] == "model"
        return is_model and any(each.what is What.NEW_MODEL and each.model == line.names[-1] for each in on_day)

    def _far_above(self, line: Line) -> tuple[str, ...]:
        """Return how far a day is above its weekday, the longest form first; nothing for others."""
        on_day = self._look.stand_outs.get(line.start, ())
        found = next((each for each in on_day if each.what is What.FAR_ABOVE), None)
        if found is None:
            return ()
        sign = MARKS[found.what]
        return (f"{sign} {times(found)}", *((f"{sign} {found.factor:.1f}x",) if found.factor else ()), sign)

    def _amiss(self) -> tuple[str, ...]:
        return f"! nothing free: {self._look.why} why", "! nothing free", f"! {self._look.why} why", "!"

    def _words(self, line: Line, layout: Layout) -> tuple[str, str]:
        grouping = self._look.view.grouping
        if line.rest:
            return f"  and {formatting.full(line.rest)} more ⏎", ""
        if line.names:
            name = sanitize.clean(self._look.label(line.names)[-1])
            return (
                f"{'  ' * (len(line.names) - 1)}{self._glyph(line.names)} {name}",
                "bold" if line.groups and line.start >= self._newest else "",
            )
        if line.not_kept:
            return "  not kept by the API", ""
        if line.sums is None:
            return "  not counted yet" if line.awaited else "  not read", ""
        if line.coarse:
            return f"  not read {grouping.words} yet", theme.FAINT
        if not line.sums:
            part = f", {self._count(line)}" if line.days < line.of_days else ""
            return self._nothing(line, layout) + part, ""
        if not grouping.dimensions:
            return f"  {self._count(line) if line.days < line.of_days else 'all'}", ""
        return f"{'▾' if line.open else '▸'} {self._count(line)}", ""

    def _nothing(self, line: Line, layout: Layout) -> str:
        """Return what is to be said of a bucket in which nothing was used, or nothing that the filter finds."""
        if line.incomplete:
            return "  incomplete"
        if self._look.through is not None and line.start >= self._look.through:
            return "  not counted yet"
        if line.cost and layout.has_costs:
            return f"{'  ' if not line.only_costs else '▾ ' if line.open else '▸ '}no tokens"
        if line.cost:
            return f"  no tokens, {dollars(line.cost)}{'+' if line.at_least else ''}"
        return "  nothing found" if self._look.view.row_filter else "  no usage"

    def _glyph(self, names: Names) -> str:
        """Return the mark of the pool that a line is about."""
        dimension = self._look.view.grouping.dimensions[len(names) - 1]
        if dimension == "model":
            return POOL_GLYPHS[self._pool_name(names[-1])]
        return POOL_GLYPHS.get(names[-1], POOL_GLYPHS[NO_POOL]) if dimension == "pool" else " "

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


def _totals(whole: Sums, view: View, count: str) -> tuple[str, ...]:
    """Return the sums of all that is shown, in words: the longest form first."""
    if not whole:
        return ("",)
    if whole.whole_share is not None and "free" in view.kind.description.metrics:
        free, billed = formatting.short(whole.free), formatting.short(whole.billed)
        tokens, parts = formatting.short(whole.total), f"{FREE} {free} free ({whole.whole_share}%), {BILLED} {billed}"
        return f"{count}: {tokens} tokens, {parts} billed", f"{count}: {parts} billed", f"{parts} billed", ""
    first = next(iter(metrics(view.kind).values()))
    return (f"{count}: {formatting.short(float(first.value(whole) or 0))} {first.unit}",)


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

"""Numbers as text: columns with axes. The only module that knows plotext.

plotext draws into one figure for the whole process, so only the event loop's thread draws. Its import takes a tenth
of a second and is done in another thread, by `load`, before the first columns.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from textual.content import Content

from tui.domain import formatting
from tui.ui.blocks import BLOCKS, GAP, eighths

UPPER = "░"
"""The upper part of a stack, and what is only projected."""

LIMIT, EVEN = "─", "•"

_HOURS_AND_MINUTES = (24, 60)
"""Slots whose quarters are labelled, as on a clock."""

_USUAL_MARGIN = 4
"""Cells of `1.3M` and `520k`: the columns of a small model stand where those of a large one stood."""

Cell = tuple[int, int, str]
"""A column, a row from below, and what stands there."""

Number = int | float | None


def load() -> None:
    """Import plotext without its manual, which takes two thirds of the import, and without its tests."""
    for module, name in (("plotext._doc.doc", "docs"), ("plotext._tests.run", "test")):
        stand_in = ModuleType(module)
        stand_in.__dict__[name] = None
        sys.modules.setdefault(module, stand_in)
    import plotext  # noqa: F401


def is_loaded() -> bool:
    """Return whether columns can be drawn at once."""
    return "plotext" in sys.modules


@dataclass(frozen=True, slots=True)
class Axes:
    """Where columns stand: `slots` of them in `width` by `height` cells, from zero up to `top`.

    `labels` name the slots, as far as there is room; `tick` writes values beside the axis, in `margin` cells or more.
    Charts with the same slots, width and margin have the same columns.
    """

    width: int
    height: int
    slots: int
    top: float
    labels: Sequence[str]
    margin: int = 0
    tick: Callable[[float], str] = formatting.short

    @property
    def ticks(self) -> list[str]:
        """Return what stands at zero, in the middle and at the top."""
        return [self.tick(self.top * part / 2) for part in range(3)]

    @property
    def room(self) -> int:
        """Return the cells of the columns."""
        return self.width - max([self.margin, *map(len, self.ticks)]) - 1

    @property
    def rows(self) -> int:
        """Return the rows of the columns: two are the axis and its labels."""
        return self.height - 2

    @property
    def is_seen(self) -> bool:
        """Return whether there is room for anything."""
        return self.room >= 4 and self.rows >= 2 and self.slots > 0

    @property
    def together(self) -> int:
        """Return how many whole slots share a column."""
        return math.ceil(self.slots / self.room)

    @property
    def step(self) -> int:
        """Return how many whole cells a column has, its gap among them."""
        count = math.ceil(self.slots / self.together)
        return max(1, (self.room + 1) // count) if count < self.room else 1  # nothing follows the last gap

    def place(self, slot: int) -> int:
        """Return the first cell of a slot's column. The newest columns are whole."""
        missing = -self.slots % self.together
        return (slot + missing) // self.together * self.step

    def cells(self, slot: int, marks: str, bottom: int = 0) -> Iterator[Cell]:
        """Yield a column of marks from below."""
        for x in range(self.place(slot), self.place(slot) + max(1, self.step - 1)):
            yield from ((x, bottom + y, mark) for y, mark in enumerate(marks))

    def column(self, value: float) -> str:
        """Return the marks of a value: eighth blocks, and one at least."""
        whole, part = divmod(eighths(value, self.top, self.rows * 8), 8)
        return "█" * whole + (BLOCKS[part] if part else "")


def margin(*tops: float, tick: Callable[[float], str] = formatting.short) -> int:
    """Return the cells of the numbers beside the axes of these charts: as many for nearly all, so that none moves."""
    return max(_USUAL_MARGIN, *(len(tick(top * part / 2)) for top in tops for part in range(3)))


def top_of(values: Sequence[Number], least: float = 2) -> float:
    """Return where the axis of these values ends: near the largest, at a number whose half reads well too.

    It is a multiple of the `least` one, and no smaller: of what is counted, half of 2 is a whole one.
    """
    value = max((value for value in values if value is not None), default=0)
    if value <= least:
        return least
    step = max(2 * 10.0 ** (math.floor(math.log10(value)) - 1), least)
    top = math.ceil(round(value / step, 9)) * step  # rounded, as amounts of dollars are not exact
    return top + step if isinstance(value, int) and top < value else top


def columns(values: Sequence[Number], axes: Axes) -> str:
    """Return columns on axes. A dot stands for a value that is not known; of those that share one the largest."""
    if not axes.is_seen:
        return ""
    cells: list[Cell] = []
    for slots in _shared(len(values), axes):
        known = [value for slot in slots if (value := values[slot]) is not None]
        cells += axes.cells(slots[-1], axes.column(max(known)) if known else GAP)
    return _drawn(cells, axes)


def continued(values: Sequence[Number], projected: Sequence[float], axes: Axes) -> str:
    """Return columns, and lighter ones of what is expected to follow."""
    if not axes.is_seen:
        return ""
    cells: list[Cell] = []
    for slot, value in enumerate((*values, *projected)):
        marks = GAP if value is None else axes.column(value)
        cells += axes.cells(slot, marks if slot < len(values) else UPPER * len(marks))
    return _drawn(list({(x, y): (x, y, mark) for x, y, mark in cells}.values()), axes)


CENTS = 0.02
"""The least top of an axis of dollars."""


def money(amount: float) -> str:
    """Return dollars in a few cells, for an axis: `$0.45`, `$1.2`, `$14`, `$1.2k`."""
    if 0 < amount < 1:
        return f"${amount:.2f}"
    return f"${formatting.short(amount) if amount >= 10 else f'{amount:.2g}'}"


def coloured(picture: str, colours: Mapping[str, str], axes: str) -> Content:
    """Return a picture in colours: of the marks that are named, and of its axes."""
    drawn = Content.styled(picture, axes)
    for marks, colour in colours.items():
        drawn = drawn.highlight_regex(f"[{marks}]+", style=colour)
    return drawn


def stacked(lower: Sequence[Number], upper: Sequence[Number], axes: Axes) -> str:
    """Return columns of two parts, one on the other, each of which is seen where it is not nothing."""
    if not axes.is_seen:
        return ""
    cells: list[Cell] = []
    for slots in _shared(len(lower), axes):
        both = [(low, up) for slot in slots if (low := lower[slot]) is not None and (up := upper[slot]) is not None]
        if not both:
            cells += axes.cells(slots[-1], GAP)
            continue
        low, up = max(both, key=sum)
        whole = math.ceil(eighths(low + up, axes.top, axes.rows * 8) / 8)
        below = round((low / (low + up)) * whole) if low + up else 0
        below = min(max(below, 1 if low else 0), whole - (1 if up and whole > 1 else 0))
        cells += axes.cells(slots[-1], "█" * below + UPPER * (whole - below))
    return _drawn(cells, axes)


def burn_up(used: Sequence[Number], projected: Sequence[float], limit: float, axes: Axes) -> str:
    """Return how a pool fills over its day: what is used and will be, the limit, and the even pace as dots."""
    if not axes.is_seen:
        return ""
    cells: dict[tuple[int, int], str] = {}
    for x in range(axes.place(axes.slots - 1) + max(1, axes.step - 1)):
        cells[x, _row_of(limit, axes)] = LIMIT
    for slot, value in enumerate((*used, *projected)):
        marks = GAP if value is None else axes.column(min(value, axes.top))
        marks = marks if slot < len(used) else UPPER * len(marks)
        for x, y, mark in axes.cells(slot, marks):
            cells[x, y] = mark
    for slot in range(axes.slots):  # over what is only projected, never over what was used
        place = axes.place(slot), _row_of(limit * (slot + 1) / axes.slots, axes)
        if cells.get(place, LIMIT) in {LIMIT, UPPER, GAP}:
            cells[place] = EVEN
    return _drawn([(x, y, mark) for (x, y), mark in cells.items()], axes)


def _row_of(value: float, axes: Axes) -> int:
    """Return the row that a column of this value reaches into."""
    return min(axes.rows - 1, max(0, math.ceil(round(value / axes.top * axes.rows, 9)) - 1))


def _shared(count: int, axes: Axes) -> Iterator[range]:
    """Yield the slots that share a column, so that the newest columns are whole."""
    first = axes.together - (-axes.slots % axes.together)
    start = 0
    while start < count:
        end = min(count, first if start == 0 else start + axes.together)
        yield range(start, end)
        start = end


def _drawn(cells: Sequence[Cell], axes: Axes) -> str:
    """Return the cells on their axes, with as many labels as fit: the first, the last, and some between."""
    figure = _figure(axes.width, axes.height)
    figure.axes(active=False, axis=0, side=1)
    figure.axes(active=False, axis=1, side=1)
    figure.ruler("x").lim(0, axes.room - 1)
    figure.ruler("y").lim(0, axes.rows - 1)
    ticks, places = axes.ticks, [0, (axes.rows - 1) / 2, axes.rows - 1]
    if axes.rows % 2 == 0:  # then no cell is in the middle
        del places[1], ticks[1]
    figure.ruler("y").ticks(places, [f"{tick:>{axes.margin}}" for tick in ticks])
    slots = _labelled(axes)
    figure.ruler("x").ticks([axes.place(slot) for slot in slots], [axes.labels[slot] for slot in slots])
    if cells:
        xs, ys, marks = zip(*cells, strict=True)
        figure.draw(figure.signal(list(xs), list(ys), marker=list(marks)))
    return str(figure.build().string(colorless=True)).strip("\n")


def _labelled(axes: Axes) -> list[int]:
    """Return the slots that are labelled: both ends, and as many evenly between them as have room."""
    last = axes.slots - 1
    if last < 1:
        return [last]
    longest = max(map(len, axes.labels)) + 2
    if axes.slots in _HOURS_AND_MINUTES:
        for step in (axes.slots // 4, axes.slots // 2):
            if axes.place(step) >= longest - 1:
                found = list(range(0, axes.slots, step))
                has_room = axes.place(last) - axes.place(found[-1]) >= longest - 1
                return [*found, last] if has_room else found
    parts = max(1, min(last, axes.place(last) // longest))
    evenly = [count for count in range(2, parts + 1) if last % count == 0]
    parts = max(evenly, default=parts)
    return [round(last * part / parts) for part in range(parts + 1)]


def _figure(width: int, height: int):  # type: ignore[no-untyped-def]  # noqa: ANN202  plotext has no types
    """Return plotext's one figure, empty and of this size, whatever the real terminal's size is."""
    import plotext

    plotext.terminal.limit(False, False)  # noqa: FBT003
    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, height)
    return figure

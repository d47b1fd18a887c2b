"""What the terminal shows, kept to be the first frame of the next start, where it says of when it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from textual.screen import Screen
from textual.widget import Widget

from tui.domain.time import midnight
from tui.engine.state import State
from tui.ui.dashboard import DashboardScreen
from tui.ui.terminal.ascii import plain
from tui.ui.terminal.canvas import Canvas
from tui.ui.terminal.sgr import Style, change
from tui.ui.widgets.charts import ChartsPane
from tui.ui.widgets.drawings import Shown
from tui.ui.widgets.header import HeaderBar
from tui.ui.widgets.pool_bar import PoolBar
from tui.ui.widgets.status_line import StatusLine
from tui.ui.widgets.verdict import NOT_READ, VerdictLine

SOON, EVERY = 20.0, 300.0
"""Seconds after which what is shown is kept first, and then again and again."""


@dataclass(frozen=True, slots=True)
class LastScreen:
    """The frames that print what was shown: on the UTC day that it was drawn on, and on a later one."""

    drawn_at: datetime
    size: tuple[int, int]
    today: str
    later: str


Keep = Callable[[LastScreen], object]


def last_screen(screen: Screen[object], canvas: Canvas | None, *, is_ascii: bool) -> LastScreen | None:
    """Return what is shown, as the cells are; None where the next start will not begin so."""
    if canvas is None or not isinstance(screen, DashboardScreen) or not _begins_so(screen):
        return None
    read_at, drawn_at = _read_at(screen.state), screen.drawn_at
    if read_at is None or drawn_at is None:
        return None
    style, of_a_day = canvas.last_style(screen.query_one(HeaderBar).region.y), f"{read_at:%a %d %b %H:%M}"
    is_of_its_day = midnight(read_at) == midnight(drawn_at)

    def drawn(rows: Iterable[tuple[int, str]]) -> str:
        for row, words in rows:
            _put(canvas, row, plain(words) if is_ascii else words, style)
        canvas.forget()
        return canvas.difference()

    today = drawn(_as_of(screen, f"{read_at:%H:%M}" if is_of_its_day else of_a_day))
    later = drawn(_of_another_day(screen, of_a_day))
    return LastScreen(drawn_at, (canvas.width, canvas.height), today, later)


def _read_at(state: State) -> datetime | None:
    """Return of when all is that is shown; None where that is not known."""
    table, pools = state.basis.fetched_at, state.pools_read_at
    return table if table is None or pools is None else min(table, pools)


def _begins_so(screen: DashboardScreen) -> bool:
    """Return whether a start shows this: the table of the first level, as it comes, and all of it known."""
    state = screen.state
    is_plain = screen.view_shown == "usage" and not state.view.row_filter and not screen.filter.has_focus
    is_first = len(state.levels) == 1 and state.mark is None and screen.query_one(ChartsPane).shown is Shown.TOKENS
    return is_plain and is_first and state.has_data and screen.engine.fault is None and not screen.session.is_static


def _as_of(screen: DashboardScreen, when: str) -> Iterator[tuple[int, str]]:
    """Yield the rows, and what is to stand in them, that say of when all is."""
    words, title = f"as of {when}, starting", screen.query_one(HeaderBar)
    forms = (f"UTC {words} ", f"{words} ", f"as of {when} ", "starting ")
    form = next((form for form in forms if len(form) < title.room), "")
    yield title.region.y, form.rjust(title.room)
    width, said = screen.size.width, [f" {words}"]
    for row in _rows(screen.query_one(StatusLine)):
        yield row, (said.pop() if said else "").ljust(width)


def _of_another_day(screen: DashboardScreen, when: str) -> Iterator[tuple[int, str]]:
    """Yield the same for a later day: nothing is known yet of that day's pools."""
    yield from _as_of(screen, when)
    width, verdict, pools = screen.size.width, screen.query_one(VerdictLine), screen.query_one(PoolBar)
    yield from ((row, f" {NOT_READ}".ljust(width)) for row in _rows(verdict)[:1])
    unread = [*pools.unread(width), *[""] * pools.region.height]
    yield from ((row, words.ljust(width)) for row, words in zip(_rows(pools), unread, strict=False))


def _rows(widget: Widget) -> range:
    """Return the rows that a widget has: none, where it is not shown."""
    return range(widget.region.y, widget.region.bottom)


def _put(canvas: Canvas, row: int, words: str, style: Style) -> None:
    """Write words at the right end of a row."""
    place = max(canvas.width - len(words), 0)
    canvas.draw(f"\x1b[{row + 1};{place + 1}H{change(None, style)}{words[: canvas.width]}")

"""Into days and hours and back, and what stands under them, opened and closed."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING

from tui.domain.line import Line
from tui.domain.periods import Period
from tui.domain.time import Width, last_hour
from tui.engine.events import Entered, Folded, Left, LineKey, Listed, StopAsked
from tui.ui.actions import profiles, runs, year
from tui.ui.actions.view import stop_filtering
from tui.ui.actions.views import ALONE, show
from tui.ui.views.text_view import TextView

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen

MOST_MODELS = 1_500
"""How many lines are opened at once, the newest days' first."""


def go_in(screen: DashboardScreen, start: datetime, width: Width, came_from: LineKey) -> None:
    """Go into the bucket that begins here, and of a line of names, into these alone.

    In the hour that is not over, the last 60 minutes are of more use than the few since it began.
    """
    session, seen = screen.session, screen.state.seen
    within = came_from[1] or seen.within
    is_rolling = width is Width.MINUTE and not session.is_static and start + Width.HOUR.span > session.clock()
    window = last_hour(session.clock()) if is_rolling else session.inside(start, width)
    if len(screen.state.levels) == 1:
        screen.entered_from = ""
    screen.dispatch(Entered(window, came_from, within, is_rolling))


def go_down_to(screen: DashboardScreen, width: Width) -> None:
    """Go into what goes on now, until buckets are so fine."""
    coarser = Width.DAY
    while coarser is not width and coarser.finer is not None:
        here, coarser = coarser.floor(screen.session.clock()), coarser.finer
        go_in(screen, here, coarser, (here, ()))


def open_line(screen: DashboardScreen) -> None:
    """Show what is inside of the line under the cursor: weeks of a month, days, hours, or minutes."""
    if screen.view_shown in ALONE:
        opens = {"organizations": profiles.go_to_listed, "year": year.open_day}
        opens.get(screen.view_shown, runs.open_run)(screen)
        return
    line, seen = screen.table.line, screen.state.seen
    width = seen.width.finer
    if line is not None and line.rest:
        place = screen.table.place
        screen.dispatch(Listed(line.start))
        screen.call_later(screen.table.go_to, place)  # where the first of the new lines stands
    elif seen.period is not Period.DAY:
        _go_into_period(screen)
    elif width is None:
        screen.notify("There is nothing finer than a minute.", markup=False)
    elif line is not None:
        go_in(screen, line.start, width, line.key)


def _go_into_period(screen: DashboardScreen) -> None:
    """Go into the weeks of a month, or the days of a week: those that the window holds."""
    line, seen = screen.table.line, screen.state.seen
    finer = seen.period.finer
    window = None if line is None else seen.period.inside(line.start, seen.report.window)
    if line is not None and window is not None and finer is not None:
        if len(screen.state.levels) == 1:
            screen.entered_from = ""
        screen.dispatch(Entered(window, line.key, line.names or seen.within, period=finer))


def back(screen: DashboardScreen) -> None:
    """Stop a refresh under way, else go back to where this was entered from."""
    if screen.focused is screen.filter:
        stop_filtering(screen)
        return
    if year.stop(screen):
        return
    if any(level.is_loading_visibly for level in screen.state.levels):
        screen.dispatch(StopAsked())
        return
    if screen.view_shown != "usage":
        show(screen, "usage")
        return
    if stop_filtering(screen):
        return
    depth = len(screen.state.levels)
    if depth > 1:
        screen.dispatch(Left())
    if depth == 2 and screen.entered_from:
        show(screen, screen.entered_from)
    else:
        screen.table.focus()


def fold(screen: DashboardScreen) -> None:
    """Open or close the day under the cursor, or scroll a text by a page, as in programs that show them."""
    if isinstance(screen.focused, TextView):
        screen.focused.scroll_page_down(animate=False)
        return
    line = screen.table.line
    if not screen.state.view.grouping.dimensions:
        screen.notify(f"There is nothing to open: {screen.actions['group'].key} breaks lines down.", markup=False)
    elif line is None or not (line.sums or line.only_costs):
        screen.notify("There is nothing to open on this line.", markup=False)
    else:
        screen.dispatch(Folded(frozenset({line.start}), open=line.start not in screen.state.seen.opened))


def click(screen: DashboardScreen, line: Line) -> None:
    """Open or close the day that was clicked, or list what is left out."""
    if line.is_bucket:
        fold(screen)
    elif line.rest:
        open_line(screen)


def fold_all(screen: DashboardScreen) -> None:
    """Open all days, or as many as the table takes, the newest first; close all if these are open."""
    with_usage = [line for line in screen.table.lines if line.is_bucket and _groups(line)]
    if not with_usage or not screen.state.view.grouping.dimensions:
        screen.notify("There is nothing to open.", markup=False)
        return
    models = accumulate(_groups(line) for line in with_usage)
    fitting = [line.start for line, count in zip(with_usage, models, strict=True) if count <= MOST_MODELS]
    days, opened = frozenset(fitting or [line.start for line in with_usage[:1]]), screen.state.seen.opened
    if days <= opened:
        screen.dispatch(Folded(opened, open=False))
    else:
        screen.dispatch(Folded(days, open=True))


def _groups(line: Line) -> int:
    return line.groups + line.only_costs

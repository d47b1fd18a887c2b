"""Which days are looked at: through the windows on the frame, or one of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain import formatting
from tui.domain.time import DAY, Window
from tui.domain.windows import NAMED, LastDays
from tui.engine.events import WindowChosen
from tui.ui.widgets.frame import tabs

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


def longer(screen: DashboardScreen) -> None:
    """Show the next longer window, or after the longest only today; after one of the list, that of the start."""
    _go(screen, 1)


def shorter(screen: DashboardScreen) -> None:
    """Show the next shorter window, or after today alone the longest."""
    _go(screen, -1)


def _go(screen: DashboardScreen, by: int) -> None:
    if _is_inside(screen):
        return
    session, now = screen.session, screen.state.window_wanted
    windows = tabs(session.days, session.most_days)
    if now in windows:
        screen.dispatch(WindowChosen(windows[(windows.index(now) + by) % len(windows)]))
    else:
        screen.dispatch(WindowChosen(LastDays(session.days)))


def choose(screen: DashboardScreen) -> None:
    """Choose one of all windows: those of the keys, of the calendar, and the one that was asked for at the start."""
    from tui.ui.dialogs.select import SelectDialog

    if _is_inside(screen):
        return
    session, now = screen.session, screen.session.clock()
    specs = dict.fromkeys((*tabs(session.days, session.most_days), *NAMED.values(), session.first_wanted))
    reach = LastDays(session.most_days).window(now)
    known = {spec.label: spec for spec in specs if _overlap(spec.window(now), reach)}
    longest = max(map(len, known))
    choices = [(label, f"{label:<{longest}}  {_span(spec.window(now))}") for label, spec in known.items()]

    def chosen(label: str | None) -> None:
        if label is not None:
            screen.dispatch(WindowChosen(known[label]))

    screen.app.push_screen(SelectDialog("Window", choices, screen.state.window_wanted.label), chosen)


def _is_inside(screen: DashboardScreen) -> bool:
    """Return whether the user is in a day or an hour, whose window cannot be chosen, and say so."""
    if len(screen.state.levels) > 1:
        screen.notify("The window is that of the days: Esc goes back to them.", markup=False)
    return len(screen.state.levels) > 1


def _overlap(one: Window, other: Window) -> bool:
    return one.start < other.end and other.start < one.end


def _span(window: Window) -> str:
    """Return from when to when a window is, in words."""
    last = "today" if window.running else formatting.weekday(window.end - DAY)
    return last if window.days_before_last == 0 else f"{formatting.weekday(window.start)} to {last}"

"""Which days are looked at: through the windows on the frame, or one of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain.bounds import MAX_DAYS
from tui.domain.time import DAY, Window
from tui.domain.windows import NAMED, Dates, LastDays, WindowSpec
from tui.engine.events import WindowChosen
from tui.ui.widgets.frame import tabs

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


def longer(screen: DashboardScreen) -> None:
    """Show the next longer window; after the longest what was asked for at the start, or only today.

    After one of the list, that of the last days follows which is usual.
    """
    _go(screen, 1)


def shorter(screen: DashboardScreen) -> None:
    """Show the next shorter window, or after today alone the longest."""
    _go(screen, -1)


def _go(screen: DashboardScreen, by: int) -> None:
    if _is_inside(screen):
        return
    session, now = screen.session, screen.state.window_wanted
    windows, first = tabs(session.days, session.most_days), session.first_wanted
    if now not in windows:
        screen.dispatch(WindowChosen(LastDays(session.days)))
        return
    place = windows.index(now) + by
    is_round = (
        place not in range(len(windows)) and first not in windows
    )  # then what was asked for at the start follows
    screen.dispatch(WindowChosen(first if is_round else windows[place % len(windows)]))


def choose(screen: DashboardScreen) -> None:
    """Choose one of all windows: those of the keys, of the calendar, and the one that was asked for at the start."""
    from tui.ui.dialogs.select import SelectDialog

    if _is_inside(screen):
        return
    session, now = screen.session, screen.session.clock()
    reach = LastDays(session.most_days).window(now)
    specs = (*tabs(session.days, session.most_days), *NAMED.values(), session.first_wanted)
    known = {spec.label: spec for spec in sorted(specs, key=_place) if _overlap(spec.window(now), reach)}
    choices = [
        (label, label if isinstance(spec, Dates) else f"{label:<{_LONGEST}}  {_span(spec.window(now))}")
        for label, spec in known.items()
    ]

    def chosen(label: str | None) -> None:
        if label is not None:
            screen.dispatch(WindowChosen(known[label]))

    screen.app.push_screen(SelectDialog("Window", choices, screen.state.window_wanted.label), chosen)


def _is_inside(screen: DashboardScreen) -> bool:
    """Return whether the user is in a day or an hour, whose window cannot be chosen, and say so."""
    if len(screen.state.levels) > 1:
        screen.notify("The window is that of the days: Esc goes back to them.", markup=False)
    return len(screen.state.levels) > 1


_LONGEST = max(map(len, NAMED))


def _place(spec: WindowSpec) -> int:
    """Return where a window stands in the list: the last days first, the shorter ones before."""
    return spec.days_before if isinstance(spec, LastDays) else MAX_DAYS + 1


def _overlap(one: Window, other: Window) -> bool:
    return one.start < other.end and other.start < one.end


def _span(window: Window) -> str:
    """Return from when to when a window is, in words."""
    last = window.end - DAY
    start = f"{window.start:%d %b}" + ("" if window.start.year == last.year else f" {window.start.year}")
    end = "today" if window.running else f"{last:%d %b}"
    return end if window.start == last else f"{start} to {end}"

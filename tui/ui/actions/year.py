"""The year: its days and their measures, a day opened, and the reading of what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain.time import Width
from tui.engine.events import Entered
from tui.ui import asking
from tui.ui.actions.views import enter, show

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen
    from tui.ui.views.year import YearView


def year(screen: DashboardScreen) -> None:
    """Show the year, or the table again."""
    show(screen, "usage" if screen.view_shown == "year" else "year")


def earlier(screen: DashboardScreen) -> None:
    """Go a week back."""
    view = shown(screen)
    if view is not None:
        view.move_weeks(-1)


def later(screen: DashboardScreen) -> None:
    """Go a week on."""
    view = shown(screen)
    if view is not None:
        view.move_weeks(1)


def open_day(screen: DashboardScreen) -> None:
    """Show the hours of the day under the cursor; Esc comes back from there."""
    view = shown(screen)
    if view is not None:
        enter(screen, Entered(screen.session.inside(view.day, Width.HOUR), (view.day, ())))


def stop(screen: DashboardScreen) -> bool:
    """Stop reading days of the year, and return whether any were being read."""
    view = shown(screen)
    if view is None or not view.stop():
        return False
    asking.ask(screen)
    view.draw()
    return True


def resume(screen: DashboardScreen) -> None:
    """Read what is missing of the year, also where that was stopped."""
    view = shown(screen)
    if view is not None:
        view.resume()
        asking.ask(screen)


def shown(screen: DashboardScreen) -> YearView | None:
    """Return the year where it is shown."""
    if screen.view_shown != "year":
        return None
    from tui.ui.views.year import YearView

    return screen.query_one(YearView)

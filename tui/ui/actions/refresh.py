"""Asking the API: at once, and whether and how often by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engine.events import Paced, Pacing, RefreshAsked
from tui.ui.actions import profiles, views, year

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


def refresh(screen: DashboardScreen) -> None:
    """Ask the API again; a refresh under way begins anew."""
    screen.engine.forget_fault()
    if not screen.session.asks:
        screen.notify(screen.session.why_not_asked, markup=False)
    screen.dispatch(RefreshAsked())
    if screen.organizations is not None and screen.view_shown == "organizations":
        screen.organizations.refresh()
        profiles.open_others(screen)  # those that could not be opened before
    year.resume(screen)
    views.follow(screen, anew=True)


def toggle(screen: DashboardScreen) -> None:
    """Refresh by itself, or stop doing so."""
    _pace(screen, "toggled")


def slower(screen: DashboardScreen) -> None:
    """Refresh less often."""
    _pace(screen, "slower")


def faster(screen: DashboardScreen) -> None:
    """Refresh more often."""
    _pace(screen, "faster")


def follow_focus(screen: DashboardScreen, *, has_focus: bool) -> None:
    """Pause while the terminal has no focus."""
    how: Pacing = "woken" if has_focus else "slept"
    _pace(screen, how)
    if screen.organizations is not None:
        screen.organizations.dispatch(Paced(how, screen.session.clock()))


def _pace(screen: DashboardScreen, how: Pacing) -> None:
    before = screen.state.timer
    if before is None:
        screen.notify(screen.session.why_not_asked, markup=False)
        return
    screen.dispatch(Paced(how, screen.session.clock()))
    if how in {"slower", "faster"} and screen.state.timer is not None and screen.state.timer.every == before.every:
        screen.notify(f"Every {before.every} s: it cannot be {how}.", markup=False)

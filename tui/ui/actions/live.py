"""Asking the API: at once, and whether and how often by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.session.events import Paced, Pacing, RefreshAsked

if TYPE_CHECKING:
    from tui.ui.screens.main import MainScreen


def refresh(screen: MainScreen) -> None:
    """Ask the API again; a refresh under way begins anew."""
    screen.engine.forget_fault()
    if not screen.run.asks:
        screen.notify(screen.run.why_not_asked, markup=False)
    screen.dispatch(RefreshAsked())


def toggle(screen: MainScreen) -> None:
    """Refresh by itself, or stop doing so."""
    _pace(screen, "toggled")


def slower(screen: MainScreen) -> None:
    """Refresh less often."""
    _pace(screen, "slower")


def faster(screen: MainScreen) -> None:
    """Refresh more often."""
    _pace(screen, "faster")


def follow_focus(screen: MainScreen, *, has_focus: bool) -> None:
    """Pause while the terminal has no focus."""
    _pace(screen, "woken" if has_focus else "slept")


def _pace(screen: MainScreen, how: Pacing) -> None:
    before = screen.state.pulse
    if before is None:
        screen.notify(screen.run.why_not_asked, markup=False)
        return
    screen.dispatch(Paced(how, screen.run.clock()))
    if how in {"slower", "faster"} and screen.state.pulse is not None and screen.state.pulse.every == before.every:
        screen.notify(f"Every {before.every} s: it cannot be {how}.", markup=False)

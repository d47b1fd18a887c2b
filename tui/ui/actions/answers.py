"""What is answered in a text of its own: why tokens were billed, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain.kinds import Kind
from tui.domain.window import midnight
from tui.session.events import NamesWanted

if TYPE_CHECKING:
    from tui.ui.screens.main import MainScreen


def why(screen: MainScreen) -> None:
    """Say why tokens of the line under the cursor were billed."""
    from tui.ui.screens.why import WhyScreen

    line, state = screen.table.line, screen.state
    if state.view.kind is not Kind.COMPLETIONS:
        screen.notify(f"Only completions can be free: {screen.actions['kind'].key} shows them.", markup=False)
    elif line is None or line.sums is None:
        screen.notify(f"This is not read, so nothing can be said of it. {_how_to_read(screen)}", markup=False)
    elif not line.sums:
        screen.notify("No tokens are counted on this line.", markup=False)
    else:
        model = dict(zip(screen.breakdown.dimensions, line.names, strict=False)).get("model")
        only = None if state.view.merged or line.rest else model
        screen.app.push_screen(WhyScreen(screen.engine, midnight(line.start), only, state.costs))


def money(screen: MainScreen) -> None:
    """Show what it costs."""
    from tui.ui.screens.money import MoneyScreen

    screen.dispatch(NamesWanted(frozenset({"project"})))
    screen.app.push_screen(MoneyScreen(screen.run, screen.state))


def _how_to_read(screen: MainScreen) -> str:
    """Return what to do about something that is not read."""
    return f"{screen.actions['refresh'].key} asks again." if screen.run.asks else screen.run.why_not_asked

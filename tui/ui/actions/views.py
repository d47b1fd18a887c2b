"""What is answered in a text of its own: why tokens were billed, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain.kinds import Kind
from tui.domain.time import midnight
from tui.engine.events import NamesWanted

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


def why(screen: DashboardScreen) -> None:
    """Say why tokens of the line under the cursor were billed."""
    from tui.ui.views.why import WhyView

    line, state = screen.table.line, screen.state
    if state.view.kind is not Kind.COMPLETIONS:
        screen.notify(f"Only completions can be free: {screen.actions['kind'].key} shows them.", markup=False)
    elif line is None or line.sums is None:
        screen.notify(f"This is not read, so nothing can be said of it. {_how_to_read(screen)}", markup=False)
    elif not line.sums:
        screen.notify("No tokens are counted on this line.", markup=False)
    else:
        model = dict(zip(screen.aggregate.dimensions, line.names, strict=False)).get("model")
        only = None if state.view.merged or line.rest else model
        screen.app.push_screen(WhyView(screen.engine, midnight(line.start), only, state.costs))


def money(screen: DashboardScreen) -> None:
    """Show what it costs."""
    from tui.ui.views.money import MoneyView

    screen.dispatch(NamesWanted(frozenset({"project"})))
    screen.app.push_screen(MoneyView(screen.engine))


def _how_to_read(screen: DashboardScreen) -> str:
    """Return what to do about something that is not read."""
    return f"{screen.actions['refresh'].key} asks again." if screen.session.asks else screen.session.why_not_asked

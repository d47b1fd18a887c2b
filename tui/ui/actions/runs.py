"""What is measured: a mark is set and ended, and the list of runs."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from tui.domain.runs import Run
from tui.domain.time import DAY, Width, Window
from tui.engine.events import Entered, Marked, RunForgotten
from tui.ui import asking
from tui.ui.actions.views import enter, show

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen
    from tui.ui.views.runs import RunsView


def mark(screen: DashboardScreen) -> None:
    """Measure from now on, or end that."""
    session, before = screen.session, screen.state.mark
    if not session.asks:
        screen.notify(f"There is nothing to measure. {session.why_not_asked}", markup=False)
        return
    screen.dispatch(Marked(session.clock(), uuid.uuid4().hex))
    if before is not None:
        where = screen.actions["runs"].key
        screen.notify(f"The run {before.name} has ended: {where} lists it.", markup=False)
    else:  # in the place of what was said of the mark before
        screen.notify(f"Measured from now on: {screen.actions['mark'].key} ends it.", markup=False)
    asking.ask(screen)
    screen.show_all()


def runs(screen: DashboardScreen) -> None:
    """List what was measured, or show the table again."""
    show(screen, "usage" if screen.view_shown == "runs" else "runs")


def forget(screen: DashboardScreen) -> None:
    """Forget the run under the cursor, when that is said twice."""
    view = listed(screen)
    run = None if view is None else view.run
    key = screen.actions["forget"].key
    if view is None or run is None:
        where = f"{screen.actions['runs'].key} lists them" if view is None else "there is none"
        screen.notify(f"{key} forgets a run: {where}.", markup=False)
        return
    if run.is_running:  # it would be there again at its end
        screen.notify(f"{run.name} runs still: {key} forgets it once it has ended.", markup=False)
    elif view.is_sure(run):
        screen.dispatch(RunForgotten(run))
        screen.notify(f"{run.name} is forgotten.", markup=False)
    else:
        screen.notify(f"{key} once more forgets {run.name}.", markup=False)


def listed(screen: DashboardScreen) -> RunsView | None:
    """Return the list of runs where it is shown."""
    from tui.ui.views.runs import RunsView

    found = screen.query(RunsView)
    return found.first() if found and screen.view_shown == "runs" else None


def open_run(screen: DashboardScreen) -> None:
    """Show the minutes of the run under the cursor, or the hours of a long one."""
    view = listed(screen)
    run = None if view is None else view.run
    if run is None:
        return
    enter(screen, Entered(_window(run, screen), (Width.DAY.floor(run.started), ()), exact=True))


def _window(run: Run, screen: DashboardScreen) -> Window:
    window = run.minutes(screen.session.clock())
    if window.end - window.start <= DAY:
        return window
    start = Width.HOUR.floor(window.start)
    end = Width.HOUR.floor(window.end - Width.MINUTE.span) + Width.HOUR.span
    return Window(start, end, Width.HOUR)

"""The views: the table, what it costs, and why tokens were billed; each keeps its place while another is shown."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.kinds import Kind
from tui.domain.periods import Period
from tui.domain.time import Width, midnight
from tui.engine.events import Entered, Left, NamesWanted
from tui.ui import layout
from tui.ui.views.text_view import TextView

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


ALONE = frozenset({"money", "year", "runs", "organizations"})
"""The views that stand in the place of the table."""


def usage(screen: DashboardScreen) -> None:
    """Show the table and its charts."""
    show(screen, "usage")


def money(screen: DashboardScreen) -> None:
    """Show what it costs, or the table again."""
    show(screen, "usage" if screen.view_shown == "money" else "money")


def why(screen: DashboardScreen) -> None:
    """Say under the table why tokens of the line under the cursor were billed, or only show the table again."""
    show(screen, "usage" if screen.view_shown == "why" else "why")


def show(screen: DashboardScreen, name: str) -> None:
    """Show this view; the others keep what they show."""
    if name == screen.view_shown:
        return
    asked = _day_of_year(screen) if name == "why" else None
    with screen.app.batch_update():  # what is half arranged is not worth sending
        screen.set_class(name in ALONE, "view-alone")
        screen.set_class(name == "runs", "view-runs")
        screen.set_class(name == "organizations", "view-organizations")
        screen.set_class(name == "money", "view-money")
        screen.set_class(name == "year", "view-year")
        screen.set_class(name == "why", "view-why")
        screen.view_shown = name
        view = _text(screen, name)
        layout.show_pane(screen)
        if name != "usage":
            screen.dispatch(NamesWanted(frozenset({"project"})))
        if name == "why":
            follow(screen, anew=True, day=asked)
        is_alone = name in ALONE or screen.has_class("short")
        screen.set_focus(view if view is not None and is_alone else screen.table)
        screen.show_all()


def enter(screen: DashboardScreen, event: Entered) -> None:
    """Go from this view into what it lists, in the table; Esc comes back from there."""
    origin = screen.view_shown
    show(screen, "usage")
    while len(screen.state.levels) > 1:
        screen.dispatch(Left())
    screen.dispatch(event)
    screen.entered_from = origin


def _text(screen: DashboardScreen, name: str) -> TextView | None:
    """Return the view of this name, made where it was never shown; None for the table."""
    from tui.ui.views.money import MoneyView
    from tui.ui.views.runs import RunsView
    from tui.ui.views.why import WhyView
    from tui.ui.views.year import YearView

    if name == "organizations":
        return _organizations(screen)
    kinds: dict[str, type[MoneyView | RunsView | WhyView | YearView]] = {
        "money": MoneyView,
        "year": YearView,
        "runs": RunsView,
        "why": WhyView,
    }
    kind = kinds.get(name)
    if kind is None:
        return None
    found = screen.query(kind)
    if found:
        found.first().learn(screen.state)
        found.first().open()
        return found.first()
    view = kind(screen.engine)
    screen.query_one("#body").mount(view)
    return view


def _organizations(screen: DashboardScreen) -> TextView:
    from tui.ui.views.organizations import OrganizationsView

    found = screen.query(OrganizationsView)
    if found:
        found.first().draw()
        return found.first()
    assert screen.organizations is not None  # noqa: S101  else there is no such view
    view = OrganizationsView(screen.organizations, screen.engine)
    screen.query_one("#body").mount(view)
    return view


def _day_of_year(screen: DashboardScreen) -> datetime | None:
    """Return the day under the cursor of the year, where that is shown."""
    from tui.ui.views.year import YearView

    return screen.query_one(YearView).day if screen.view_shown == "year" else None


def follow(screen: DashboardScreen, *, anew: bool = False, day: datetime | None = None) -> None:
    """Let the answer be about the line under the cursor, or another `day`, perhaps read `anew`."""
    from tui.ui.views.why import WhyView

    found = screen.query(WhyView)
    if screen.view_shown != "why" or not found:
        return
    view, line, state = found.first(), screen.table.line, screen.state
    if day is not None and state.view.kind is Kind.COMPLETIONS:
        view.ask((day, None, None), anew=anew)
    elif state.view.kind is not Kind.COMPLETIONS:
        view.say(f"Only completions can be free: {screen.actions['kind'].key} shows them.")
    elif state.seen.period is not Period.DAY:
        view.say(f"Why is about one day: Enter goes into the {state.seen.period.noun}, to its days.")
    elif line is None or line.sums is None:
        view.say(f"This is not read, so nothing can be said of it. {_how_to_read(screen)}")
    elif not line.sums:
        view.say("No tokens are counted on this line.")
    else:
        dimensions = screen.lines.aggregate.dimensions
        model = dict(zip(dimensions, line.names or state.seen.within, strict=False)).get("model")
        only = None if state.view.merged or line.rest else model
        hour = None if state.seen.width is Width.DAY else Width.HOUR.floor(line.start)
        view.ask((midnight(line.start), hour, only), anew=anew)


def _how_to_read(screen: DashboardScreen) -> str:
    """Return what to do about something that is not read."""
    return f"{screen.actions['refresh'].key} asks again." if screen.session.asks else screen.session.why_not_asked

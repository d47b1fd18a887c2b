"""What is looked at: the breakdown, the filter, the order, the columns, the kind of usage, the pane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from tui.domain.dimensions import DIMENSIONS, Grouping, dimensions_of
from tui.domain.filter import NO_FILTER
from tui.domain.kinds import Kind
from tui.domain.periods import Period
from tui.domain.time import Width
from tui.domain.view import View
from tui.engine.events import PeriodChosen, Viewed
from tui.errors import BadSettings
from tui.ui import asking, layout, sorting
from tui.ui import columns as table_columns
from tui.ui.actions import year
from tui.ui.actions.views import ALONE, show
from tui.ui.widgets.charts import ChartsPane

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen
    from tui.ui.dialogs.dialog import Dialog

Chosen = TypeVar("Chosen")


def set_view(screen: DashboardScreen, view: View) -> None:
    """Look at this view, and read what it needs that is not there."""
    if view == screen.state.view:
        return
    try:
        _ = view.fields, view.filters
    except BadSettings as error:
        screen.notify(error.sentence, severity="warning", markup=False)
        return
    screen.dispatch(Viewed(view))


def period(screen: DashboardScreen) -> None:
    """Let a line be a week, a month, or a day again; inside of a month or a week, what is shorter than that."""
    levels, seen = screen.state.levels, screen.state.seen
    if seen.width is not Width.DAY:
        screen.notify(f"These are {seen.width.noun}s of a day: Esc goes back to the days.", markup=False)
        return
    there = [Period.DAY, Period.WEEK, Period.MONTH]
    if len(levels) > 1:
        there = there[: there.index(levels[-2].period)]
    if len(there) == 1:
        screen.notify("The lines of a week are days: Esc goes back to the weeks.", markup=False)
        return
    screen.dispatch(PeriodChosen(there[(there.index(seen.period) + 1) % len(there)]))


def group(screen: DashboardScreen) -> None:
    """Choose what the lines are broken down by."""
    from tui.ui.dialogs.select import GroupByDialog

    view = screen.state.view
    known = [(name, DIMENSIONS[name].title) for name in dimensions_of(view.kind)]
    dialog = GroupByDialog("Break down by", known, view.grouping.dimensions)
    _choose(screen, dialog, lambda view, chosen: replace(view, grouping=Grouping(chosen)))


def merge(screen: DashboardScreen) -> None:
    """Show the snapshots of a model as one, or apart."""
    set_view(screen, replace(screen.state.view, merged=not screen.state.view.merged))
    if "model" not in screen.state.view.grouping.dimensions:
        how = "one line" if screen.state.view.merged else "lines of their own"
        screen.notify(f"Snapshots of a model are {how}, wherever lines are models.", markup=False)


def sort(screen: DashboardScreen) -> None:
    """Choose what lines are ordered by."""
    from tui.ui.dialogs.select import SelectDialog

    view = screen.state.view
    dialog = SelectDialog("Order lines by", sorting.marked(view), view.order.by)
    _choose(screen, dialog, lambda view, by: replace(view, order=view.order.then(by)))


def order_by(screen: DashboardScreen, by: str) -> None:
    """Order lines by this; by the same again, the other way round."""
    view = screen.state.view
    if by in dict(sorting.choices(view.kind)):
        set_view(screen, replace(view, order=view.order.then(by)))


def columns(screen: DashboardScreen) -> None:
    """Choose the columns."""
    from tui.ui.dialogs.select import ColumnsDialog

    view = screen.state.view
    here = [name for name in screen.table.columns_shown if name in dict(table_columns.choices(view.kind))]
    wanted = table_columns.chosen(view) or (*table_columns.default(view), *here)
    hidden = set(wanted) - set(here)
    dialog = ColumnsDialog("Columns", table_columns.choices(view.kind), wanted, hidden)

    def changed(view: View, names: tuple[str, ...]) -> View:
        return view if set(names) == set(wanted) else replace(view, columns=names or None)

    _choose(screen, dialog, changed)


def kind(screen: DashboardScreen) -> None:
    """Choose the kind of usage."""
    from tui.ui.dialogs.select import SelectDialog

    kinds = [(kind.value, kind.description.words.capitalize()) for kind in Kind]
    dialog = SelectDialog("What to show", kinds, screen.state.view.kind.value)
    _choose(screen, dialog, lambda view, name: screen.kinds.changed(view, Kind(name)))


def _choose(screen: DashboardScreen, dialog: Dialog[Chosen], changed: Callable[[View, Chosen], View]) -> None:
    """Let the user choose, and look at the view that is changed by it."""

    def chosen(result: Chosen | None) -> None:
        if result is not None:
            set_view(screen, changed(screen.state.view, result))

    screen.app.push_screen(dialog, chosen)


def type_filter(screen: DashboardScreen) -> None:
    """Type a filter."""
    screen.filter.open()
    screen.set_focus(screen.filter)  # at once: what is typed next is meant for it


def stop_filtering(screen: DashboardScreen) -> bool:
    """Drop the filter, and return whether there was one."""
    if not screen.filter.is_open and not screen.state.view.row_filter.words:
        return False
    screen.filter.drop()
    set_view(screen, replace(screen.state.view, row_filter=NO_FILTER))
    screen.set_focus(screen.table)
    return True


def pane(screen: DashboardScreen) -> None:
    """Show the next of the pane's views."""
    layout.show_pane(screen, following=True)
    screen.tell_change()


def chart(screen: DashboardScreen) -> None:
    """Show the next of what the charts can show, in the pane, which is opened where it is hidden; or of the year."""
    calendar = year.shown(screen)
    if calendar is not None:
        calendar.turn()
        return
    if screen.view_shown in ALONE:
        show(screen, "usage")
    pane = screen.query_one(ChartsPane)
    if not (pane.display and pane.query_one("#charts").display):
        layout.show_pane(screen, following=True)
        return
    pane.show_next()
    asking.ask(screen)
    screen.show_all()

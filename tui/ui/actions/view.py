"""What is looked at: the window, the breakdown, the filter, the order, the columns, the kind of usage, the pane."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.domain.grouping import DIMENSIONS, Grouping, dimensions_of, usual
from tui.domain.kinds import Kind
from tui.domain.sought import EVERYTHING
from tui.domain.view import LARGEST_FIRST, View
from tui.ui import columns as table_columns
from tui.ui import orders

if TYPE_CHECKING:
    from tui.ui.screens.main import MainScreen

WINDOWS = (0, 6, 13, 30, 89, 364)
"""Whole days before today: the windows that the key goes through."""


def window(screen: MainScreen) -> None:
    """Show the next longer window, or after the longest only today."""
    if len(screen.state.levels) > 1:
        screen.notify("The window is that of the days: Esc goes back to them.", markup=False)
        return
    readings, run = screen.readings, screen.run
    windows = sorted({*WINDOWS, run.days})  # that of the start too, so that one can go back to it
    longer = [each for each in windows if readings.wanted < each <= run.most_days]
    readings.days(longer[0] if longer else WINDOWS[0])
    if run.remember is not None:
        run.remember("days", readings.wanted)
    screen.background.costs(readings.wanted)


def group(screen: MainScreen) -> None:
    """Choose what the lines are broken down by."""
    from tui.ui.screens.choose import PairScreen

    def chosen(dimensions: tuple[str, ...] | None) -> None:
        if dimensions is not None:
            screen.look(replace(screen.state.view, grouping=Grouping(dimensions)))

    view = screen.state.view
    known = [(name, DIMENSIONS[name].title) for name in dimensions_of(view.kind)]
    screen.app.push_screen(PairScreen("Break down by", known, view.grouping.dimensions), chosen)


def merge(screen: MainScreen) -> None:
    """Show the snapshots of a model as one, or apart."""
    screen.look(replace(screen.state.view, merged=not screen.state.view.merged))
    if "model" not in screen.state.view.grouping.dimensions:
        how = "one line" if screen.state.view.merged else "lines of their own"
        screen.notify(f"Snapshots of a model are {how}, wherever lines are models.", markup=False)


def sort(screen: MainScreen) -> None:
    """Choose what lines are ordered by."""
    from tui.ui.screens.choose import ChooseScreen

    def chosen(by: str | None) -> None:
        if by is not None:
            order_by(screen, by)

    view = screen.state.view
    screen.app.push_screen(ChooseScreen("Order lines by", orders.marked(view), view.order.by), chosen)


def order_by(screen: MainScreen, by: str) -> None:
    """Order lines by this; by the same again, the other way round."""
    view = screen.state.view
    if by in dict(orders.choices(view.kind)):
        screen.look(replace(view, order=view.order.then(by)))


def columns(screen: MainScreen) -> None:
    """Choose the columns."""
    from tui.ui.screens.choose import SeveralScreen

    def chosen(names: tuple[str, ...] | None) -> None:
        if names is not None:
            screen.look(replace(screen.state.view, columns=names or None))

    view = screen.state.view
    shown = table_columns.chosen(view) or table_columns.default(view)
    screen.app.push_screen(SeveralScreen("Columns", table_columns.choices(view.kind), shown), chosen)


def kind(screen: MainScreen) -> None:
    """Choose the kind of usage."""
    from tui.ui.screens.choose import ChooseScreen

    def chosen(name: str | None) -> None:
        view = screen.state.view
        if name is not None and Kind(name) is not view.kind:
            is_forced = screen.grouping_wanted is not None and view.grouping == usual(view.kind)
            wanted = screen.grouping_wanted if is_forced and screen.grouping_wanted else view.grouping
            other = of_kind(view, Kind(name), wanted)
            screen.grouping_wanted = wanted if other.grouping != wanted else None
            screen.look(other)

    kinds = [(kind.value, kind.description.words.capitalize()) for kind in Kind]
    screen.app.push_screen(ChooseScreen("What to show", kinds, screen.state.view.kind.value), chosen)


def of_kind(view: View, kind: Kind, grouping: Grouping) -> View:
    """Return the view of another kind of usage, broken down so; what that does not know is as it is usually."""
    known = dimensions_of(kind)
    fits = all(name in known for name in grouping.dimensions)
    is_ordered = view.order.by in dict(orders.choices(kind))
    return replace(
        view,
        kind=kind,
        grouping=grouping if fits else usual(kind),
        order=view.order if is_ordered else LARGEST_FIRST,
        only=tuple((name, value) for name, value in view.only if name in known),
    )


def type_filter(screen: MainScreen) -> None:
    """Type a filter."""
    screen.filter.add_class("shown")
    screen.set_focus(screen.filter)  # at once: what is typed next is meant for it


def stop_filtering(screen: MainScreen) -> bool:
    """Drop the filter, and return whether there was one."""
    if not screen.filter.has_class("shown") and not screen.state.view.sought.words:
        return False
    screen.filter.value = ""
    screen.filter.remove_class("shown")
    screen.look(replace(screen.state.view, sought=EVERYTHING))
    screen.set_focus(screen.table)
    return True


def pane(screen: MainScreen) -> None:
    """Show the next of the pane's views."""
    screen.show_pane(following=True)

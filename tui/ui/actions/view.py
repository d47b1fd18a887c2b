"""The keys that change what is looked at: the breakdown, the filter, the order, the columns, the kind of usage."""

from __future__ import annotations

from dataclasses import replace

from textual.widgets import Input, Static

from tui.domain.grouping import DIMENSIONS, Grouping, dimensions_of, usual
from tui.domain.kinds import Kind
from tui.domain.sought import EVERYTHING, Sought
from tui.domain.view import LARGEST_FIRST, View
from tui.errors import BadSettings
from tui.session.events import Event, Viewed
from tui.session.run import Run
from tui.session.state import State
from tui.ui import columns, orders
from tui.ui.actions.navigate import MovingScreen
from tui.ui.readings import Readings
from tui.ui.widgets.usage_table import UsageTable


class ViewingScreen(MovingScreen):
    """A screen whose view can be changed."""

    run: Run
    state: State
    readings: Readings
    _grouping_wanted: Grouping | None = None
    """The breakdown before a kind of usage was shown that does not have it."""

    def happened(self, event: Event) -> None:
        """Turn the state by an event."""
        raise NotImplementedError

    def look(self, view: View) -> None:
        """Look at this view, and read what it needs that is not there."""
        before = self.state.view
        if view == before:
            return
        try:
            _ = view.fields, view.filters
        except BadSettings as error:
            self.notify(error.sentence, severity="warning", markup=False)
            return
        is_other = (view.kind, view.only) != (before.kind, before.only)
        self.happened(Viewed(view))
        if is_other or any(level.coarse(view) for level in self.state.levels):
            self.readings.anew()
        if self.run.remember is not None:
            for name, was, chosen in (
                ("by", before.grouping.dimensions, view.grouping.dimensions),
                ("columns", before.columns, view.columns),
                ("merged", before.merged, view.merged),
            ):
                if chosen != was and view.kind is before.kind:
                    self.run.remember(name, chosen)

    def action_group(self) -> None:
        """Choose what the lines are broken down by."""
        from tui.ui.screens.choose import PairScreen

        def chosen(dimensions: tuple[str, ...] | None) -> None:
            if dimensions is not None:
                self.look(replace(self.state.view, grouping=Grouping(dimensions)))

        known = [(name, DIMENSIONS[name].title) for name in dimensions_of(self.state.view.kind)]
        self.app.push_screen(PairScreen("Break down by", known, self.state.view.grouping.dimensions), chosen)

    def action_merge(self) -> None:
        """Show the snapshots of a model as one, or apart."""
        self.look(replace(self.state.view, merged=not self.state.view.merged))
        if "model" not in self.state.view.grouping.dimensions:
            how = "one line" if self.state.view.merged else "lines of their own"
            self.notify(f"Snapshots of a model are {how}, wherever lines are models.", markup=False)

    def action_sort(self) -> None:
        """Choose what lines are ordered by."""
        from tui.ui.screens.choose import ChooseScreen

        def chosen(by: str | None) -> None:
            if by is not None:
                self.look(replace(self.state.view, order=self.state.view.order.then(by)))

        view = self.state.view
        self.app.push_screen(ChooseScreen("Order lines by", orders.marked(view), view.order.by), chosen)

    def on_usage_table_column_chosen(self, event: UsageTable.ColumnChosen) -> None:
        """Order by the column whose head was clicked."""
        by = {columns.NAMES: "name"}.get(event.name, event.name)
        if by in dict(orders.choices(self.state.view.kind)):
            self.look(replace(self.state.view, order=self.state.view.order.then(by)))

    def action_columns(self) -> None:
        """Choose the columns."""
        from tui.ui.screens.choose import SeveralScreen

        def chosen(names: tuple[str, ...] | None) -> None:
            if names is not None:
                self.look(replace(self.state.view, columns=names or None))

        view = self.state.view
        shown = columns.chosen(view) or columns.default(view)
        self.app.push_screen(SeveralScreen("Columns", columns.choices(view.kind), shown), chosen)

    def action_kind(self) -> None:
        """Choose the kind of usage."""
        from tui.ui.screens.choose import ChooseScreen

        def chosen(name: str | None) -> None:
            view = self.state.view
            if name is not None and Kind(name) is not view.kind:
                is_forced = self._grouping_wanted is not None and view.grouping == usual(view.kind)
                wanted = self._grouping_wanted if is_forced and self._grouping_wanted else view.grouping
                other = of_kind(view, Kind(name), wanted)
                self._grouping_wanted = wanted if other.grouping != wanted else None
                self.look(other)

        kinds = [(kind.value, kind.description.words.capitalize()) for kind in Kind]
        self.app.push_screen(ChooseScreen("What to show", kinds, self.state.view.kind.value), chosen)

    def action_filter(self) -> None:
        """Type a filter."""
        words = self.query_one("#filter", Input)
        words.add_class("shown")
        self.set_focus(words)  # at once: what is typed next is meant for it

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow the filter as it is typed."""
        event.stop()
        self.look(replace(self.state.view, sought=Sought(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, and go back to the table."""
        event.stop()
        event.input.set_class(bool(event.value.strip()), "shown")
        self.set_focus(self.table)

    def show_filter_hint(self, words: str) -> None:
        """Say what is wrong with the filter; no words where nothing is."""
        hint = self.query_one("#filter-hint", Static)
        if hint.has_class("shown") or words:
            hint.update(words)
            hint.set_class(bool(words), "shown")

    def stop_filtering(self) -> bool:
        """Drop the filter, and return whether there was one."""
        words = self.query_one("#filter", Input)
        if not words.has_class("shown") and not self.state.view.sought.words:
            return False
        words.value = ""
        words.remove_class("shown")
        self.look(replace(self.state.view, sought=EVERYTHING))
        self.set_focus(self.table)
        return True

    @property
    def is_filtering(self) -> bool:
        """Whether a filter is being typed."""
        return self.focused is self.query_one("#filter")


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

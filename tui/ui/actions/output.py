"""The keys that take something away: files, and the clipboard of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tui.domain import humanize, text
from tui.domain.breakdown import Breakdown
from tui.domain.kinds import Kind
from tui.domain.measures import Measure, measures
from tui.domain.money import UNREAD
from tui.domain.view import COST, Looked, View
from tui.report import flat, markdown
from tui.report.groups import seen
from tui.session.run import Run
from tui.session.state import State
from tui.ui import exporting
from tui.ui.actions.navigate import MovingScreen


class TakingScreen(MovingScreen):
    """A screen whose view can be saved and copied."""

    run: Run
    state: State
    breakdown: Breakdown

    def looked(self) -> Looked:
        """Return what the lines are made from."""
        raise NotImplementedError

    def action_export(self) -> None:
        """Write what is shown as CSV: every line of it, with its date."""
        view, looked = self.state.view, self.looked()
        costs = COST in (view.columns or ()) or (view.columns is None and bool(looked.costs.days))
        looked = looked if costs else replace(looked, costs=UNREAD)
        if not any(True for _ in seen(looked, view, self.breakdown)):
            self.notify("There is nothing to write.", markup=False)
            return
        columns = _columns(view, usual=None)
        lines = flat.as_csv(
            seen(looked, view, self.breakdown),
            view.grouping.dimensions,
            columns,
            self.state.seen.width,
            costs=costs,
            excel=self.run.excel,
        )
        self._save(".csv", lambda: "\n".join(lines) + "\n")

    def action_picture(self) -> None:
        """Save the screen as it is as a picture."""
        self._save(".svg", self.app.export_screenshot)

    def action_copy(self) -> None:
        """Copy the line under the cursor: its time, its model and its numbers, with tabs between."""
        line = self.table.line
        if line is None or line.sums is None or not (line.sums or line.cost):
            self.notify("There is nothing on this line to copy.", markup=False)
            return
        view = self.state.view
        numbers = [each.value(line.sums) for each in _columns(view).values()]
        cost = [line.cost] if line.cost is not None and (COST in (view.columns or ()) or not line.sums) else []
        start = humanize.stamp(line.start, self.state.seen.width)
        names = "the rest" if line.rest else " · ".join(self.breakdown.label(line.names)) or "(all)"
        self._copy("\t".join([start, text.inert(names), *map(str, numbers), *map(str, cost)]))

    def action_copy_all(self) -> None:
        """Copy what is shown as a Markdown table."""
        view, width, looked = self.state.view, self.state.seen.width, self.looked()
        costs = COST in (view.columns or ())
        groups = seen(looked if costs else replace(looked, costs=UNREAD), view, self.breakdown)
        lines = markdown.markdown(
            groups, view.grouping.titles, _columns(view), max_length=0, width=width, costs=costs
        )
        self._copy("\n".join(lines) + "\n")

    def _copy(self, words: str) -> None:
        exporting.copy(self, words)

    def _save(self, ending: str, content: Callable[[], str]) -> None:
        exporting.save(self, self.run.save, ending, content)


def _columns(view: View, usual: tuple[str, ...] | None = markdown.COLUMNS) -> Mapping[str, Measure]:
    """Return the measures that the user chose; else of completions the usual ones, of other kinds all."""
    known = measures(view.kind)
    if view.columns is not None:
        return {name: known[name] for name in view.columns if name in known}
    return {name: known[name] for name in usual} if usual and view.kind is Kind.COMPLETIONS else known

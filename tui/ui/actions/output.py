"""What leaves the screen: files in the current folder, and words in the terminal's clipboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.domain import humanize, text
from tui.domain.kinds import Kind
from tui.domain.measures import Measure, measures
from tui.domain.money import UNREAD
from tui.domain.view import COST, View
from tui.report import flat, markdown
from tui.report.groups import seen
from tui.ui import exporting

if TYPE_CHECKING:
    from tui.ui.screens.main import MainScreen


def export(screen: MainScreen) -> None:
    """Write what is shown as CSV: every line of it, with its date."""
    view, looked = screen.state.view, screen.looked()
    costs = COST in (view.columns or ()) or (view.columns is None and bool(looked.costs.days))
    looked = looked if costs else replace(looked, costs=UNREAD)
    if not any(True for _ in seen(looked, view, screen.breakdown)):
        screen.notify("There is nothing to write.", markup=False)
        return
    lines = flat.as_csv(
        seen(looked, view, screen.breakdown),
        view.grouping.dimensions,
        _columns(view, usual=None),
        screen.state.seen.width,
        costs=costs,
        excel=screen.run.excel,
    )
    exporting.save(screen, ".csv", lambda: "\n".join(lines) + "\n")


def picture(screen: MainScreen) -> None:
    """Save the screen as it is as a picture."""
    exporting.save(screen, ".svg", screen.app.export_screenshot)


def copy_line(screen: MainScreen) -> None:
    """Copy the line under the cursor: its time, its model and its numbers, with tabs between."""
    line = screen.table.line
    if line is None or line.sums is None or not (line.sums or line.cost):
        screen.notify("There is nothing on this line to copy.", markup=False)
        return
    view = screen.state.view
    numbers = [each.value(line.sums) for each in _columns(view).values()]
    cost = [line.cost] if line.cost is not None and (COST in (view.columns or ()) or not line.sums) else []
    start = humanize.stamp(line.start, screen.state.seen.width)
    names = "the rest" if line.rest else " · ".join(screen.breakdown.label(line.names)) or "(all)"
    exporting.copy(screen, "\t".join([start, text.inert(names), *map(str, numbers), *map(str, cost)]), "1 line")


def copy_all(screen: MainScreen) -> None:
    """Copy what is shown as a Markdown table."""
    view, width, looked = screen.state.view, screen.state.seen.width, screen.looked()
    costs = COST in (view.columns or ())
    groups = seen(looked if costs else replace(looked, costs=UNREAD), view, screen.breakdown)
    titles, columns = view.grouping.titles, _columns(view)
    head, rule, *rows = markdown.markdown(groups, titles, columns, max_length=0, width=width, costs=costs)
    what = f"{humanize.count(len(rows), 'line')} as a Markdown table"
    exporting.copy(screen, "\n".join((head, rule, *rows)) + "\n", what)


def _columns(view: View, usual: tuple[str, ...] | None = markdown.COLUMNS) -> Mapping[str, Measure]:
    """Return the measures that the user chose; else of completions the usual ones, of other kinds all."""
    known = measures(view.kind)
    if view.columns is not None:
        return {name: known[name] for name in view.columns if name in known}
    return {name: known[name] for name in usual} if usual and view.kind is Kind.COMPLETIONS else known

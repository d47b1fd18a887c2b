"""What leaves the screen: files in the current folder, and words in the terminal's clipboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from tui.domain import formatting, sanitize
from tui.domain.costs import UNREAD
from tui.domain.kinds import Kind
from tui.domain.metrics import NEED_COSTS, Metric, metrics, usual_metrics
from tui.domain.time import Width
from tui.domain.view import COST, View, are_costs_known
from tui.errors import TuiError
from tui.output import markdown, records
from tui.output.groups import as_shown
from tui.ui import exporting
from tui.ui.views.text_view import TextView

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


_HEAD = 2
"""Lines of a Markdown table before its own: the titles, and what stands under them."""


def export(screen: DashboardScreen) -> None:
    """Write what is shown as CSV: every line of it, with its date; of a text, the text."""
    if isinstance(screen.focused, TextView):
        text = screen.focused.text
        exporting.save(screen, ".txt", lambda: text)
        return
    view, table_input = screen.state.view, screen.lines.input_of(screen.state)
    columns = _columns(view, usual=None)
    has_costs = screen.session.cost_source is not None and screen.state.seen.width is Width.DAY
    if not (has_costs and are_costs_known(view)):
        columns = {name: each for name, each in columns.items() if name not in NEED_COSTS}
    elif view.columns is None:
        columns = {**columns, COST: metrics(view.kind)[COST]}
    are_shown = bool(NEED_COSTS & columns.keys())
    remark = " without costs, which are not read yet" if are_shown and not table_input.costs.days else ""
    table_input = table_input if are_shown else replace(table_input, costs=UNREAD)
    aggregate = screen.lines.aggregate

    def content() -> str:
        groups = as_shown(table_input, view, aggregate)
        first = next(groups, None)
        if first is None:
            raise TuiError("There is nothing to write.")
        lines = records.as_csv(
            chain((first,), groups),
            view.grouping.dimensions,
            columns,
            table_input.report.unit,
            excel=screen.session.excel,
        )
        return "\n".join(lines) + "\n"

    exporting.save_apart(screen, ".csv", content, remark)


def picture(screen: DashboardScreen) -> None:
    """Save the screen as it is as a picture."""
    exporting.save(screen, ".svg", screen.app.export_screenshot)


def copy_line(screen: DashboardScreen) -> None:
    """Copy the line under the cursor: its time, its model and its numbers, with tabs between; or a text."""
    if isinstance(screen.focused, TextView):
        _copy_text(screen, screen.focused)
        return
    line = screen.table.line
    if line is None or line.sums is None or not (line.sums or line.cost):
        screen.notify("There is nothing on this line to copy.", markup=False)
        return
    view, columns = screen.state.view, _columns(screen.state.view)
    if not line.sums and COST not in columns:
        columns = {**columns, COST: metrics(view.kind)[COST]}
    values = (each.value(line.sums, line.cost, line.change) for each in columns.values())
    start = formatting.stamp(line.start, screen.lines.input_of(screen.state).report.unit)
    names = "the rest" if line.rest else " · ".join(screen.lines.aggregate.label(line.names)) or "(all)"
    exporting.copy(screen, "\t".join([start, sanitize.clean(names), *map(formatting.plain, values)]), "1 line")


def copy_all(screen: DashboardScreen) -> None:
    """Copy what is shown as a Markdown table."""
    if isinstance(screen.focused, TextView):
        _copy_text(screen, screen.focused)
        return
    view, table_input = screen.state.view, screen.lines.input_of(screen.state)
    titles, columns = view.grouping.titles, _columns(view)
    table_input = table_input if NEED_COSTS & columns.keys() else replace(table_input, costs=UNREAD)
    aggregate = screen.lines.aggregate

    def content() -> tuple[str, str]:
        groups = as_shown(table_input, view, aggregate)
        lines = list(markdown.markdown(groups, titles, columns, max_length=0, width=table_input.report.unit))
        return "\n".join(lines) + "\n", f"{formatting.count(len(lines) - _HEAD, 'line')} as a Markdown table"

    exporting.copy_apart(screen, content)


def _columns(view: View, usual: tuple[str, ...] | None = markdown.COLUMNS) -> Mapping[str, Metric]:
    """Return the metrics that the user chose; else of completions the usual ones, of other kinds all."""
    if view.columns is not None:
        return {name: each for name in view.columns for each in [metrics(view.kind).get(name)] if each is not None}
    known = usual_metrics(view.kind)
    return {name: known[name] for name in usual} if usual and view.kind is Kind.COMPLETIONS else known


def _copy_text(screen: DashboardScreen, view: TextView) -> None:
    exporting.copy(screen, view.text, f"{formatting.count(len(view.text.splitlines()), 'line')} of text")

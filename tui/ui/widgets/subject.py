"""What the charts and the facts beside the table are about: what the table shows, and what its names are called."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from tui.domain import sanitize
from tui.domain.aggregate import Aggregate
from tui.domain.costs import Costs
from tui.domain.dimensions import Names
from tui.domain.kinds import Kind
from tui.domain.metrics import usual_metrics
from tui.domain.table import TableInput
from tui.domain.time import Width
from tui.domain.usage import Report
from tui.domain.view import View, are_costs_known
from tui.ui import pool_glyphs
from tui.ui.widgets.drawings import Drawn, Shown, labels_of


@dataclass(frozen=True, slots=True)
class Subject:
    """Buckets with their costs, broken down as the view says; `coarse` ones are not."""

    report: Report
    view: View
    aggregate: Aggregate
    coarse: AbstractSet[datetime]
    costs: Costs

    @classmethod
    def of(cls, table_input: TableInput, view: View, aggregate: Aggregate) -> Subject:
        """Return what is to be plotted of what the table shows."""
        return cls(table_input.report, view, aggregate, table_input.coarse, table_input.costs)

    def is_same(self, other: Subject) -> bool:
        """Return whether nothing else is to be drawn: other columns, or another order, are the table's alone."""
        is_of_same_data = self.report is other.report and self.costs is other.costs and self.coarse == other.coarse
        seen, before = self.view, other.view
        is_seen_so = (seen.kind, seen.grouping, seen.merged) == (before.kind, before.grouping, before.merged)
        return is_of_same_data and is_seen_so and self.aggregate is other.aggregate

    @property
    def row_count(self) -> int:
        """Return how many rows are gone through."""
        return sum(len(each.rows) for each in self.report.buckets.values())

    @property
    def choices(self) -> tuple[Shown, ...]:
        """Return what charts can show of it: only completions can be free, and only days have costs."""
        if self.view.kind is not Kind.COMPLETIONS:
            return (Shown.TOKENS,)
        is_of_days = self.report.window.width is Width.DAY
        costs = (Shown.COST,) if is_of_days and self.costs.days and are_costs_known(self.view) else ()
        return (Shown.TOKENS, Shown.PAID, *costs, Shown.POOLS)

    @property
    def measured(self) -> tuple[str, str]:
        """Return what the first series counts, and the second, where there is one."""
        of_kind = self.view.kind.description
        if "output" in of_kind.metrics:
            return "input", "output"
        return "input" if of_kind.metrics[0] == "input" else of_kind.unit, ""

    def title(self, names: Names) -> str:
        """Return how names are called."""
        words = " · ".join(map(sanitize.clean, self.aggregate.label(names)))
        return words or f"all {self.view.grouping.noun}s"

    @property
    def group_title(self) -> str:
        """Return how all groups are called."""
        grouping = self.view.grouping
        if len(grouping.dimensions) == 1:
            return f"{grouping.noun[:1].upper()}{grouping.noun[1:]}s"
        return " · ".join(grouping.titles) or "All"

    def glyph(self, names: Names, pool_name: Callable[[str | None], str]) -> str:
        """Return the mark of the pool that names are about, if they are about one."""
        for dimension, name in zip(self.view.grouping.dimensions, names, strict=True):
            if dimension in {"model", "pool"}:
                return pool_glyphs.of(dimension, name, pool_name)
        return " "

    def subtitle(self, shown: Shown, drawn: Drawn) -> str:
        """Return what the charts count."""
        if shown is Shown.POOLS:
            return "today's pools, UTC hours"
        counted = next(iter(usual_metrics(self.view.kind).values())).unit
        words = f"{'dollars' if shown is Shown.COST else counted} per UTC {drawn.noun}"
        peak = drawn.peak_of_both if shown is Shown.PAID else None  # its head has no room for it
        return words if peak is None else f"{words} ▲ {labels_of(drawn.window, 0, drawn.period)[peak]}"

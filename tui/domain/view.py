"""The view: what is counted, how it is broken down, found, ordered and written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.domain.aggregate import COSTS_ARE_KNOWN_BY, COSTS_BY
from tui.domain.dimensions import BY_MODEL, Grouping, dimensions_of, filters
from tui.domain.filter import NO_FILTER, Filter
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics


@dataclass(frozen=True, slots=True)
class Order:
    """How lines stand under their bucket: by a metric or name, the largest first unless `ascending`."""

    by: str = "total"
    ascending: bool = False

    def then(self, by: str) -> Order:
        """Return the order after this one was chosen: the same again reverses."""
        return replace(self, ascending=not self.ascending) if by == self.by else Order(by, ascending=by == NAME)


NAME, COST = "name", "cost"
"""What can be ordered by beside metrics; the one of these that a table has a column for by itself."""

LARGEST_FIRST = Order()


@dataclass(frozen=True, slots=True)
class View:
    """What is counted, how it is broken down, found, ordered and written.

    `only` are pairs of a dimension and a value that the API itself is asked to look for. `columns` are names of
    metrics; None for those that fit.
    """

    kind: Kind = Kind.COMPLETIONS
    grouping: Grouping = BY_MODEL
    merged: bool = False
    row_filter: Filter = NO_FILTER
    order: Order = LARGEST_FIRST
    columns: tuple[str, ...] | None = None
    only: tuple[tuple[str, str], ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return all dimensions that must be known: those of the lines and those of the filter."""
        known = dimensions_of(self.kind)
        row_filter = (name for name in self.row_filter.needs(self.grouping.dimensions) if name in known)
        return tuple(dict.fromkeys((*self.grouping.dimensions, *row_filter)))

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that the API has to break its answer down by.

        Raises:
            BadSettings: where this kind of usage is not broken down so.
        """
        return Grouping(self.dimensions).fields(self.kind)

    @property
    def costs_by(self) -> frozenset[str]:
        """Return the fields that costs have to be broken down by for this view, beside model and project."""
        return frozenset(COSTS_BY[name] for name in self.dimensions if name in COSTS_BY)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Return what the API is asked to look for, in its own words.

        Raises:
            BadSettings: where it cannot look for that.
        """
        return filters(self.kind, self.only)


def ordered_by(view: View) -> str:
    """Return what lines are ordered by: what was chosen, or where this kind has no such number its first."""
    known = metrics(view.kind)
    return view.order.by if view.order.by in {*known, NAME} else next(iter(known))


def are_costs_known(view: View) -> bool:
    """Return whether it can be told what the lines of days cost; beside completions only models have such costs."""
    dimensions = view.grouping.dimensions
    if view.only or COST not in metrics(view.kind):
        return False
    can_be_told = {*COSTS_ARE_KNOWN_BY, *COSTS_BY}
    return set(dimensions) <= can_be_told and (view.kind is Kind.COMPLETIONS or "model" in dimensions)


USUAL = View()
"""How the dashboard begins."""

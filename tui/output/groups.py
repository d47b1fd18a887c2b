"""A report as groups: one for each bucket and name, with its sums. What every format is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.aggregate import Aggregate
from tui.domain.catalogue import Catalogue
from tui.domain.dimensions import Grouping
from tui.domain.table import TableInput, View, lines
from tui.domain.usage import Report, Row, Sums, grouped


@dataclass(frozen=True, slots=True)
class Group:
    """The sums of one bucket's rows that share their names, and what they cost, where that is asked for and known."""

    start: datetime
    names: tuple[str, ...]
    sums: Sums
    cost: Decimal | None = None


def groups(report: Report, grouping: Grouping, catalogue: Catalogue) -> Iterator[Group]:
    """Yield the groups of a report: oldest bucket first, names as the API orders them, pools in their order.

    Buckets and groups without usage are left out.
    """
    order: dict[str | None, int] = {pool: place for place, pool in enumerate((*catalogue.pools, None))}
    names = grouping.names(catalogue)

    def place(row: Row) -> int:
        return order[catalogue.pool_of(row.model)]

    for start in report.window.starts():
        bucket = report.buckets.get(start)
        if bucket is None:
            continue
        rows = sorted(bucket.rows, key=place) if grouping.dimensions[:1] == ("pool",) else bucket.rows
        for called, sums in grouped(rows, names).items():
            if sums:
                yield Group(start, called, sums)


def seen(table_input: TableInput, view: View, aggregate: Aggregate) -> Iterator[Group]:
    """Yield the groups of a view: newest bucket first as on the screen, every one of them, by their shown names."""
    everything = frozenset(table_input.report.buckets)
    depth = len(view.grouping.dimensions)
    for line in lines(replace(table_input, opened=everything, listed=everything), view, aggregate):
        is_of_use = line.sums is not None and bool(line.sums or line.cost)
        if line.sums is not None and is_of_use and len(line.names) == depth and not line.coarse:
            yield Group(line.start, aggregate.label(line.names), line.sums, line.cost)

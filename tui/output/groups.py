"""A view as groups: one for each bucket and name, with its sums and its cost. What every format is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.aggregate import Aggregate
from tui.domain.compare import Change
from tui.domain.dimensions import Names
from tui.domain.periods import Period
from tui.domain.rows import Sums
from tui.domain.table import TableInput, changes, group_costs, lines
from tui.domain.usage import Bucket
from tui.domain.view import View


@dataclass(frozen=True, slots=True)
class Group:
    """The sums of one bucket's rows that share their names, and what they cost, where that is asked for and known.

    Of a week or a month, `days` of it are known, and it has `of_days`. `change` is how much more it is than before.
    """

    start: datetime
    names: Names
    sums: Sums
    cost: Decimal | None = None
    days: int = 1
    of_days: int = 1
    change: Change | None = None


def groups(table_input: TableInput, view: View, aggregate: Aggregate) -> Iterator[Group]:
    """Yield the groups of a view: oldest bucket first, names as the API orders them, pools in their order.

    Buckets and groups without usage and cost are left out, and so are buckets that are not broken down so far.
    """
    pools = {pool: place for place, pool in enumerate(aggregate.pools)}
    has_pools = view.grouping.dimensions[:1] == ("pool",)
    for start in table_input.report.starts():
        bucket = table_input.report.buckets.get(start)
        if bucket is None or start in table_input.coarse:
            continue
        compared = table_input.compared.get(start)
        changed = {} if compared is None else changes(compared, aggregate)
        found = group_costs(start, bucket, table_input, view, aggregate)
        for names in sorted(found, key=lambda names: pools.get(names[0], len(pools))) if has_pools else found:
            sums, cost = found[names]
            if sums or cost:
                days = _days(bucket, table_input.report.period)
                yield Group(start, aggregate.label(names), sums, cost, *days, changed.get(names))


def _days(bucket: Bucket, period: Period) -> tuple[int, int]:
    """Return of how many of its days a bucket is put together, and how many it has."""
    return (len(bucket.parts), period.days(bucket.start)) if bucket.parts else (1, 1)


def as_shown(table_input: TableInput, view: View, aggregate: Aggregate) -> Iterator[Group]:
    """Yield the same groups in the order of the screen: newest bucket first, every line of it."""
    buckets, period = table_input.report.buckets, table_input.report.period
    everything = frozenset(buckets)
    depth = len(view.grouping.dimensions)
    for line in lines(replace(table_input, opened=everything, listed=everything), view, aggregate):
        is_of_use = line.sums is not None and bool(line.sums or line.cost)
        if line.sums is not None and is_of_use and len(line.names) == depth and not line.coarse:
            names = aggregate.label(line.names)
            days = _days(buckets[line.start], period)
            yield Group(line.start, names, line.sums, line.cost, *days, line.change)

"""A view as groups: one for each bucket and name, with its sums and its cost. What every format is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from tui.domain.aggregate import Aggregate
from tui.domain.costs import NOTHING
from tui.domain.dimensions import Names
from tui.domain.periods import Period
from tui.domain.table import TableInput, View, group_costs, lines
from tui.domain.usage import Report, Sums


@dataclass(frozen=True, slots=True)
class Group:
    """The sums of one bucket's rows that share their names, and what they cost, where that is asked for and known.

    Of a week or a month, `days` of it are known, and it has `of_days`.
    """

    start: datetime
    names: Names
    sums: Sums
    cost: Decimal | None = None
    days: int = 1
    of_days: int = 1


def groups(table_input: TableInput, view: View, aggregate: Aggregate) -> Iterator[Group]:
    """Yield the groups of a view: oldest bucket first, names as the API orders them, pools in their order.

    Buckets and groups without usage and cost are left out, and so are buckets that are not broken down so far.
    """
    pools = {pool: place for place, pool in enumerate(aggregate.pools)}
    has_pools = view.grouping.dimensions[:1] == ("pool",)
    for start in table_input.report.window.starts():
        bucket = table_input.report.buckets.get(start)
        if bucket is None or start in table_input.coarse:
            continue
        found = group_costs(start, bucket, table_input, view, aggregate)
        for names in sorted(found, key=lambda names: pools.get(names[0], len(pools))) if has_pools else found:
            sums, cost = found[names]
            if sums or cost:
                yield Group(start, aggregate.label(names), sums, cost)


def in_periods(groups: Iterable[Group], report: Report, period: Period) -> Iterator[Group]:
    """Yield groups of days put together to weeks or months, in which names stand as they first appear.

    What they cost is what those of their days cost whose costs are known. Only days that were read are counted.
    """
    known = Counter(period.floor(start) for start in report.buckets)
    for start, of_period in groupby(groups, lambda group: period.floor(group.start)):
        together: dict[Names, Group] = {}
        for group in of_period:
            before = together.get(group.names)
            together[group.names] = group if before is None else _joined(before, group)
        for group in together.values():
            yield replace(group, start=start, days=known[start], of_days=period.days(start))


def _joined(one: Group, other: Group) -> Group:
    costs = [cost for cost in (one.cost, other.cost) if cost is not None]
    return replace(one, sums=one.sums + other.sums, cost=sum(costs, NOTHING) if costs else None)


def as_shown(table_input: TableInput, view: View, aggregate: Aggregate) -> Iterator[Group]:
    """Yield the same groups in the order of the screen: newest bucket first, every line of it."""
    everything = frozenset(table_input.report.buckets)
    depth = len(view.grouping.dimensions)
    for line in lines(replace(table_input, opened=everything, listed=everything), view, aggregate):
        is_of_use = line.sums is not None and bool(line.sums or line.cost)
        if line.sums is not None and is_of_use and len(line.names) == depth and not line.coarse:
            yield Group(line.start, aggregate.label(line.names), line.sums, line.cost)

"""The lines of the table: what they are made from, and how they stand under each other."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from tui.domain.aggregate import Aggregate
from tui.domain.compare import Change, Compared, change
from tui.domain.costs import NOTHING, UNREAD, Costs
from tui.domain.dimensions import Names
from tui.domain.kinds import Kind
from tui.domain.line import REST, Line
from tui.domain.metrics import metrics
from tui.domain.rows import Sums, added
from tui.domain.usage import Bucket, Report
from tui.domain.view import NAME, Order, View, are_costs_known, ordered_by

_NOTHING = Sums()

SHOWN_AT_FIRST = 100
"""How many lines stand under a bucket until the user asks for all of them."""

Key = Callable[[Names, Sums], Any]


@dataclass(frozen=True, slots=True)
class TableInput:
    """What the lines are made from: a report, what is open in it, what was known before, and what it cost.

    Buckets that are `listed` show all of their lines. `coarse` ones are not broken down by what is wanted. The API
    has not come to `awaited` ones yet. Some are `compared` with those before them.
    """

    report: Report
    opened: AbstractSet[datetime] = frozenset()
    listed: AbstractSet[datetime] = frozenset()
    coarse: AbstractSet[datetime] = frozenset()
    before: Report | None = None
    costs: Costs = UNREAD
    awaited: AbstractSet[datetime] = frozenset()
    compared: Mapping[datetime, Compared] = field(default_factory=dict)


def lines(table_input: TableInput, view: View, aggregate: Aggregate) -> tuple[Line, ...]:
    """Return the table's lines: newest bucket first, and under opened ones their groups, in order.

    Of two dimensions, the inner one's lines stand under each of the outer one's.
    """
    buckets = table_input.report.buckets
    older = {} if table_input.before is None else table_input.before.buckets
    beside = (bucket for each in table_input.compared.values() for bucket in (each.now, each.before))
    aggregate.retain((*buckets.values(), *older.values(), *beside))
    return tuple(
        line
        for start in reversed(tuple(table_input.report.starts()))
        for line in _of_bucket(start, buckets.get(start), older.get(start), table_input, view, aggregate)
    )


def _of_bucket(
    start: datetime,
    bucket: Bucket | None,
    before: Bucket | None,
    table_input: TableInput,
    view: View,
    aggregate: Aggregate,
) -> Iterator[Line]:
    if start in table_input.coarse and view.row_filter:
        yield Line(start, awaited=start in table_input.awaited)
        return
    costs = _costs(table_input.costs, start, bucket, view, aggregate, with_outer=start in table_input.opened)
    at_least = table_input.costs.is_at_least(start)
    period = table_input.report.period
    days, of_days = (1, 1) if bucket is None or not bucket.parts else (len(bucket.parts), period.days(start))
    if bucket is None:
        is_awaited, is_gone = start in table_input.awaited, start in table_input.report.not_kept
        yield Line(start, cost=costs.get(()), at_least=at_least, awaited=is_awaited, not_kept=is_gone)
        return
    if start in table_input.coarse:
        is_incomplete = bucket.left_out > 0
        line = Line(start, (), bucket.sums, coarse=True, cost=costs.get(()), at_least=at_least)
        yield replace(line, incomplete=is_incomplete, days=days, of_days=of_days)
        return
    sums, count = aggregate.sums(bucket)
    was = None if before is None else aggregate.sums(before)[0]
    groups = aggregate.groups(bucket)
    unused = dict.fromkeys(aggregate.only_costs(bucket, costs), _NOTHING)
    only_costs = len({names[:1] for names in unused} - {names[:1] for names in groups}) if unused else 0
    is_open = start in table_input.opened and bool(count or unused) and bool(aggregate.dimensions)
    compared = table_input.compared.get(start)
    yield Line(
        start,
        (),
        sums,
        count,
        is_open,
        was,
        cost=costs.get(()),
        at_least=at_least,
        only_costs=only_costs,
        incomplete=bucket.left_out > 0,
        days=days,
        of_days=of_days,
        change=None if compared is None else changes(compared, aggregate, deep=False)[()],
    )
    if is_open:
        known = None if before is None else aggregate.groups(before)
        outer = aggregate.outer(bucket)
        if unused:
            groups = {**groups, **unused}
            outer = {**outer, **{names[:1]: outer.get(names[:1], _NOTHING) for names in unused}}
        most = len(groups) if start in table_input.listed else SHOWN_AT_FIRST
        outer_before = None if before is None else aggregate.outer(before)
        ours, others = (None, None) if compared is None else _both(compared, aggregate)
        beside = _Beside(known, outer_before, costs, ours, others)
        yield from _nested(start, groups, outer, beside, most, view.order, _key(view, beside, aggregate))


class _Beside(NamedTuple):
    """What is known of the groups of a bucket beside their sums: those before, what they cost, how they changed."""

    known: dict[Names, Sums] | None
    known_outer: dict[Names, Sums] | None
    costs: Mapping[Names, Decimal]
    compared: Mapping[Names, Sums] | None
    compared_before: Mapping[Names, Sums] | None

    def change(self, names: Names) -> Change | None:
        """Return how a group changed, once it is shown; nothing was used of one that is not named."""
        if self.compared is None or self.compared_before is None:
            return None
        return change(self.compared.get(names), self.compared_before.get(names))


def changes(compared: Compared, aggregate: Aggregate, *, deep: bool = True) -> dict[Names, Change]:
    """Return how a bucket changed (named by nothing), and where it is `deep` each of its groups, outer and inner."""
    now, before = compared.now, compared.before
    found: dict[Names, Change] = {(): change(aggregate.sums(now)[0], aggregate.sums(before)[0])}
    if deep:
        ours, others = _both(compared, aggregate)
        found |= {names: change(ours.get(names), others.get(names)) for names in {**ours, **others} if names}
    return found


def _both(compared: Compared, aggregate: Aggregate) -> tuple[dict[Names, Sums], dict[Names, Sums]]:
    """Return the outer and inner groups of a bucket, and of the one that it is compared with."""
    now, before = compared.now, compared.before
    return (
        {**aggregate.outer(now), **aggregate.groups(now)},
        {**aggregate.outer(before), **aggregate.groups(before)},
    )


def _costs(
    costs: Costs,
    start: datetime,
    bucket: Bucket | None,
    view: View,
    aggregate: Aggregate,
    *,
    with_outer: bool = True,
) -> Mapping[Names, Decimal]:
    """Return what the lines of a bucket cost, as far as that is known of them."""
    known = costs.of(start)
    if known is None or view.only:
        return {}
    found = aggregate.costs(known, costs.told(start), with_outer=with_outer)
    if view.kind is Kind.COMPLETIONS:
        return found
    if not are_costs_known(view) or bucket is None:
        return {}
    sums: dict[Names, Decimal] = {}
    for names in aggregate.groups(bucket):
        for group in dict.fromkeys(((), names[:1], names)) if names in found else ():
            sums[group] = sums.get(group, NOTHING) + found[names]
    return sums


def group_costs(
    start: datetime, bucket: Bucket, table_input: TableInput, view: View, aggregate: Aggregate
) -> dict[Names, tuple[Sums, Decimal | None]]:
    """Return the innermost groups of a bucket, and what each cost, in the order in which the API names them."""
    costs = _costs(table_input.costs, start, bucket, view, aggregate)
    if not aggregate.dimensions:
        return {(): (aggregate.sums(bucket)[0], costs.get(()))}
    groups = aggregate.groups(bucket)
    unused = dict.fromkeys(aggregate.only_costs(bucket, costs), _NOTHING)
    return {names: (sums, costs.get(names)) for names, sums in {**groups, **unused}.items()}


def _nested(
    start: datetime,
    groups: dict[Names, Sums],
    outer: dict[Names, Sums],
    beside: _Beside,
    most: int,
    order: Order,
    key: Key,
) -> Iterator[Line]:
    """Yield the lines under a bucket, the outer ones with the inner ones under each; the rest is one line."""
    known, was, costs = beside.known, beside.known_outer, beside.costs
    inner: dict[Names, dict[Names, Sums]] = {}
    if any(len(names) > 1 for names in groups):
        for names, sums in groups.items():
            inner.setdefault(names[:1], {})[names] = sums
    shown = 0
    left = dict(groups)
    for names, sums in _first(outer, most, order, key):
        under = _first(inner.get(names, {}), max(1, most - shown), order, key)
        of_old = None if was is None else was.get(names, _NOTHING)
        cost, changed = costs.get(names), beside.change(names)
        yield Line(start, names, sums, len(under), was=of_old, cost=cost, change=changed)
        for deeper, part in under:
            of_old = None if known is None else known.get(deeper, _NOTHING)
            cost, changed = costs.get(deeper), beside.change(deeper)
            yield Line(start, deeper, part, was=of_old, cost=cost, change=changed)
            del left[deeper]
        left.pop(names, None)
        shown += max(1, len(under))
        if shown >= most:
            break
    if left:
        known_costs = [costs[names] for names in left if names in costs]
        cost = sum(known_costs, NOTHING) if known_costs else None
        yield Line(start, REST, added(left.values()), rest=len(left), cost=cost)


def _first(groups: dict[Names, Sums], most: int, order: Order, key: Key) -> list[tuple[Names, Sums]]:
    """Return the first groups in this order; equal ones by name."""
    if order.by == NAME:
        choose = heapq.nsmallest if order.ascending else heapq.nlargest
        found = choose(most, ((key(names, sums), names) for names, sums in groups.items()))
    else:
        sign = 1 if order.ascending else -1
        found = heapq.nsmallest(most, ((sign * key(names, sums), names) for names, sums in groups.items()))
    return [(names, groups[names]) for _, names in found]


def _key(view: View, beside: _Beside, aggregate: Aggregate) -> Key:
    """Return what groups are ordered by; what is unknown stands below all that is known."""
    if view.order.by == NAME:
        return lambda names, _: aggregate.label(names)
    value = metrics(view.kind)[ordered_by(view)].value

    def number(names: Names, sums: Sums) -> int | float | Decimal:
        found = value(sums, beside.costs.get(names), beside.change(names))
        return Decimal("-Infinity") if found is None else Decimal("Infinity") if found == "new" else found

    return number

"""What the user looks at: the view, and the lines of the table that follow from it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from tui.domain.breakdown import Breakdown
from tui.domain.grouping import BY_MODEL, Grouping, Names, dimensions_of, filters
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.money import NOTHING, UNREAD, Cost, Costs
from tui.domain.sought import EVERYTHING, Sought
from tui.domain.usage import Bucket, Report, Sums

_NOTHING = Sums()

SHOWN_AT_FIRST = 100
"""How many lines stand under a bucket until the user asks for all of them."""

REST: Names = ("\0rest",)
"""What the line is called that stands for those that are not shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. A bucket's own line has no names; `sums` is None where it is unread.

    `groups` counts the lines right under it; `open` says that they follow. `was` are the sums at the refresh before,
    None where they were not known. `rest` says for how many further lines this one stands. A `coarse` bucket was read
    and not broken down by what is wanted now. `cost` is in dollars, None where it is not known. Of an `incomplete`
    bucket rows could not be read.
    """

    start: datetime
    names: Names = ()
    sums: Sums | None = None
    groups: int = 0
    open: bool = False
    was: Sums | None = None
    rest: int = 0
    coarse: bool = False
    cost: Decimal | None = None
    incomplete: bool = False

    @property
    def key(self) -> tuple[datetime, Names]:
        """Return what stays the same while numbers change."""
        return (self.start, self.names)

    @property
    def is_bucket(self) -> bool:
        """Return whether this is the line of a bucket itself."""
        return not self.names


@dataclass(frozen=True, slots=True)
class Order:
    """How lines stand under their bucket: by a measure, cost or name, the largest first unless `ascending`."""

    by: str = "total"
    ascending: bool = False

    def then(self, by: str) -> Order:
        """Return the order after this one was chosen: the same again reverses."""
        return replace(self, ascending=not self.ascending) if by == self.by else Order(by, ascending=by == NAME)


NAME, COST = "name", "cost"
"""What can be ordered by beside measures."""

LARGEST_FIRST = Order()


@dataclass(frozen=True, slots=True)
class View:
    """What is counted, how it is broken down, found, ordered and written.

    `only` are pairs of a dimension and a value that the API itself is asked to look for. `columns` are names of
    measures and `cost`; None for those that fit.
    """

    kind: Kind = Kind.COMPLETIONS
    grouping: Grouping = BY_MODEL
    merged: bool = False
    sought: Sought = EVERYTHING
    order: Order = LARGEST_FIRST
    columns: tuple[str, ...] | None = None
    only: tuple[tuple[str, str], ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return all dimensions that must be known: those of the lines and those of the filter."""
        known = dimensions_of(self.kind)
        sought = (name for name in self.sought.needs(self.grouping.dimensions) if name in known)
        return tuple(dict.fromkeys((*self.grouping.dimensions, *sought)))

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that the API has to break its answer down by.

        Raises:
            BadSettings: where this kind of usage is not broken down so.
        """
        return Grouping(self.dimensions).fields(self.kind)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Return what the API is asked to look for, in its own words.

        Raises:
            BadSettings: where it cannot look for that.
        """
        return filters(self.kind, self.only)


Key = Callable[[Names, Sums], Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the lines are made from: a report, what is open in it, what was known before, and what it cost.

    Buckets that are `listed` show all of their lines. `coarse` ones are not broken down by what is wanted.
    """

    report: Report
    opened: AbstractSet[datetime] = frozenset()
    listed: AbstractSet[datetime] = frozenset()
    coarse: AbstractSet[datetime] = frozenset()
    before: Report | None = None
    costs: Costs = UNREAD


def lines(looked: Looked, view: View, breakdown: Breakdown) -> tuple[Line, ...]:
    """Return the table's lines: newest bucket first, and under opened ones their groups, in order.

    Of two dimensions, the inner one's lines stand under each of the outer one's.
    """
    buckets = looked.report.buckets
    older = {} if looked.before is None else looked.before.buckets
    breakdown.keep((*buckets.values(), *older.values()))
    return tuple(
        line
        for start in reversed(tuple(looked.report.window.starts()))
        for line in _of_bucket(start, buckets.get(start), older.get(start), looked, view, breakdown)
    )


def _of_bucket(
    start: datetime, bucket: Bucket | None, before: Bucket | None, looked: Looked, view: View, breakdown: Breakdown
) -> Iterator[Line]:
    if bucket is None or (start in looked.coarse and view.sought):
        yield Line(start)
        return
    if start in looked.coarse:
        yield Line(start, (), bucket.sums, coarse=True, incomplete=bucket.left_out > 0)
        return
    sums, count = breakdown.sums(bucket)
    costs = _costs(looked.costs.of(start), bucket, view, breakdown)
    was = None if before is None else breakdown.sums(before)[0]
    is_open = start in looked.opened and bool(count) and bool(breakdown.dimensions)
    yield Line(start, (), sums, count, is_open, was, cost=costs.get(()), incomplete=bucket.left_out > 0)
    if is_open:
        known = None if before is None else breakdown.groups(before)
        most = len(breakdown.groups(bucket)) if start in looked.listed else SHOWN_AT_FIRST
        groups = breakdown.groups(bucket)
        for line in _nested(start, groups, known, most, view.order, _key(view, costs, breakdown)):
            yield replace(line, cost=costs.get(line.names))


def _costs(costs: Sequence[Cost], bucket: Bucket, view: View, breakdown: Breakdown) -> Mapping[Names, Decimal]:
    """Return what the lines of a bucket cost. Beside completions only models have costs of their own."""
    if not costs or view.only:
        return {}
    found = breakdown.costs(costs)
    if view.kind is Kind.COMPLETIONS:
        return found
    if "model" not in breakdown.dimensions:
        return {}
    sums: dict[Names, Decimal] = {}
    for names in breakdown.groups(bucket):
        for group in dict.fromkeys(((), names[:1], names)) if names in found else ():
            sums[group] = sums.get(group, NOTHING) + found[names]
    return sums


def _nested(
    start: datetime, groups: dict[Names, Sums], known: dict[Names, Sums] | None, most: int, order: Order, key: Key
) -> Iterator[Line]:
    """Yield the lines under a bucket, the outer ones with the inner ones under each; the rest is one line."""
    outer, was = _outer(groups), None if known is None else _outer(known)
    inner: dict[Names, dict[Names, Sums]] = {}
    if any(len(names) > 1 for names in groups):
        for names, sums in groups.items():
            inner.setdefault(names[:1], {})[names] = sums
    shown = 0
    left = dict(groups)
    for names, sums in _first(outer, most, order, key):
        under = _first(inner.get(names, {}), max(1, most - shown), order, key)
        yield Line(start, names, sums, len(under), was=None if was is None else was.get(names, _NOTHING))
        for deeper, part in under:
            yield Line(start, deeper, part, was=None if known is None else known.get(deeper, _NOTHING))
            del left[deeper]
        left.pop(names, None)
        shown += max(1, len(under))
        if shown >= most:
            break
    if left:
        yield Line(start, REST, sum(left.values(), _NOTHING), rest=len(left))


def _outer(groups: dict[Names, Sums]) -> dict[Names, Sums]:
    found: dict[Names, Sums] = {}
    for names, sums in groups.items():
        found[names[:1]] = found[names[:1]] + sums if names[:1] in found else sums
    return found


def _first(groups: dict[Names, Sums], most: int, order: Order, key: Key) -> list[tuple[Names, Sums]]:
    """Return the first groups in this order; equal ones by name."""
    if order.by == NAME:
        choose = heapq.nsmallest if order.ascending else heapq.nlargest
        found = choose(most, ((key(names, sums), names) for names, sums in groups.items()))
    else:
        sign = 1 if order.ascending else -1
        found = heapq.nsmallest(most, ((sign * key(names, sums), names) for names, sums in groups.items()))
    return [(names, groups[names]) for _, names in found]


def _key(view: View, costs: Mapping[Names, Decimal], breakdown: Breakdown) -> Key:
    """Return what groups are ordered by; what is unknown stands below all that is known."""
    if view.order.by == NAME:
        return lambda names, _: breakdown.label(names)
    if view.order.by == COST:
        return lambda names, _: costs.get(names, Decimal(-1))
    known = measures(view.kind)
    value = known.get(view.order.by, next(iter(known.values()))).value

    def number(_: Names, sums: Sums) -> float:
        found = value(sums)
        return -1 if found is None else found

    return number


USUAL = View()
"""How the dashboard begins."""

"""Each group's input and output over time, as the charts draw them."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.domain.aggregate import Aggregate, volume_of
from tui.domain.costs import Costs
from tui.domain.dimensions import Names
from tui.domain.rows import Sums, added
from tui.domain.usage import Report

Series = tuple[int | None, ...]
"""One value a bucket, oldest first; None where the bucket was not read."""

_NOTHING = Sums()

MOST = 100
"""How many series are of interest: nobody scrolls through thousands."""


@dataclass(frozen=True, slots=True)
class GroupSeries:
    """One group over the window, or all of them together. `input` are amounts where no tokens are counted."""

    names: Names
    total: int
    input: Series
    output: Series


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """The series of the chosen names, those of the largest groups, and how many more groups there are.

    Of what is chosen, `free` and `billed` are its tokens as the API's service tiers tell them.
    """

    chosen: GroupSeries
    largest: tuple[GroupSeries, ...]
    more: int = 0
    free: Series = ()
    billed: Series = ()


def chart_series(
    report: Report, aggregate: Aggregate, chosen: Names = (), coarse: AbstractSet[datetime] = frozenset()
) -> ChartSeries:
    """Return the series of a report, the largest first; `chosen` is among them, however small, if it is a group.

    Outer names are those of all groups in them, and no names those of all. Coarse buckets are not known, nor
    are weeks and months of which a day is missing: their columns would tell of a decline.
    """
    days = [
        report.buckets[start] if start in report.buckets and start not in coarse and report.has_all(start) else None
        for start in report.starts()
    ]
    known = [day for day in days if day is not None]
    totals = aggregate.volumes(known)
    shown = heapq.nsmallest(MOST, totals, key=lambda names: (-totals[names], names))
    if chosen in totals and chosen not in shown:
        shown.append(chosen)
    groups = [None if day is None else aggregate.groups(day) for day in days]
    largest = tuple(_series(names, [_one(each, names) for each in groups]) for names in shown)
    if chosen:
        parts = [names for names in totals if names[: len(chosen)] == chosen]
        sums = [None if each is None else added([each[names] for names in parts if names in each]) for each in groups]
        whole = _series(chosen, [_volume(found) for found in sums])
    else:
        sums = [None if day is None else aggregate.sums(day)[0] for day in days]
        whole = _series(chosen, [None if day is None else aggregate.volume(day) for day in days])
    free = tuple(None if found is None else found.free for found in sums)
    billed = tuple(None if found is None else found.billed for found in sums)
    return ChartSeries(whole, largest, len(totals) - len(shown), free, billed)


def _one(groups: Mapping[Names, Sums] | None, names: Names) -> tuple[int, int] | None:
    return None if groups is None else _volume(groups.get(names, _NOTHING))


def _volume(sums: Sums | None) -> tuple[int, int] | None:
    return None if sums is None else volume_of(sums)


def _series(names: Names, volumes: Sequence[tuple[int, int] | None]) -> GroupSeries:
    total = sum(sum(each) for each in volumes if each is not None)
    tokens_in, tokens_out = (tuple(None if each is None else each[place] for each in volumes) for place in (0, 1))
    return GroupSeries(names, total, tokens_in, tokens_out)


def cost_series(report: Report, costs: Costs, aggregate: Aggregate, chosen: Names = ()) -> tuple[Decimal | None, ...]:
    """Return what the chosen names cost in each bucket of a report, in dollars; None where that is not known."""
    found: list[Decimal | None] = []
    for start in report.starts():
        known, told = costs.of(start), costs.told(start)
        sums = {} if known is None else aggregate.costs(known, told, with_outer=len(chosen) == 1)
        is_nothing = bool(sums) and aggregate.tells_costs(told)  # what is not named there cost nothing
        found.append(sums.get(chosen, Decimal(0) if is_nothing else None))
    return tuple(found)

"""Each group's input and output over time, as the charts draw them."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.domain.aggregate import Aggregate
from tui.domain.costs import Costs
from tui.domain.dimensions import Names
from tui.domain.usage import Bucket, Report, Sums

Series = tuple[int | None, ...]
"""One value a bucket, oldest first; None where the bucket was not read."""

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
    totals: dict[Names, int] = {}
    for day in days:
        for names, group in aggregate.groups(day).items() if day is not None else ():
            totals[names] = totals.get(names, 0) + _input(group) + group.output
    ordered = sorted(totals, key=lambda names: (-totals[names], names))
    shown = ordered[:MOST] + [names for names in ordered[MOST:] if names == chosen]
    whole = {names for names in totals if names[: len(chosen)] == chosen}
    found = _series(days, aggregate, [{names} for names in shown] + [whole])
    largest = tuple(_group_series(names, *series) for names, series in zip(shown, found, strict=False))
    paid = [None if day is None else _sum_of(aggregate, day, chosen) for day in days]
    free = tuple(None if sums is None else sums.free for sums in paid)
    billed = tuple(None if sums is None else sums.billed for sums in paid)
    return ChartSeries(_group_series(chosen, *found[-1]), largest, len(ordered) - len(shown), free, billed)


def _sum_of(aggregate: Aggregate, day: Bucket, chosen: Names) -> Sums:
    if not chosen:
        return aggregate.sums(day)[0]
    groups = aggregate.groups(day).items()
    return sum((sums for names, sums in groups if names[: len(chosen)] == chosen), Sums())


def cost_series(report: Report, costs: Costs, aggregate: Aggregate, chosen: Names = ()) -> tuple[Decimal | None, ...]:
    """Return what the chosen names cost in each bucket of a report, in dollars; None where that is not known."""
    found: list[Decimal | None] = []
    for start in report.starts():
        known, told = costs.of(start), costs.told(start)
        sums = {} if known is None else aggregate.costs(known, told)
        is_nothing = bool(sums) and aggregate.tells_costs(told)  # what is not named there cost nothing
        found.append(sums.get(chosen, Decimal(0) if is_nothing else None))
    return tuple(found)


def _input(sums: Sums) -> int:
    return sums.input or sums.amount


def _series(
    days: list[Bucket | None], aggregate: Aggregate, wanted: Sequence[AbstractSet[Names]]
) -> list[tuple[Series, Series]]:
    """Return the input and output of each of these sets of groups, bucket by bucket."""
    places: dict[Names, list[int]] = {}
    for place, groups in enumerate(wanted):
        for names in groups:
            places.setdefault(names, []).append(place)
    inputs: list[list[int | None]] = [[] for _ in wanted]
    outputs: list[list[int | None]] = [[] for _ in wanted]
    for day in days:
        sums_in: list[int] = [0] * len(wanted)
        sums_out: list[int] = [0] * len(wanted)
        for names, sums in aggregate.groups(day).items() if day is not None else ():
            for place in places.get(names, ()):
                sums_in[place] += _input(sums)
                sums_out[place] += sums.output
        for place in range(len(wanted)):
            inputs[place].append(None if day is None else sums_in[place])
            outputs[place].append(None if day is None else sums_out[place])
    return list(zip(map(tuple, inputs), map(tuple, outputs), strict=True))


def _group_series(names: Names, tokens_in: Series, tokens_out: Series) -> GroupSeries:
    total = sum(value for value in (*tokens_in, *tokens_out) if value is not None)
    return GroupSeries(names, total, tokens_in, tokens_out)

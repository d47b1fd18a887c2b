"""Each group's input and output over time, as the charts draw them."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from tui.domain.aggregate import Aggregate
from tui.domain.dimensions import Names
from tui.domain.usage import Bucket, Report

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
    """The series of the chosen names, those of the largest groups, and how many more groups there are."""

    chosen: GroupSeries
    largest: tuple[GroupSeries, ...]
    more: int = 0


def chart_series(
    report: Report, aggregate: Aggregate, chosen: Names = (), coarse: AbstractSet[datetime] = frozenset()
) -> ChartSeries:
    """Return the series of a report, the largest first; `chosen` is among them, however small, if it is a group.

    Outer names are those of all groups in them, and no names those of all. Coarse buckets are not known.
    """
    days = [
        report.buckets[start] if start in report.buckets and start not in coarse else None
        for start in report.window.starts()
    ]
    totals: dict[int, int] = {}
    for day in days:
        for group, tokens_in, tokens_out in aggregate.sizes(day) if day is not None else ():
            totals[group] = totals.get(group, 0) + tokens_in + tokens_out
    names = aggregate.group_names()
    ordered = sorted(totals, key=lambda group: (-totals[group], names[group]))
    shown = ordered[:MOST] + [group for group in ordered[MOST:] if names[group] == chosen]
    whole = {group for group in totals if names[group][: len(chosen)] == chosen}
    found = _series(days, aggregate, [{group} for group in shown] + [whole])
    largest = tuple(_group_series(names[group], *series) for group, series in zip(shown, found, strict=False))
    return ChartSeries(_group_series(chosen, *found[-1]), largest, len(ordered) - len(shown))


def _series(
    days: list[Bucket | None], aggregate: Aggregate, wanted: Sequence[AbstractSet[int]]
) -> list[tuple[Series, Series]]:
    """Return the input and output of each of these sets of groups, bucket by bucket."""
    places: dict[int, list[int]] = {}
    for place, groups in enumerate(wanted):
        for group in groups:
            places.setdefault(group, []).append(place)
    inputs: list[list[int | None]] = [[] for _ in wanted]
    outputs: list[list[int | None]] = [[] for _ in wanted]
    for day in days:
        sums_in: list[int] = [0] * len(wanted)
        sums_out: list[int] = [0] * len(wanted)
        for group, tokens_in, tokens_out in aggregate.sizes(day) if day is not None else ():
            for place in places.get(group, ()):
                sums_in[place] += tokens_in
                sums_out[place] += tokens_out
        for place in range(len(wanted)):
            inputs[place].append(None if day is None else sums_in[place])
            outputs[place].append(None if day is None else sums_out[place])
    return list(zip(map(tuple, inputs), map(tuple, outputs), strict=True))


def _group_series(names: Names, tokens_in: Series, tokens_out: Series) -> GroupSeries:
    total = sum(value for value in (*tokens_in, *tokens_out) if value is not None)
    return GroupSeries(names, total, tokens_in, tokens_out)

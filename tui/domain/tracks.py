"""Each group's input and output over time, as the charts draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.domain.breakdown import Breakdown
from tui.domain.grouping import Names
from tui.domain.usage import Report, Sums

_NOTHING = Sums()

Series = tuple[int | None, ...]
"""One value a bucket, oldest first; None where the bucket was not read."""

Groups = Sequence[dict[Names, Sums] | None]
"""The groups of each bucket, oldest first; None where it was not read."""

MOST = 100
"""How many tracks are of interest: nobody scrolls through thousands."""


@dataclass(frozen=True, slots=True)
class Track:
    """One group over the window; all of them together where it has no names."""

    names: Names
    total: int
    input: Series
    output: Series


def groups(report: Report, breakdown: Breakdown, coarse: frozenset[object] = frozenset()) -> Groups:
    """Return the groups of each bucket of the report; those of a coarse one are not known."""
    return tuple(
        breakdown.groups(report.buckets[start]) if start in report.buckets and start not in coarse else None
        for start in report.window.starts()
    )


def tracks(days: Groups, *, chosen: Names = ()) -> tuple[tuple[Track, ...], int]:
    """Return the tracks of the largest groups, and the chosen one, and how many more there are."""
    totals: dict[Names, int] = {}
    for day in days:
        for names, sums in (day or {}).items():
            totals[names] = totals.get(names, 0) + _size(sums)
    largest = sorted(totals, key=lambda names: (-totals[names], names))
    shown = largest[:MOST]
    if chosen in totals and chosen not in shown:
        shown.append(chosen)
    return tuple(_track(names, [_of(day, names) for day in days]) for names in shown), len(largest) - len(shown)


def one(days: Groups, names: Names) -> Track:
    """Return the track of one group, of an outer one, or (without names) of all together."""
    return _track(
        names,
        [
            None
            if day is None
            else sum((sums for each, sums in day.items() if each[: len(names)] == names), _NOTHING)
            for day in days
        ],
    )


def _of(day: dict[Names, Sums] | None, names: Names) -> Sums | None:
    return None if day is None else day.get(names, _NOTHING)


def _size(sums: Sums) -> int:
    return sums.total or sums.amount


def _track(names: Names, days: Sequence[Sums | None]) -> Track:
    return Track(
        names,
        sum(_size(day) for day in days if day is not None),
        tuple(None if day is None else day.input or day.amount for day in days),
        tuple(None if day is None else day.output for day in days),
    )

"""A window's days as series: what the charts draw."""

from __future__ import annotations

from dataclasses import dataclass

from tui.domain.usage import EVERY_MODEL, Report, Sums
from tui.domain.view import LARGEST_FIRST

_NOTHING = Sums()

Series = tuple[int | None, ...]
"""One value a bucket, oldest first; None where the bucket was not read."""


@dataclass(frozen=True, slots=True)
class Track:
    """One model over the window, in tokens."""

    name: str
    total: int
    input: Series
    output: Series


def tracks(report: Report) -> tuple[Track, ...]:
    """Return a track for every model that the window knows, the largest first."""
    starts = tuple(report.window.starts())
    days = [report.buckets[start].models if start in report.buckets else None for start in starts]
    totals: dict[str, Sums] = {}
    for models in days:
        for name, sums in (models or {}).items():
            totals[name] = totals.get(name, _NOTHING) + sums
    used = {name: sums for name, sums in totals.items() if sums}
    return tuple(
        _track(name, [None if models is None else models.get(name, _NOTHING) for models in days])
        for name, _ in LARGEST_FIRST.sorted(used)
    )


def whole(report: Report) -> Track:
    """Return the track of all models together."""
    days = [report.buckets[start].sums if start in report.buckets else None for start in report.window.starts()]
    return _track(EVERY_MODEL, days)


def _track(name: str, days: list[Sums | None]) -> Track:
    return Track(
        name,
        sum(day.total for day in days if day is not None),
        tuple(None if day is None else day.input for day in days),
        tuple(None if day is None else day.output for day in days),
    )

"""A window's days as series: what the charts draw."""

from __future__ import annotations

from dataclasses import dataclass

from tui.domain.usage import EVERY_MODEL, Report, Sums, add_up, by_model
from tui.domain.view import largest_first

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
    days = {start: by_model(bucket.rows) for start, bucket in report.buckets.items()}
    models = {name: sums for name, sums in by_model(report.rows()).items() if sums}
    return tuple(
        _track(name, [days[start].get(name, Sums()) if start in days else None for start in report.window.starts()])
        for name, _ in largest_first(models)
    )


def whole(report: Report) -> Track:
    """Return the track of all models together."""
    sums = {start: add_up(bucket.rows) for start, bucket in report.buckets.items()}
    return _track(EVERY_MODEL, [sums.get(start) for start in report.window.starts()])


def _track(name: str, days: list[Sums | None]) -> Track:
    return Track(
        name,
        sum(day.total for day in days if day is not None),
        tuple(None if day is None else day.input for day in days),
        tuple(None if day is None else day.output for day in days),
    )

"""Every bucket that was read, once, whoever asked for it.

A bucket that is broken down further answers coarser questions too: one by model, tier and project tells all that one
by model and tier does. This is the only place that knows that rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.kinds import Kind
from tui.domain.source import Query
from tui.domain.usage import Bucket
from tui.domain.window import Width


@dataclass(frozen=True, slots=True)
class Reading:
    """A bucket as one answer had it: the fields that it is broken down by, and when it was asked for."""

    bucket: Bucket
    fields: frozenset[str]
    asked_at: datetime

    def answers(self, fields: frozenset[str]) -> bool:
        """Return whether the bucket is broken down by all of these fields."""
        return fields <= self.fields

    def replaces(self, other: Reading) -> bool:
        """Return whether nothing is lost with the other: it tells no more than this one, and is no newer."""
        return other.fields <= self.fields and other.asked_at <= self.asked_at

    def outdoes(self, other: Reading) -> bool:
        """Return whether the other need not be taken in: it tells no more, and is older, or as old and tells less."""
        return self.replaces(other) and (self.fields, self.asked_at) != (other.fields, other.asked_at)


@dataclass(frozen=True, slots=True)
class Series:
    """Buckets that belong together: of one kind, one width, and one filter of the API's own."""

    kind: Kind
    width: Width
    filters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: Query) -> Series:
        """Return the series that a query asks about."""
        return cls(query.kind, query.window.width, tuple(sorted(query.filters)))


_Readings = Mapping[datetime, tuple[Reading, ...]]


@dataclass(frozen=True, slots=True)
class Store:
    """All readings of one organization; it does not change, `put` returns another.

    Of a bucket there is one reading, or a few where the finest is not the newest: then each of them is the newest for
    some question. An older answer that arrives late never replaces a newer one.
    """

    _series: Mapping[Series, _Readings] = field(default_factory=dict)

    def put(self, query: Query, buckets: Iterable[Bucket], asked_at: datetime) -> Store:
        """Return the store with these buckets of a query's answer as well."""
        series = Series.of(query)
        readings = dict(self._series.get(series, {}))
        for bucket in buckets:
            fresh = Reading(bucket, frozenset(query.group_by), asked_at)
            known = readings.get(bucket.start, ())
            if any(each.outdoes(fresh) for each in known):
                continue
            readings[bucket.start] = (fresh, *(each for each in known if not fresh.replaces(each)))
        return Store({**self._series, series: readings})

    def get(self, query: Query) -> dict[datetime, Reading]:
        """Return the newest readings that tell what the query asks, by their start, oldest bucket first."""
        readings, fields = self._series.get(Series.of(query), {}), frozenset(query.group_by)
        found: dict[datetime, Reading] = {}
        for start in query.window.starts():
            fine = [each for each in readings.get(start, ()) if each.answers(fields)]
            if fine:
                found[start] = max(fine, key=lambda each: each.asked_at)
        return found

    def coarse(self, query: Query) -> dict[datetime, Reading]:
        """Return the newest readings of buckets that are known, but not broken down as the query asks."""
        readings, fine = self._series.get(Series.of(query), {}), self.get(query)
        return {
            start: max(readings[start], key=lambda each: each.asked_at)
            for start in query.window.starts()
            if start in readings and start not in fine
        }

    def missing(self, query: Query) -> tuple[datetime, ...]:
        """Return the starts of the buckets that the store cannot answer, oldest first."""
        found = self.get(query)
        return tuple(start for start in query.window.starts() if start not in found)

    def only(self, keep: Iterable[Series]) -> Store:
        """Return the store without all other series, for when the user has left them."""
        wanted = set(keep)
        return Store({series: readings for series, readings in self._series.items() if series in wanted})

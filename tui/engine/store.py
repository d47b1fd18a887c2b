"""Every bucket that was read, once, whoever asked for it.

A bucket that is broken down further answers coarser questions too: one by model, tier and project tells all that one
by model and tier does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from msgspec import Struct

from tui.domain.kinds import Kind
from tui.domain.time import Width
from tui.domain.usage import Bucket, Report
from tui.sources.base import Page, Query, is_as_fine


@dataclass(frozen=True, slots=True)
class Reading:
    """A bucket as one answer had it, and the fields that it is broken down by."""

    bucket: Bucket
    fields: frozenset[str]

    def answers(self, fields: AbstractSet[str]) -> bool:
        """Return whether the bucket is broken down by all of these fields."""
        return is_as_fine(self.fields, fields)

    def replaces(self, other: Reading) -> bool:
        """Return whether nothing is lost with the other: it tells no more than this one, and is no newer."""
        return is_as_fine(self.fields, other.fields) and other.bucket.updated(self.bucket) is self.bucket

    def outdoes(self, other: Reading) -> bool:
        """Return whether the other need not be taken in: it tells no more, and is older, or as old and tells less."""
        if not is_as_fine(self.fields, other.fields):
            return False
        at = other.bucket.read_at
        is_as_old = at is not None and at == self.bucket.read_at
        return other.bucket.is_older_than(self.bucket) or (is_as_old and other.fields != self.fields)


class Series(Struct, frozen=True):
    """Buckets that belong together: of one kind, one width, and one filter of the API's own."""

    kind: Kind
    width: Width
    filters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: Query) -> Series:
        """Return the series that a query asks about."""
        return cls(query.kind, query.window.width, tuple(sorted(query.filters)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a series: readings by their start, what the API keeps no longer, what it did not name."""

    readings: Mapping[datetime, tuple[Reading, ...]] = field(default_factory=dict)
    not_kept: frozenset[datetime] = frozenset()
    unnamed: frozenset[datetime] = frozenset()

    def not_newer(self, starts: Iterable[datetime], asked_at: datetime | None) -> Iterator[datetime]:
        """Yield those of the buckets that are not known from a later answer than one that was asked for then."""
        for start in starts:
            times = [each.bucket.read_at for each in self.readings.get(start, ())]
            if asked_at is None or not any(time is not None and time > asked_at for time in times):
                yield start

    def put(self, buckets: Iterable[Bucket], fields: Iterable[str]) -> _Known:
        """Return what is known with these buckets as well, broken down by these fields."""
        readings, told = dict(self.readings), frozenset(fields)
        for bucket in buckets:
            readings[bucket.start] = _with(readings.get(bucket.start, ()), Reading(bucket, told))
        return replace(self, readings=readings)


@dataclass(frozen=True, slots=True)
class Store:
    """All readings of one organization; it does not change, `put` and `take` return another.

    Of a bucket there is one reading, or a few where the finest is not the newest: then each of them is the newest for
    some question. An older answer that arrives late never replaces a newer one.
    """

    _series: Mapping[Series, _Known] = field(default_factory=dict)

    def take(self, query: Query, page: Page) -> Store:
        """Return the store with a page of a query's answer as well; of another organization it holds nothing else."""
        known = (_Known() if page.is_another else self._of(Series.of(query))).put(
            page.buckets, query.group_by if page.group_by is None else page.group_by
        )
        named = {bucket.start for bucket in page.buckets}.difference(page.missing)
        asked_at = next((bucket.read_at for bucket in page.buckets if bucket.start in named), None)
        known = replace(
            known,
            not_kept=known.not_kept.union(page.not_kept).difference(known.readings),
            unnamed=known.unnamed.union(known.not_newer(page.missing, asked_at)).difference(named),
        )
        return Store({**({} if page.is_another else self._series), Series.of(query): known})

    def put(self, query: Query, buckets: Iterable[Bucket], fields: Iterable[str] | None = None) -> Store:
        """Return the store with these buckets as well, broken down by `fields` or as the query asks."""
        series = Series.of(query)
        known = self._of(series).put(buckets, query.group_by if fields is None else fields)
        return Store({**self._series, series: known})

    def get(self, query: Query) -> dict[datetime, Bucket]:
        """Return the newest buckets that tell what the query asks, by their start, oldest bucket first."""
        readings, fields = self._of(Series.of(query)).readings, frozenset(query.group_by)
        found: dict[datetime, Bucket] = {}
        for start in query.window.starts():
            fine = [each.bucket for each in readings.get(start, ()) if each.answers(fields)]
            if fine:
                found[start] = _newest(fine)
        return found

    def report(self, query: Query) -> tuple[Report, frozenset[datetime]]:
        """Return what is known of the query's window, and which of its buckets are not broken down as it asks."""
        known, fine = self._of(Series.of(query)), self.get(query)
        found = {
            start: fine[start] if start in fine else _newest([each.bucket for each in known.readings[start]])
            for start in query.window.starts()
            if start in known.readings
        }
        not_kept = frozenset(start for start in known.not_kept if start in query.window and start not in found)
        return Report(query.window, found, not_kept), frozenset(found.keys() - fine.keys())

    def fine(self, query: Query) -> Report:
        """Return what is known of the query's window, broken down as it asks."""
        report, coarse = self.report(query)
        known = report.buckets.items()
        return replace(report, buckets={start: bucket for start, bucket in known if start not in coarse})

    def not_kept(self, query: Query) -> frozenset[datetime]:
        """Return the buckets of the query's window that the API keeps no longer, and that are not known."""
        return frozenset(start for start in self._of(Series.of(query)).not_kept if start in query.window)

    def unnamed(self, query: Query) -> frozenset[datetime]:
        """Return the buckets of the query's window that the last answer about them did not hold."""
        return frozenset(start for start in self._of(Series.of(query)).unnamed if start in query.window)

    def only(self, wanted: Iterable[Series]) -> Store:
        """Return the store without all other series, for when the user has left them."""
        keep = set(wanted)
        if self._series.keys() <= keep:
            return self
        return Store({series: known for series, known in self._series.items() if series in keep})

    def since(self, width: Width, start: datetime) -> Store:
        """Return the store without buckets of this width that began before, which nobody looks at any more."""

        def trimmed(known: _Known) -> _Known:
            return _Known(
                {at: each for at, each in known.readings.items() if at >= start},
                frozenset(at for at in known.not_kept if at >= start),
                frozenset(at for at in known.unnamed if at >= start),
            )

        return Store({key: trimmed(each) if key.width is width else each for key, each in self._series.items()})

    def _of(self, series: Series) -> _Known:
        return self._series.get(series) or _Known()


EMPTY = Store()


def _with(known: tuple[Reading, ...], fresh: Reading) -> tuple[Reading, ...]:
    """Return the readings of a bucket after one more, the one that came last in front."""
    for each in known:
        if each.fields == fresh.fields:
            fresh = replace(fresh, bucket=each.bucket.updated(fresh.bucket))
    if any(each.outdoes(fresh) for each in known):
        return known
    return (fresh, *(each for each in known if not fresh.replaces(each)))


def _newest(buckets: list[Bucket]) -> Bucket:
    """Return what is known after all of these, of which the one that came last is in front."""
    *newer, known = buckets
    for bucket in reversed(newer):
        known = known.updated(bucket)
    return known

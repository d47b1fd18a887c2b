"""What is known of usage: buckets of rows, in the report of a window."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from tui.domain.dimensions import without_date
from tui.domain.periods import Period
from tui.domain.rows import Row, Sums, by_model
from tui.domain.time import DAY, LAG, Width, Window


@dataclass(frozen=True)
class Bucket:
    """One interval of an answer. No rows means that nothing was used, which is knowledge too.

    `left_out` rows could not be read: with any, the bucket is incomplete, and its numbers are at least these.
    `read_at` is when it was asked for, where that is known: an answer is as old as its request, however late it
    comes. Sums are made once: a bucket does not change, and every view of it asks for them. A week or a month is put
    together from its days as `parts`, and has all of their rows; what is made only to be counted has none of its own.
    """

    start: datetime
    rows: tuple[Row, ...] = ()
    left_out: int = 0
    read_at: datetime | None = field(default=None, compare=False)
    parts: tuple[Bucket, ...] = ()

    def is_older_than(self, other: Bucket) -> bool:
        """Return whether the other one was asked for later."""
        return self.read_at is not None and other.read_at is not None and self.read_at < other.read_at

    def updated(self, fresh: Bucket) -> Bucket:
        """Return what is known of this interval after one more reading of it.

        A reading that was asked for earlier adds nothing. Nor does one of which so many rows are left out that less
        is left than was known, but that the bucket is incomplete now: usage only grows.
        """
        if fresh.is_older_than(self):
            return self
        if fresh.left_out and fresh._size < self._size:
            return replace(self, left_out=fresh.left_out)
        return fresh

    def is_made_of(self, parts: Sequence[Bucket]) -> bool:
        """Return whether it is put together from these very buckets."""
        return len(self.parts) == len(parts) and all(
            one is other for one, other in zip(self.parts, parts, strict=True)
        )

    def is_whole(self, span: timedelta) -> bool:
        """Return whether all of a bucket so long is known: it was read after the API had counted it to its end."""
        return not self.left_out and (self.read_at is None or self.read_at >= self.start + span + LAG)

    @property
    def _size(self) -> int:
        return self.sums.total + self.sums.amount

    @cached_property
    def models(self) -> dict[str, Sums]:
        """The sums of each model, in the order of the API."""
        if not self.parts:
            return by_model(self.rows)
        found: dict[str, Sums] = {}
        for part in self.parts:
            for name, sums in part.models.items():
                found[name] = found[name] + sums if name in found else sums
        return found

    @cached_property
    def projects(self) -> dict[str, frozenset[str]]:
        """The projects that used each model, by its name with and without a date."""
        found: dict[str, set[str]] = {}
        for row in self.rows:
            if row.model is not None and row.project_id is not None and row.tokens:
                for name in (row.model, without_date(row.model)):
                    found.setdefault(name, set()).add(row.project_id)
        return {name: frozenset(projects) for name, projects in found.items()}

    @cached_property
    def sums(self) -> Sums:
        """The sums of all rows."""
        return sum(self.models.values(), Sums())


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a window: the buckets that were read, by their start.

    A bucket that is not here was not read. It is `unread`, never 0. `not_kept` are those that cannot be read any
    more, since the API does not keep them, and that are not known from before. Where a `period` is longer than a day,
    the buckets are weeks or months, put together from those days of theirs that the window holds and that were read.
    """

    window: Window
    buckets: Mapping[datetime, Bucket] = field(default_factory=dict)
    not_kept: frozenset[datetime] = frozenset()
    period: Period = Period.DAY

    @property
    def unit(self) -> Width | Period:
        """Return how long a bucket is."""
        return self.window.width if self.period is Period.DAY else self.period

    def starts(self) -> Iterator[datetime]:
        """Yield the start of each bucket, oldest first."""
        return self.window.starts() if self.period is Period.DAY else self.period.starts(self.window)

    def has_all(self, start: datetime) -> bool:
        """Return whether each day is known that a week or a month has in the window."""
        bucket, inside = self.buckets.get(start), self.period.inside(start, self.window)
        if self.period is Period.DAY or bucket is None or inside is None:
            return bucket is not None
        return len(bucket.parts) == (inside.end - inside.start) // DAY

    def with_buckets(self, buckets: Iterable[Bucket], not_kept: Collection[datetime] = ()) -> Report:
        """Return the report with these buckets in the place of older ones; others are not touched.

        What is known stays known where the API keeps it no longer.
        """
        found = {**self.buckets}
        for bucket in buckets:
            known = found.get(bucket.start)
            if bucket.start in self.window:
                found[bucket.start] = bucket if known is None else known.updated(bucket)
        gone = (start for start in (*self.not_kept, *not_kept) if start in self.window and start not in found)
        return replace(self, buckets=found, not_kept=frozenset(gone))

    def unread(self) -> tuple[datetime, ...]:
        """Return the starts of the buckets that were not read and could be, oldest first."""
        return tuple(start for start in self.starts() if start not in self.buckets and start not in self.not_kept)

    def incomplete(self) -> tuple[datetime, ...]:
        """Return the starts of the buckets of which rows were left out, oldest first."""
        return tuple(start for start in self.starts() if start in self.buckets and self.buckets[start].left_out)

    def rows(self) -> Iterable[Row]:
        """Yield every row of the window, oldest bucket first."""
        for start in self.starts():
            if start in self.buckets:
                yield from self.buckets[start].rows

"""What every source of buckets fulfils: the API, the demo, a file of saved pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from tui.domain.costs import Costs
from tui.domain.kinds import Kind
from tui.domain.time import Window
from tui.domain.usage import Bucket

BY_MODEL = ("model", "service_tier")
"""How the view is grouped."""

BY_PROJECT = ("model", "service_tier", "project_id")
"""How the pools are grouped: never filtered, whatever the view shows."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question: a window, broken down by these fields of the API (none: one row a bucket).

    `filters` are the API's own, by name and value. An answer is not worth keeping (`keep`) where nobody will ask for
    it again.
    """

    window: Window
    group_by: tuple[str, ...] = BY_MODEL
    kind: Kind = Kind.COMPLETIONS
    filters: tuple[tuple[str, str], ...] = ()
    keep: bool = True

    def tells(self, other: Query) -> bool:
        """Return whether the answer to this question also answers the other, for the buckets that both are about."""
        is_alike = (self.kind, self.filters, self.window.width) == (other.kind, other.filters, other.window.width)
        return is_alike and is_as_fine(self.group_by, other.group_by)


def is_as_fine(fields: Collection[str], wanted: Collection[str]) -> bool:
    """Return whether what is broken down by these fields tells all that is wanted: it is as fine, or finer."""
    return set(wanted) <= set(fields)


@dataclass(frozen=True, slots=True)
class Page:
    """Buckets that arrived together.

    A bucket stands here once it was read, also an empty one; one that never comes was not read. `warning` is
    a sentence on why the rest of a query will not come; `note` is one on what went wrong and costs no data.
    `organization` is the API's name for whose data it is; it `is_another` where what came before is not of it, and
    not only called otherwise. `missing` are the starts of buckets that the whole answer left out: where one of them
    stands here all the same, it is what was read of it before. `group_by` says what the buckets are broken down by,
    where that is less than was asked for. `not_kept` are the starts of buckets that the API keeps no longer: nobody
    can read them, and nothing went wrong.
    """

    buckets: tuple[Bucket, ...] = ()
    warning: str | None = None
    organization: str | None = None
    note: str | None = None
    is_another: bool = False
    missing: tuple[datetime, ...] = ()
    group_by: tuple[str, ...] | None = None
    not_kept: tuple[datetime, ...] = ()


class CachedBucket(Struct, frozen=True):
    """A bucket that was read earlier, and when. `coarse`, it is broken down by models at most."""

    bucket: Bucket
    read_at: datetime
    coarse: bool = False


class Source(Protocol):
    """Something that answers queries."""

    def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield the answer as it arrives.

        A bucket that comes again replaces the one before it.

        Raises:
            TuiError: where no more can be had; what was yielded before stays true.

        """
        ...


class ArchiveEntry(Struct, frozen=True):
    """What is kept of one series of buckets: how many, from when to when, and when the newest was read."""

    owner: str
    kind: str
    width: str
    group_by: str
    buckets: int
    first: datetime
    last: datetime
    read_at: datetime


class Refreshed(Struct, frozen=True):
    """What became of kept buckets that were asked for anew, in one query.

    `changed` are those whose numbers are others now. `kept` are those that the API gives without any rows now, and of
    which the archive keeps what it had: so old ones are not offered for ever.
    """

    query: Query
    read: tuple[datetime, ...] = ()
    changed: tuple[datetime, ...] = ()
    kept: tuple[datetime, ...] = ()
    problem: str | None = None


class BucketCache(Protocol):
    """Something that knows what was read earlier, and of which organization, where that has a name."""

    @property
    def organization(self) -> str | None:
        """Return the API's name for whose data it is."""
        ...

    def cached(self, query: Query) -> dict[datetime, CachedBucket]:
        """Return what is known of the query without asking anybody, by the start of each bucket."""
        ...


class CostSource(Protocol):
    """Something that knows what it costs."""

    async def costs(self, window: Window, by: Collection[str] = ()) -> Costs:
        """Return the costs of the days of the window that are known, and in `problem` what could not be read.

        Beside line item and project they are broken down `by` these fields; where that is refused, by none of them.

        Raises:
            TuiError: where none of them can be had.
        """
        ...


class RawPage(Struct, frozen=True):
    """A page in the API's own words: JSON on one line, or None where only the warning is left to say."""

    line: str | None
    page: Page


class RawSource(Source, Protocol):
    """A source that can also hand out what the API said, unchanged."""

    def raw_pages(self, query: Query) -> AsyncIterator[RawPage]:
        """Yield the answer as it arrives, in the API's own words."""
        ...

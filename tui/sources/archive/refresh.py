"""Reads anew what is settled and kept, since settled days can be revised later."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import unquote

from tui.domain.kinds import Kind
from tui.domain.time import DAY, PIECE_DAYS, Width, Window, last_days
from tui.domain.usage import Bucket
from tui.errors import TuiError
from tui.sources.archive.buckets import Archive
from tui.sources.archive.owners import Identity, Owner
from tui.sources.archive.rows import moment, seconds
from tui.sources.base import Query, Refreshed, Source

_SPANS = {Width.DAY: PIECE_DAYS * DAY, Width.HOUR: 7 * DAY, Width.MINUTE: DAY}
"""How much is asked for at once: what one page of the API holds."""


_KINDS, _WIDTHS = {each.value for each in Kind}, {each.value for each in Width}


async def refresh(
    archive: Archive, identity: Identity, source: Source, clock: Callable[[], datetime], window: Window | None = None
) -> AsyncIterator[Refreshed]:
    """Ask the source for all settled buckets that the archive has of this key's organization, and keep the answers.

    Where a window is given, those in it are asked for.

    Raises:
        ArchiveFailed: where the archive cannot be read or written.
        TuiError: where it cannot be found out whose key it is.
    """
    owner = archive.owner(identity)
    if owner is None:  # a new key, whose organization may be known: the first answer tells
        query = Query(last_days(clock(), 0))
        async for page in source.pages(query):
            if page.buckets:
                owner = archive.keep(identity, page.organization, query, page.buckets, clock())
    if owner is not None:
        for query in _settled(archive, owner, window, clock()):
            yield await _refreshed(archive, owner, identity, source, query, clock)
            owner = archive.owner(identity) or owner  # an answer may have told its new name


async def _refreshed(
    archive: Archive, owner: Owner, identity: Identity, source: Source, query: Query, clock: Callable[[], datetime]
) -> Refreshed:
    asked, old, found = clock(), archive.cached(owner, query), dict[datetime, Bucket]()
    problem, organization = None, owner.organization
    try:
        async for page in source.pages(query):
            if page.organization is not None:
                if archive.is_another(owner, page.organization):
                    problem = "Another organization answered."
                    break
                organization = page.organization
            problem = page.warning or problem
            found.update({bucket.start: bucket for bucket in page.buckets})
    except TuiError as error:
        problem = error.sentence
    emptied = {
        start for start, bucket in found.items() if start in old and old[start].bucket.rows and not bucket.rows
    }
    fresh = [bucket for start, bucket in found.items() if start not in emptied]
    if fresh:
        archive.keep(identity, organization, query, fresh, asked)
    changed = (each.start for each in fresh if each.start in old and not _is_same(each, old[each.start].bucket))
    return Refreshed(query, tuple(sorted(found)), tuple(sorted(changed)), tuple(sorted(emptied)), problem)


def _is_same(one: Bucket, other: Bucket) -> bool:
    return Counter(one.rows) == Counter(other.rows)


def _settled(archive: Archive, owner: Owner, within: Window | None, now: datetime) -> list[Query]:
    """Return queries for all settled buckets that are kept, the newest of each series first."""
    span = (0, seconds(now)) if within is None else (seconds(within.start), seconds(within.end))

    def work(connection: sqlite3.Connection) -> list[Query]:
        found: dict[tuple[str, str, str, str], list[datetime]] = {}
        for *series, start in connection.execute(
            "SELECT kind, width, grouping, filters, start FROM bucket JOIN series ON series.id = series"
            " JOIN owner ON owner.id = owner WHERE endpoint = ? AND name = ? AND start >= ? AND start < ?"
            " ORDER BY 1, 2, 3, 4, 5",
            (owner.endpoint, owner.name, *span),
        ):
            kind, width, grouping, filters = series
            found.setdefault((kind, width, grouping, filters), []).append(moment(start))
        return [
            Query(window, tuple(grouping.split()), Kind(kind), _pairs(filters))
            for (kind, width, grouping, filters), starts in found.items()
            if kind in _KINDS and width in _WIDTHS  # else they are of a later version
            for window in _windows([each for each in starts if Width(width).is_settled(each, now)], Width(width))
        ]

    return archive.file.read(work, [])


def _windows(starts: Iterable[datetime], width: Width) -> Iterator[Window]:
    """Yield ranges that hold the starts, each no longer than a page, the newest first."""
    end: datetime | None = None
    begin: datetime | None = None
    for start in sorted(starts, reverse=True):
        if end is not None and begin is not None and end - start > _SPANS[width]:
            yield Window(begin, end, width)
            end = None
        end = end or start + width.span
        begin = start
    if end is not None and begin is not None:
        yield Window(begin, end, width)


def _pairs(filters: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, unquote(value)) for name, _, value in (each.partition("=") for each in filters.split("&") if each)
    )

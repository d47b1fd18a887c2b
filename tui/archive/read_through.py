"""Sources in front of which the archive stands, and the archive alone as a source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tui.archive.buckets import Archive, Identity, Owner
from tui.domain.source import Kept, Page, Query, Source
from tui.domain.usage import Bucket
from tui.errors import ArchiveFailed, TuiError

T = TypeVar("T")


class ReadThrough:
    """A source that answers from the archive what is settled, asks another source for the rest, and keeps it.

    Settled is what was read when its bucket was settled already. The API names the organization; until it has, the
    newest part of the first query is asked for, and all else waits for that answer. An archive that fails costs
    nothing but its help: it says so in a page's note.
    """

    def __init__(self, source: Source, archive: Archive, identity: Identity, clock: Callable[[], datetime]) -> None:
        self._source, self._archive, self._identity, self._clock = source, archive, identity, clock
        self._owner: Owner | None = None
        self._has_met = False
        self._meeting = asyncio.Lock()
        self._said: list[str] = []

    @property
    def organization(self) -> str | None:
        """Return the API's name for whose data it is, as far as it is known."""
        return None if self._owner is None else self._owner.name

    def kept(self, query: Query) -> dict[datetime, Kept]:
        """Return what the archive has of a query, settled or not; see `domain.source.Remembering`."""
        try:
            self._owner = self._owner or self._archive.owner(self._identity)
            return {} if self._owner is None else self._archive.kept(self._owner, query)
        except ArchiveFailed as error:
            self._said.append(error.sentence)
            return {}

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield what is settled from the archive, then the rest as it arrives."""
        if not query.keep:
            async for page in self._source.pages(query):
                yield self._noted(page)
            return
        first, asked = await self._acquainted(query)
        for page in first:
            yield self._noted(page)
        owner = self._owner
        nothing: dict[datetime, Kept] = {}
        kept = nothing if owner is None else await self._on_disk(lambda: self._archive.kept(owner, query), nothing)
        settled = {start: each for start, each in kept.items() if start not in asked and _is_final(query, each)}
        if settled or self._said or self._archive.file.said:
            name = None if owner is None else owner.name
            yield self._noted(Page(tuple(each.bucket for each in settled.values()), organization=name))
        missing = [start for start in query.window.starts() if start not in asked and start not in settled]
        for window in query.window.stretches(missing):
            async for page in self._asked(replace(query, window=window), kept):
                yield self._noted(page)

    async def _acquainted(self, query: Query) -> tuple[list[Page], frozenset[datetime]]:
        """Find out whose key it is: from the archive, or from the answer to the newest part of the query.

        Return that answer, and the buckets that were asked for.
        """
        async with self._meeting:
            if self._owner is None:
                self._owner = await self._on_disk(lambda: self._archive.owner(self._identity), None)
            if self._owner is not None:
                return [], frozenset()
            now, window = self._clock(), query.window
            fresh = [start for start in window.starts() if not window.width.is_settled(start, now)]
            newest = next(window.stretches(fresh or [window.end - window.width.span]))
            pages = [page async for page in self._asked(replace(query, window=newest), {})]
            return pages, frozenset(newest.starts())

    async def _asked(self, query: Query, kept: dict[datetime, Kept]) -> AsyncIterator[Page]:
        """Ask, and keep what comes. What the API does not give any more comes from the archive."""
        try:
            async for page in self._source.pages(query):
                now = self._clock()
                buckets = tuple(_remembered(query, each, kept, now) for each in page.buckets)
                await self._keep(query, buckets, page.organization, now)
                yield replace(page, buckets=buckets)
        except TuiError:
            old = [each for start, each in kept.items() if start in query.window]
            now, width = self._clock(), query.window.width
            yield Page(tuple(each.bucket for each in old if width.is_settled(each.bucket.start, now)))
            raise

    async def _keep(self, query: Query, buckets: tuple[Bucket, ...], organization: str | None, now: datetime) -> None:
        def work() -> Owner:
            owner = self._owner
            if owner is None or not self._has_met or (organization is not None and owner.name != organization):
                owner = self._archive.meet(self._identity, organization, now)
                self._has_met = True
            self._archive.keep(owner, query, buckets, now)
            return owner

        buckets = tuple(bucket for bucket in buckets if bucket.start <= now)  # a wrong clock asks for tomorrow
        if buckets:
            self._owner = await self._on_disk(work, self._owner)

    async def _on_disk(self, work: Callable[[], T], otherwise: T) -> T:
        """Do work that waits for the disk, apart from what draws the screen."""
        try:
            return await asyncio.to_thread(work)
        except ArchiveFailed as error:
            self._said.append(error.sentence)
            return otherwise

    def _noted(self, page: Page) -> Page:
        """Return the page with what is to be said of the archive."""
        said = dict.fromkeys([*self._archive.file.said, *self._said])
        self._archive.file.said.clear()
        self._said.clear()
        return replace(page, note=" ".join(said)) if said else page


class Offline:
    """The archive alone, as a source: what it holds of one organization, and nothing is asked."""

    def __init__(self, archive: Archive, owner: Owner) -> None:
        self._archive, self._owner = archive, owner

    @property
    def organization(self) -> str | None:
        """Return the API's name for whose data it is."""
        return self._owner.name

    def kept(self, query: Query) -> dict[datetime, Kept]:
        """Return what the archive has of a query; see `domain.source.Remembering`."""
        return self._archive.kept(self._owner, query)

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield what the archive has."""
        kept = await asyncio.to_thread(self.kept, query)
        yield Page(tuple(each.bucket for each in kept.values()), organization=self._owner.name)


def _is_final(query: Query, kept: Kept) -> bool:
    return query.window.width.is_settled(kept.bucket.start, kept.read_at)


def _remembered(query: Query, bucket: Bucket, kept: dict[datetime, Kept], now: datetime) -> Bucket:
    """Return the bucket, or the one of old where the API has no rows any more for so old a one."""
    old = kept.get(bucket.start)
    if bucket.rows or old is None or not query.window.width.is_settled(bucket.start, now):
        return bucket
    return old.bucket

"""The archive in front of a source: what is settled is not asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tui.domain.usage import Bucket
from tui.errors import ArchiveFailed, RequestRefused, TuiError
from tui.sources.archive.buckets import NONSENSE, Archive
from tui.sources.archive.owners import Identity, Owner
from tui.sources.base import CachedBucket, Page, Query, Source

T = TypeVar("T")

_NOT_KEPT = "What is read now is shown and not kept."


class ReadThrough:
    """A source that answers from the archive what is settled, asks another source for the rest, and keeps it.

    Settled is what was read, and as a whole, when its bucket was settled already. The API names the organization;
    until it has, the newest part of the first query is asked for, and all else waits for that answer. An archive that
    fails costs nothing but its help: it says so in a page's note.
    """

    def __init__(self, source: Source, archive: Archive, identity: Identity, clock: Callable[[], datetime]) -> None:
        self._source, self._archive, self._identity, self._clock = source, archive, identity, clock
        self._owner: Owner | None = None
        self._first: asyncio.Future[TuiError | None] | None = None
        self._is_introduced = False
        self._said: list[str] = []
        self._complaints: set[str] = set()

    @property
    def organization(self) -> str | None:
        """Return the API's name for whose data it is, as far as it is known."""
        return None if self._owner is None else self._owner.organization

    def cached(self, query: Query) -> dict[datetime, CachedBucket]:
        """Return what the archive has of a query, settled or not; see `sources.base.BucketCache`."""
        return self._looked_up(query, self._archive.newest)

    def _looked_up(
        self, query: Query, look_up: Callable[[Owner, Query], dict[datetime, CachedBucket]]
    ) -> dict[datetime, CachedBucket]:
        try:
            self._owner = self._owner or self._archive.owner(self._identity)
            return {} if self._owner is None else look_up(self._owner, query)
        except ArchiveFailed as error:
            self._complain(error)
            return {}

    async def _kept(self, query: Query) -> dict[datetime, CachedBucket]:
        """Return what the archive has that answers the query as a whole."""
        return await asyncio.to_thread(self._looked_up, query, self._archive.cached)

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield what is settled from the archive, then the rest as it arrives."""
        if not query.keep:
            async for page in self._source.pages(query):
                yield page
            return
        kept = await self._kept(query)
        while self._owner is None and not self._is_introduced:
            first = self._first
            if first is None:
                async for page in self._introduced(query):
                    yield page
                return
            await asyncio.wait([first])  # to await it would cancel it for all, when this one is cancelled
            if not first.cancelled() and (error := first.result()) is not None:
                raise error
            kept = await self._kept(query)
        async for page in self._rest(query, kept):
            yield page

    async def _introduced(self, query: Query) -> AsyncIterator[Page]:
        """Ask for the newest part of the query, which tells whose key it is, then go on with the rest.

        Those who wait for the answer share it, also where it is an error; if this one is cancelled, another asks.
        """
        first: asyncio.Future[TuiError | None] = asyncio.get_running_loop().create_future()
        self._first = first
        width, now = query.window.width, self._clock()
        fresh = [start for start in query.window.starts() if not width.is_settled(start, now)]
        newest = replace(query.window, start=min(fresh, default=query.window.end - width.span))
        try:
            pages = [page async for page in self._asked(replace(query, window=newest), {})]
            self._is_introduced = True
        except RequestRefused:
            self._is_introduced = True  # the refusal is of this query; others may be answered
            raise
        except TuiError as error:
            first.set_result(error)
            raise
        finally:
            self._first = None
            if self._is_introduced:
                first.set_result(None)
            first.cancel()  # unless it has a result
        for page in pages:
            yield page
        if newest.start > query.window.start:
            older = replace(query, window=replace(query.window, end=newest.start, running=False))
            async for page in self._rest(older, await self._kept(older)):
                yield page

    async def _rest(self, query: Query, kept: dict[datetime, CachedBucket]) -> AsyncIterator[Page]:
        """Yield what is settled from the archive, and ask for what is not, from the first such bucket to the last."""
        owner, now = self._owner, self._clock()
        settled = {start: each for start, each in kept.items() if _is_final(query, each, now)}
        rest = query.window.without(settled)
        old = Page(
            tuple(each.bucket for each in settled.values()), organization=owner.organization if owner else None
        )
        if rest is None:
            yield self._noted(old)
            return
        is_told = False
        try:
            async with aclosing(self._asked(replace(query, window=rest), kept)) as pages:
                async for page in pages:
                    if owner is not None and page.organization is not None and page.is_another:
                        another = self._owner = replace(owner, name=page.organization)
                        break
                    if not is_told and old.buckets:
                        yield self._noted(_without(old, page))
                    is_told = True
                    yield page
                else:
                    return
            # Another organization answers than the one whose buckets these are: none of them counts.
            yield Page(organization=another.organization, is_another=True)
            async for page in self._asked(query, {}):
                yield page
        except TuiError:
            if not is_told and old.buckets:
                yield self._noted(old)
            raise

    async def _asked(self, query: Query, kept: dict[datetime, CachedBucket]) -> AsyncGenerator[Page, None]:
        """Ask, and keep what comes. What the API does not give, or not any more, comes from the archive."""
        arrived: set[datetime] = set()
        asked_at = now = self._clock()
        try:
            async for page in self._source.pages(query):
                now = self._clock()
                is_another = await self._is_another(page.organization)
                known = {} if is_another else kept
                buckets = tuple(_remembered(query, each, known, now) for each in _dated(page, min(asked_at, now)))
                arrived |= {bucket.start for bucket in buckets}
                note = page.note or _last_of(query, buckets, now)
                told = replace(page, buckets=buckets, is_another=is_another, note=note)
                yield self._noted(_with_old(query, _completed(told, query, known, now), known))
                await self._keep(query, buckets, page.organization, now)
            said = self._noted(Page())
            if said.note is not None:  # the last page could not be kept
                yield said
        except TuiError:
            width = query.window.width
            old = [kept[start].bucket for start in query.window.starts() if start in kept and start not in arrived]
            yield self._noted(Page(tuple(bucket for bucket in old if width.is_settled(bucket.start, now))))
            raise

    async def _is_another(self, organization: str | None) -> bool:
        """Return whether it is not the organization whose buckets are known, and not that one by another name."""
        owner = self._owner
        if owner is None or organization in {None, owner.organization}:
            return False
        try:
            return await asyncio.to_thread(self._archive.is_another, owner, organization)
        except ArchiveFailed:
            return False  # writing says so

    async def _keep(self, query: Query, buckets: tuple[Bucket, ...], organization: str | None, now: datetime) -> None:
        begun = [bucket for bucket in buckets if bucket.start <= now]  # a wrong clock asks for tomorrow
        if not begun:
            return
        try:
            self._owner = await asyncio.to_thread(self._archive.keep, self._identity, organization, query, begun, now)
            self._complaints.clear()
        except ArchiveFailed as error:
            self._complain(error)

    def _complain(self, error: ArchiveFailed) -> None:
        """Say what is wrong with the archive: once, until it has been written again."""
        if error.sentence not in self._complaints:
            self._complaints.add(error.sentence)
            self._said.append(f"{error.sentence} {_NOT_KEPT}")

    def _noted(self, page: Page) -> Page:
        """Return the page with what is to be said of the archive."""
        said, self._said = self._said, []
        words = dict.fromkeys([*self._archive.file.take_notices(), *said])
        return replace(page, note=" ".join(words)) if words else page


def _is_final(query: Query, kept: CachedBucket, now: datetime) -> bool:
    """Return whether what is kept need not be asked for again; of an incomplete bucket, more may be had."""
    if kept.bucket.left_out:
        return False
    return query.window.width.is_settled(kept.bucket.start, kept.read_at) and kept.read_at <= now + NONSENSE


def _without(old: Page, page: Page) -> Page:
    """Return the old page without what has just arrived: later words win."""
    arrived = {bucket.start for bucket in page.buckets}
    return replace(old, buckets=tuple(bucket for bucket in old.buckets if bucket.start not in arrived))


def _dated(page: Page, asked_at: datetime) -> Iterator[Bucket]:
    """Yield the buckets of a page with the time at which they were asked for, where the source does not tell it."""
    for bucket in page.buckets:
        yield bucket if bucket.read_at is not None else replace(bucket, read_at=asked_at)


def _completed(page: Page, query: Query, kept: dict[datetime, CachedBucket], now: datetime) -> Page:
    """Return the page with what is known of buckets that the answer left out.

    It stays missing, since it may have grown; but for what was settled when it was read.
    """
    known = [kept[start] for start in page.missing if start in kept]
    if not known:
        return page
    final = {each.bucket.start for each in known if _is_final(query, each, now)}
    missing = tuple(start for start in page.missing if start not in final)
    page = replace(page, buckets=(*page.buckets, *(each.bucket for each in known)), missing=missing)
    return page if missing else replace(page, warning=None, note=page.note or page.warning)


def _with_old(query: Query, page: Page, kept: dict[datetime, CachedBucket]) -> Page:
    """Return the page with the buckets from the archive that the API keeps no longer."""
    known = [kept[start] for start in page.not_kept if start in kept]
    if not known:
        return page
    width = query.window.width
    grew = [each.bucket for each in known if not width.is_settled(each.bucket.start, each.read_at)]
    note = _still_grew(grew, "not kept by the API any more")
    return replace(
        page,
        buckets=page.buckets + tuple(each.bucket for each in known),
        not_kept=tuple(start for start in page.not_kept if start not in kept),
        note=note or page.note,
    )


def _last_of(query: Query, buckets: Iterable[Bucket], now: datetime) -> str | None:
    """Return what is to be said of buckets that the API has no rows of any more, and that were read too early."""
    width = query.window.width
    grew = [
        bucket
        for bucket in buckets
        if bucket.read_at is not None
        and width.is_settled(bucket.start, now)
        and not width.is_settled(bucket.start, bucket.read_at)
    ]
    return _still_grew(grew, "without usage for the API now")


def _still_grew(buckets: Sequence[Bucket], what: str) -> str | None:
    if not buckets:
        return None
    more = f" and {len(buckets) - 1} more" if buckets[1:] else ""
    return f"Last read while it still grew, and {what}: {buckets[0].start:%F %R} UTC{more}."


def _remembered(query: Query, bucket: Bucket, kept: dict[datetime, CachedBucket], now: datetime) -> Bucket:
    """Return the bucket, or the one of old where the API has no rows any more for so old a one, or spoils some."""
    old = kept.get(bucket.start)
    if old is None:
        return bucket
    if bucket.left_out:
        return old.bucket if _is_final(query, old, now) else old.bucket.updated(bucket)
    if not query.window.width.is_settled(bucket.start, now):
        return bucket
    return bucket if bucket.rows or not old.bucket.rows else old.bucket

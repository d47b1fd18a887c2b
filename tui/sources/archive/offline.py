"""The archive alone, as a source of what was read before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from tui.sources.archive.buckets import Archive
from tui.sources.archive.owners import Owner
from tui.sources.base import BY_MODEL, CachedBucket, Page, Query


class Offline:
    """The archive alone, as a source: what it holds of one organization, and nothing is asked."""

    def __init__(self, archive: Archive, owner: Owner) -> None:
        self._archive, self._owner = archive, owner

    @property
    def organization(self) -> str | None:
        """Return the API's name for whose data it is."""
        return self._owner.organization

    def cached(self, query: Query) -> dict[datetime, CachedBucket]:
        """Return what the archive has of a query; see `sources.base.BucketCache`."""
        return self._archive.newest(self._owner, query)

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield what the archive has, and say when that was read."""
        kept = await asyncio.to_thread(self.cached, query)
        changing = [
            each.read_at
            for each in kept.values()
            if not query.window.width.is_settled(each.bucket.start, each.read_at)
        ]
        note = None
        if changing:
            note = f"Offline: the newest numbers are as of {max(changing):%Y-%m-%d %H:%M} UTC."
        whole = tuple(each.bucket for each in kept.values() if not each.coarse)
        coarse = tuple(each.bucket for each in kept.values() if each.coarse)
        yield Page(whole, organization=self.organization, note=note)
        known = tuple(name for name in query.group_by if name in BY_MODEL)
        if coarse:
            yield Page(coarse, organization=self.organization, group_by=known)
        if set(known) == set(BY_MODEL) != set(query.group_by):  # a newer reading tells less, and enough for the pools
            newest = await asyncio.to_thread(self._archive.cached, self._owner, replace(query, group_by=known))
            newer = (each.bucket for start, each in newest.items() if each.read_at > kept[start].read_at)
            yield Page(tuple(newer), organization=self.organization, group_by=known)

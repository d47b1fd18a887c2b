"""A client that is made when it is first asked: what it is made of is slow to load, and the screen comes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.admin_settings import Answer, Question
from tui.domain.costs import Costs
from tui.domain.directory import Directory
from tui.domain.time import Window
from tui.sources.base import Page, Query

if TYPE_CHECKING:
    from tui.sources.openai.client import Client


class LazyClient:
    """Answers as the client that `make` returns: its usage, its names as of `clock`, its costs."""

    def __init__(self, make: Callable[[], Client], clock: Callable[[], datetime]) -> None:
        self._make, self._clock = make, clock
        self._made: asyncio.Task[Client] | None = None

    async def _client(self) -> Client:
        """Return the one client that all share; where it could not be made, the next who asks tries again."""
        if self._made is None or _has_failed(self._made):
            self._made = asyncio.create_task(asyncio.to_thread(self._make))
        made = self._made
        await asyncio.wait([made])  # to await it would cancel it for all, when this one is cancelled
        return made.result()

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield the answer as it arrives; see `sources.base.Source`."""
        client = await self._client()
        async for page in client.pages(query):
            yield page

    async def directory(self, dimensions: Collection[str]) -> Directory:
        """Return what ids are called; see `domain.directory.DirectorySource`."""
        from tui.sources.openai.names import DirectoryClient

        return await DirectoryClient(await self._client(), self._clock).directory(dimensions)

    async def costs(self, window: Window, by: Collection[str] = ()) -> Costs:
        """Return what each day cost; see `sources.base.CostSource`."""
        client = await self._client()
        from tui.sources.openai.costs import CostClient

        return await CostClient(client).costs(window, by)

    async def setting(self, question: Question) -> Answer:
        """Return what a limit or a setting is; see `domain.admin_settings.AdminSettingsSource`."""
        client = await self._client()
        from tui.sources.openai.admin_settings import AdminSettingsClient

        return await AdminSettingsClient(client, self._clock).setting(question)

    async def kept(self, _: Question) -> Answer | None:
        """Return nothing: the API is asked, or not."""
        return None

    async def aclose(self) -> None:
        """Close the connections, if there are any: where no client could be made, that has been told."""
        if self._made is not None:
            await asyncio.wait([self._made])
            if not _has_failed(self._made):
                await self._made.result().aclose()


def _has_failed(made: asyncio.Task[Client]) -> bool:
    return made.done() and (made.cancelled() or made.exception() is not None)

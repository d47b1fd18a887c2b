"""Asks OpenAI's admin API for usage, page by page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from typing import Self

import httpx

from tui.domain import formatting
from tui.domain.kinds import Kind
from tui.domain.time import Width, Window
from tui.errors import Unreadable
from tui.sources.base import Page, Query, RawPage
from tui.sources.openai import archived_projects, wire
from tui.sources.openai import errors as failures
from tui.sources.openai.api import Api, PageTooLarge, Params, TooMuch
from tui.sources.openai.lookback import Depth
from tui.sources.openai.merge import PageMerger
from tui.sources.openai.pages import Chain, ChainBroken

LIMITS = {Width.DAY: 31, Width.HOUR: 168, Width.MINUTE: 1440}
"""The API's maximum of buckets on a page (OpenAPI document of 2026-08-21); its default of 7 days cuts today off."""

_MOST_LOST = 3
"""Unreadable pages of one answer, after which no more are asked for."""

_MOST_PAGES = 30
"""Pages of one answer beyond one a bucket, after which no more are asked for."""

_DECODE_APART = 128 * 2**10
_LONGEST_NAME = 200


class Client:
    """A source of buckets: the usage of one organization. Close it at the end, or use it as `async with`.

    A query is one chain of pages; windows of more days than a page holds are better asked in `Window.pieces`.
    `asked` is called with each question, and returns what tells when that was, once the answer is there: by then the
    clock may have been put right.
    """

    def __init__(self, api: Api, *, asked: Callable[[], Callable[[], datetime]] | None = None) -> None:
        self.api = api
        self._asked = asked
        self._decoding = asyncio.Lock()
        self._limits: dict[tuple[object, ...], int] = {}
        self._refused_filters: set[tuple[tuple[str, str], ...]] = set()
        self._depths: dict[tuple[object, ...], Depth] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.api.aclose()

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield the buckets of `query` as they arrive; see `sources.base.Source`."""
        async for page in archived_projects.pages(query, self._usage, self._refused_filters):
            yield page

    async def _usage(self, query: Query) -> AsyncIterator[Page]:
        async for _, page in self._read(query):
            yield page

    async def raw_pages(self, query: Query) -> AsyncIterator[RawPage]:
        """Yield the API's own JSON; see `sources.base.RawSource`."""
        async for body, page in self._read(query):
            yield RawPage(None if body is None else wire.one_line(body), page)

    def _read(self, query: Query) -> AsyncIterator[tuple[bytes | None, Page]]:
        """Read what is kept of the window, and say what is not. The limit is met once, and remembered."""
        depth = self._depths.setdefault((query.kind, query.window.width), Depth())
        return depth.pages(query.window, lambda window: self._answered(replace(query, window=window)))

    async def _answered(self, query: Query) -> AsyncGenerator[tuple[bytes | None, Page], None]:
        """Follow one chain of pages, and begin a new one where a page is too large, or behind one that is unreadable.

        The same parameters go with each page of a chain, so a smaller limit needs a chain of its own, from the
        first bucket that has not come yet. Where all buckets turn out to be small, the next answer may have more.
        """
        merger = PageMerger(query.window)
        window: Window | None = query.window
        size = (query.kind, query.window.width, query.group_by, query.filters)
        most, widest, lost = LIMITS[query.window.width], 1, 0
        while window is not None:
            limit = self._limits.get(size, most)
            try:
                async for body, page in self._chain(replace(query, window=window), merger, limit):
                    widest = max(widest, len(body or b"") // max(1, len(page.buckets)))
                    yield body, page
            except PageTooLarge as large:
                self._limits[size] = max(1, min(large.buckets, limit - 1))
                window = merger.rest()
            except TooMuch:
                raise  # no other page would be the API's either
            except Unreadable as error:
                lost += 1
                merger.lose(error.sentence)
                beyond = None if lost > _MOST_LOST else merger.beyond(window, limit)
                if beyond is None and merger.is_empty:
                    raise
                if beyond is None:
                    yield None, Page(warning=_complaint((), merger, query))
                window = beyond
            else:
                self._limits[size] = min(most, max(limit, self.api.large_page // (2 * widest)))
                return

    async def _chain(self, query: Query, merger: PageMerger, limit: int) -> AsyncIterator[tuple[bytes | None, Page]]:
        chain = Chain(sum(1 for _ in query.window.starts()) + _MOST_PAGES)
        asked: Callable[[], datetime] | None = None

        async def get(cursor: str | None) -> tuple[bytes, httpx.Response]:
            nonlocal asked
            asked = None if self._asked is None else self._asked()
            path = f"usage/{query.kind.value}"
            return await self.api.get(path, _params(query, limit, cursor), can_shrink=limit > 1)

        try:
            async for body, response, answer in chain.pages(get, lambda body: self._decoded(body, query.kind)):
                buckets = merger.take(answer, None if asked is None else asked())
                chain.is_new = bool(buckets)
                organization = _organization(response)
                if answer.has_more:
                    yield body, Page(buckets, organization=organization)
                    continue
                if merger.is_empty and answer.unreadable:
                    raise failures.unreadable(response, body, answer.problem)
                missing = merger.missing()
                yield body, Page(buckets, _complaint(missing, merger, query), organization, missing=missing)
        except ChainBroken as broken:
            yield None, Page(warning=broken.sentence, missing=merger.missing())

    async def _decoded(self, body: bytes, kind: Kind) -> wire.WirePage:
        """Return the page in the bytes; large ones are decoded apart and one at a time: each holds up the screen."""
        if len(body) < _DECODE_APART:
            return wire.decode(body, kind)
        async with self._decoding:
            return await asyncio.to_thread(wire.decode, body, kind)


def _complaint(missing: tuple[datetime, ...], merger: PageMerger, query: Query) -> str | None:
    """Return what is wrong with an answer that is at its end; the API names every bucket, also one without usage."""
    if merger.unreadable:
        parts = formatting.count(merger.unreadable, "part")
        return f"{parts} of the API's answer could not be read: {merger.problem}"
    if merger.is_empty:
        return "The API answered without a single bucket."
    return formatting.left_out(missing, query.window.width) if missing else None


def _organization(response: httpx.Response) -> str | None:
    name = response.headers.get("openai-organization")
    return failures.quoted(name, response, _LONGEST_NAME) if name else None


def _params(query: Query, limit: int, cursor: str | None) -> Params:
    """Return the query string's fields. Arrays are repeated, which the document and live use agree on.

    A window that reaches the present has no end: an end in the future has been refused.
    """
    window = query.window
    params: Params = [("start_time", int(window.start.timestamp()))]
    if not window.running:
        params.append(("end_time", int(window.end.timestamp())))
    params.append(("bucket_width", window.width.value))
    params.extend(("group_by", field) for field in query.group_by)
    params.extend(query.filters)
    params.append(("limit", limit))
    if cursor is not None:
        params.append(("page", cursor))
    return params

"""Ask a source for all of a query: long windows in pieces, a few side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from tui.domain.source import Page, Query, Source
from tui.domain.window import Window
from tui.errors import KeyRefused, RateLimited, ScopeMissing, TimedOut, TlsFailed, Unreachable

_HOPELESS = (KeyRefused, ScopeMissing, RateLimited, TimedOut, TlsFailed, Unreachable)
"""Errors that the next request would meet as well."""

AT_ONCE = 4
"""How many pieces are asked for side by side; the API's rate limits are not documented."""


async def read(source: Source, query: Query, arrived: Callable[[Page], None]) -> None:
    """Ask for the query in pieces, newest first, a few at once, and hand over each page as it comes.

    A piece that fails costs its own days only. Where no request can succeed, no further piece is begun.

    Raises:
        TuiError: that of the newest piece that failed, after all others have been read.
    """
    places = asyncio.Semaphore(AT_ONCE)
    hopeless = False

    async def piece(window: Window) -> None:
        nonlocal hopeless
        async with places:
            if hopeless:
                return
            try:
                async for page in source.pages(replace(query, window=window)):
                    arrived(page)
            except _HOPELESS:
                hopeless = True
                raise

    await side_by_side(*(piece(window) for window in query.window.pieces()))


async def side_by_side(*work: Coroutine[Any, Any, None]) -> None:
    """Run all to their ends, then raise the first error, in the order of the work, if there was one."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result

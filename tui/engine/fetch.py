"""Ask a source for all of a query: long windows in pieces, a few side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from tui.domain.time import Window
from tui.errors import HOPELESS, TimedOut, TuiError, Unreachable
from tui.sources.base import Page, Query, Source

_SILENCE = (TimedOut, Unreachable)
"""Errors that can be about one piece alone, which takes too long to be made, or about all."""

AT_ONCE = 4
"""How many pieces are asked for side by side; the API's rate limits are not documented."""


async def read(source: Source, query: Query, arrived: Callable[[Page], None]) -> None:
    """Ask for the query in pieces, newest first, a few at once, and hand over each page as it comes.

    The oldest piece is the second: whether the API goes back so far is best known before the rest is asked for. A
    piece that fails costs its own days only. Where no request can succeed, no further piece is begun.

    Raises:
        TuiError: that of the newest piece, or else of another that failed, after all others have been read.
    """
    places = asyncio.Semaphore(AT_ONCE)
    chances = Failures()

    async def piece(window: Window) -> None:
        async with places:
            if chances.are_gone:
                return
            try:
                async for page in source.pages(replace(query, window=window)):
                    arrived(page)
            except TuiError as error:
                chances.failed(error)
                raise
            chances.answered()

    newest, *older = query.window.pieces()
    await gather_all(*(piece(window) for window in (newest, *older[-1:], *older[:-1])))


class Failures:
    """Whether further pieces of a window can be had, from what became of others."""

    def __init__(self) -> None:
        self.are_gone = False
        self._silences_left = 0

    def answered(self) -> None:
        """Take note of a piece that was read: as many in a row as are asked for at once may now go unanswered."""
        self._silences_left = AT_ONCE

    def failed(self, error: TuiError) -> None:
        """Take note of a piece that was not."""
        if isinstance(error, _SILENCE):
            self._silences_left -= 1
            self.are_gone = self.are_gone or self._silences_left < 0
        elif isinstance(error, HOPELESS):
            self.are_gone = True


async def gather_all(*work: Coroutine[Any, Any, None]) -> None:
    """Run all to their ends, then raise the first error, in the order of the work, if there was one."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result

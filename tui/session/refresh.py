"""Fetch what is missing: the view and the pools side by side, long windows in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from tui.domain.source import BY_PROJECT, Page, Query, Source
from tui.domain.window import Window, last_days
from tui.errors import TuiError
from tui.session.state import Arrived, Cancelled, Event, Failed, Finished, PoolsArrived, Started

AT_ONCE = 4
"""How many pieces are asked for side by side; the API's rate limits are not documented."""


async def refresh(
    source: Source, window: Window, clock: Callable[[], datetime], emit: Callable[[Event], None]
) -> None:
    """Read the window and today's pools, and tell of it in events; errors are events too."""
    now = clock()
    emit(Started(window, now))
    pools = Query(last_days(now, 0), BY_PROJECT)
    try:
        await _side_by_side(
            read(source, pools, lambda page: emit(PoolsArrived(page))),
            read(source, Query(window), lambda page: emit(Arrived(page))),
        )
    except TuiError as error:
        emit(Failed(error, clock()))
    except asyncio.CancelledError:
        emit(Cancelled())
        raise
    else:
        emit(Finished(clock()))


async def read(source: Source, query: Query, arrived: Callable[[Page], None]) -> None:
    """Ask for the query in pieces, newest first, a few at once, and hand over each page as it comes.

    Raises:
        TuiError: the first that a piece met; the pages that came before were handed over.

    """
    places = asyncio.Semaphore(AT_ONCE)

    async def piece(window: Window) -> None:
        async with places:
            async for page in source.pages(replace(query, window=window)):
                arrived(page)

    await _side_by_side(*(piece(window) for window in query.window.pieces()))


async def _side_by_side(*work: Coroutine[Any, Any, None]) -> None:
    """Run all; where one fails, end the others and raise its error alone, not in a group."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for each in work:
                tasks.create_task(each)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None

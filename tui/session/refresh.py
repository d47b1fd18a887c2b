"""One refresh: the view and the pools side by side, told of in events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.reading import Evidence
from tui.domain.source import Query, Source
from tui.domain.window import Window
from tui.errors import TuiError
from tui.session.fetch import read, side_by_side
from tui.session.pool_reading import read_pools
from tui.session.state import Arrived, Cancelled, Event, Failed, Finished, PoolsRead, Started


async def refresh(
    source: Source,
    catalogue: Catalogue,
    window: Window,
    clock: Callable[[], datetime],
    emit: Callable[[Event], None],
    known: Evidence | None = None,
) -> None:
    """Read the window and today's pools, and tell of it in events; errors are events too.

    `known` is what an earlier refresh learned of the pools.
    """
    now = clock()
    emit(Started(window, now))

    async def pools() -> None:
        emit(PoolsRead(await read_pools(source, catalogue, now, known=known)))

    try:
        await side_by_side(pools(), read(source, Query(window), lambda page: emit(Arrived(page))))
    except TuiError as error:
        emit(Failed(error, clock()))
    except asyncio.CancelledError:
        emit(Cancelled())
        raise
    else:
        emit(Finished(clock()))

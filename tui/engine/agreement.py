"""Compares what the archive has with what costs tell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from tui.domain.agreement import Disagreement, disagreements
from tui.domain.catalogue import Catalogue
from tui.domain.costs import RESTATED_DAYS, Costs
from tui.domain.time import DAY, Window, midnight
from tui.engine.engine import Engine
from tui.sources.base import BY_MODEL, BucketCache, Query

COMPARED_DAYS = 31
"""So many days are compared where no day is named: a page of usage, and of costs."""


async def read(engine: Engine, day: datetime | None) -> tuple[Disagreement, ...]:
    """Return where the archive and costs disagree on a day, or (None) on any of the last month.

    Only costs are asked for, and only where the archive has such a day. Without them there is nothing to compare.
    """
    session, now = engine.session, engine.session.clock()
    if session.cost_source is None:
        return ()
    last = midnight(now) - RESTATED_DAYS * DAY
    window = Window(last - COMPARED_DAYS * DAY, last) if day is None else Window(day, day + DAY)
    return await compared(session.memory, engine.read_costs_if_any, session.catalogue, now, window)


async def compared(
    memory: BucketCache | None,
    costs: Callable[[Window], Awaitable[Costs]],
    catalogue: Catalogue,
    now: datetime,
    window: Window,
) -> tuple[Disagreement, ...]:
    """Return where the archive and these costs disagree in a window of days that do not change any more."""
    if memory is None or window.end + RESTATED_DAYS * DAY > now:
        return ()
    cached = await asyncio.to_thread(memory.cached, Query(window, BY_MODEL))
    days = {start: each.bucket for start, each in cached.items()}
    return tuple(disagreements(days, await costs(window), catalogue, now)) if days else ()

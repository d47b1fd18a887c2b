"""What the archive knows, before anybody was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tui.domain.time import DAY, Width, Window, midnight
from tui.engine import plan
from tui.engine.events import BucketsRecalled, CacheLoaded
from tui.sources.base import BY_MODEL, BucketCache, Query

AT_FIRST = 31
"""Days that are looked up before all others: more than a screen holds."""

AT_ONCE = 125
"""Days that are looked up together: each time, all that rests on them is drawn again."""


def load_cached(memory: BucketCache, query: Query, now: datetime) -> CacheLoaded:
    """Return what is known of a view, and, with its days, what today's pools rest on.

    Of very many days that is the newest ones; the others are `left`.
    """
    if query.window.width is not Width.DAY:
        return CacheLoaded(query, {query: memory.cached(query)}, now, memory.organization)
    kept = {query: memory.cached(replace(query, window=next(query.window.pieces(AT_FIRST))))}
    today = midnight(now)
    for window in (plan.history_window(now), Window(today, today + DAY, running=True)):
        other = Query(window, BY_MODEL)
        kept[other] = memory.cached(other)
    return CacheLoaded(query, kept, now, memory.organization)


def left(query: Query) -> Query | None:
    """Return the question that `load_cached` leaves open, if it leaves one."""
    _, *others = query.window.pieces(AT_FIRST)
    if query.window.width is not Width.DAY or not others:
        return None
    return replace(query, window=replace(query.window, end=others[0].end, running=False))


def recalled(memory: BucketCache, query: Query, now: datetime) -> BucketsRecalled:
    """Return what is known of a question beside the view, with its sums: to make them would keep keys waiting."""
    kept = memory.cached(query)
    for each in kept.values():
        _ = each.bucket.sums
    return BucketsRecalled(query, kept, now)

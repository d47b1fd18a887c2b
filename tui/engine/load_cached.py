"""What the archive knows, before anybody was asked."""

from __future__ import annotations

from datetime import datetime

from tui.domain.time import DAY, Width, Window, midnight
from tui.engine import plan
from tui.engine.events import BucketsRecalled, CacheLoaded
from tui.sources.base import BY_MODEL, BucketCache, Query


def load_cached(memory: BucketCache, query: Query, now: datetime) -> CacheLoaded:
    """Return what is known of a view, and, with its days, what today's pools rest on."""
    kept = {query: memory.cached(query)}
    if query.window.width is Width.DAY:
        today = midnight(now)
        for window in (plan.history_window(now), Window(today, today + DAY, running=True)):
            other = Query(window, BY_MODEL)
            kept[other] = memory.cached(other)
    return CacheLoaded(query, kept, now, memory.organization)


def recalled(memory: BucketCache, query: Query, now: datetime) -> BucketsRecalled:
    """Return what is known of a question beside the view, with its sums: to make them would keep keys waiting."""
    kept = memory.cached(query)
    for each in kept.values():
        _ = each.bucket.sums
    return BucketsRecalled(query, kept, now)

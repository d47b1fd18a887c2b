"""What the archive knows, before anybody was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.reading import Evidence, readings
from tui.domain.source import BY_MODEL, Kept, Query, Remembering
from tui.domain.window import DAY, Width, Window, midnight
from tui.session.events import Recalled
from tui.session.pool_reading import HISTORY_DAYS, tells_pools


def recall(memory: Remembering, query: Query, now: datetime, catalogue: Catalogue) -> Recalled:
    """Return what is known of a view, and, with its days, of today's pools."""
    kept = memory.kept(query)
    evidence = _evidence(memory, query, kept, now) if query.window.width is Width.DAY else None
    pools = () if evidence is None else readings(evidence, catalogue, now)
    return Recalled(query.window, kept, evidence, pools, memory.organization)


def _evidence(memory: Remembering, query: Query, kept: Mapping[datetime, Kept], now: datetime) -> Evidence | None:
    """Return what is known of today's pools, from the same reading as the view's, if that tells enough."""
    today = midnight(now)
    own = kept.get(today)
    if own is None or own.coarse or not tells_pools(query):
        own = memory.kept(Query(Window(today, today + DAY, running=True), BY_MODEL)).get(today)
    if own is None:
        return None
    before = memory.kept(Query(Window(today - (HISTORY_DAYS - 1) * DAY, today), BY_MODEL))
    history = tuple(kept.bucket for kept in before.values())
    return Evidence(own.bucket, history=history, history_complete=False)

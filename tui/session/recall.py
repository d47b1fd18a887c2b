"""What the archive knows, before anybody was asked."""

from __future__ import annotations

from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.reading import Evidence, readings
from tui.domain.source import BY_MODEL, BY_PROJECT, Query, Remembering
from tui.domain.window import DAY, Width, Window, midnight
from tui.session.events import Recalled
from tui.session.pool_reading import HISTORY_DAYS


def recall(memory: Remembering, query: Query, now: datetime, catalogue: Catalogue) -> Recalled:
    """Return what is known of a view, and, with its days, of today's pools."""
    kept = memory.kept(query)
    evidence = _evidence(memory, now) if query.window.width is Width.DAY else None
    pools = () if evidence is None else readings(evidence, catalogue, now)
    return Recalled(query.window, kept, evidence, pools, memory.organization)


def _evidence(memory: Remembering, now: datetime) -> Evidence | None:
    today = midnight(now)
    own = memory.kept(Query(Window(today, today + DAY, running=True), BY_PROJECT)).get(today)
    if own is None:
        return None
    before = memory.kept(Query(Window(today - (HISTORY_DAYS - 1) * DAY, today), BY_MODEL))
    history = tuple(kept.bucket for kept in before.values())
    return Evidence(own.bucket, history=history, history_complete=False)

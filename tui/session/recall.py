"""What the archive knows, before anybody was asked."""

from __future__ import annotations

from datetime import datetime

from tui.domain.source import BY_MODEL, Query, Remembering
from tui.domain.window import DAY, Width, Window, midnight
from tui.session import plan
from tui.session.events import Recalled


def recall(memory: Remembering, query: Query, now: datetime) -> Recalled:
    """Return what is known of a view, and, with its days, what today's pools rest on."""
    kept = {query: memory.kept(query)}
    if query.window.width is Width.DAY:
        today = midnight(now)
        for window in (plan.history_window(now), Window(today, today + DAY, running=True)):
            other = Query(window, BY_MODEL)
            kept[other] = memory.kept(other)
    return Recalled(query, kept, now, memory.organization)

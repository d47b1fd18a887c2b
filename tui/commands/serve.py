"""What `serve` shows of a state: the pools of today, the money, and when the API was last read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from tui.domain.costs import total
from tui.domain.time import midnight
from tui.engine import select
from tui.engine.state import State
from tui.output.gauges import money_gauges, pool_gauges, success_gauge


def exposition(state: State, now: datetime, budget: Decimal | None) -> Iterator[str]:
    """Yield the lines of an exposition; nobody is asked. Of another day's pools there is the moment only."""
    day, found = midnight(now), state.snapshot.pool_inputs
    yield from pool_gauges(state.snapshot.pools if found is not None and found.today.start == day else ())
    lines = None if state.costs.is_at_least(day) else state.costs.of(day)
    cost, limit = None if lines is None else total(lines), select.month_limit(state, budget)
    yield from money_gauges(day, cost, select.month_of(state, now, budget), limit)
    read_at = None if found is None else found.today.read_at  # nobody notes it without an archive
    yield from success_gauge(read_at or state.days.fetched_at)
    yield "# EOF"

"""What `serve` shows of a state: the pools of today, the money, and when the API was last read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from tui.domain.costs import total
from tui.domain.time import midnight
from tui.engine import select
from tui.engine.state import State
from tui.output.gauges import Figures, gauges


def exposition(state: State, now: datetime, budget: Decimal | None) -> Iterator[str]:
    """Yield the lines of an exposition; nobody is asked."""
    yield from gauges(_figures(state, now, budget))
    yield "# EOF"


def _figures(state: State, now: datetime, budget: Decimal | None) -> Figures:
    """Return what is known; of another day's pools only when they were read."""
    day, found = midnight(now), state.snapshot.pool_inputs
    lines = None if state.costs.is_at_least(day) else state.costs.of(day)
    read_at = None if found is None else found.today.read_at  # nobody notes it without an archive
    return Figures(
        day,
        state.snapshot.pools if found is not None and found.today.start == day else (),
        None if lines is None else total(lines),
        select.month_of(state, now, budget),
        select.month_limit(state, budget),
        _is_up(state),
        read_at or state.days.fetched_at,
    )


def _is_up(state: State) -> bool | None:
    """Return whether the last reading succeeded, its newest part at least; None before one has ended.

    What the archive knew was none.
    """
    days = state.days
    if days.failure is not None:
        return False
    return True if days.fresh or days.missing is not None or state.snapshot.pools_are_read else None

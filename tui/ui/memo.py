"""What is derived from the state and shown each second, put together once for the same data."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tui.domain.burn_up import BurnUp
from tui.domain.costs import Costs, Month
from tui.domain.prices import Prices
from tui.domain.runs import Run, RunUsage
from tui.domain.time import Width, midnight
from tui.domain.today import Today
from tui.engine import select
from tui.engine.runs import run_usage
from tui.engine.state import State


class Memo:
    """The verdict's facts, and the month's money: a large organization has 100,000 lines of costs."""

    def __init__(self, budget: Decimal | None, prices: Prices | None = None) -> None:
        self._budget, self._prices = budget, prices
        self._since: tuple[tuple[object, ...], datetime, RunUsage] | None = None
        self._today: tuple[tuple[object, ...], datetime, Today | None] | None = None
        self._burn_ups: tuple[tuple[object, ...], datetime, tuple[BurnUp, ...]] | None = None
        self._month: tuple[Costs, object, Month | None] | None = None

    def today(self, state: State, now: datetime) -> Today | None:
        """Return what the verdict is about, put together once for the same data and minute."""
        minute = Width.MINUTE.floor(now)
        about = (state.costs, state.snapshot, state.days.report, state.view)
        known = self._today
        if known is None or known[1] != minute or any(a is not b for a, b in zip(known[0], about, strict=True)):
            known = self._today = about, minute, select.today(state, now)
        return known[2]

    def burn_ups(self, state: State, now: datetime) -> tuple[BurnUp, ...]:
        """Return how today's pools fill, added up once for the same hours and minute."""
        about, minute = (state.store, state.snapshot), Width.MINUTE.floor(now)
        known = self._burn_ups
        if known is None or known[1] != minute or any(a is not b for a, b in zip(known[0], about, strict=True)):
            known = self._burn_ups = about, minute, select.burn_ups(state, now)
        return known[2]

    def since(self, state: State, mark: Run, now: datetime) -> RunUsage:
        """Return what was used since a mark, added up once for the same buckets and minute."""
        about, minute = (state.store, mark), Width.MINUTE.floor(now)
        known = self._since
        if known is None or known[1] != minute or any(a is not b for a, b in zip(known[0], about, strict=True)):
            known = self._since = about, minute, run_usage(state, mark, now, self._prices)
        return known[2]

    def month(self, state: State, now: datetime) -> Month | None:
        """Return the month's money, summed once for the same costs and limit."""
        known, about = self._month, (midnight(now), state.admin_settings.spend_limit)
        if known is None or known[0] is not state.costs or known[1] != about:
            known = self._month = state.costs, about, select.month_of(state, now, self._budget)
        return known[2]

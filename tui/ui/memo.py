"""What is derived from the state and shown each second, put together once for the same data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tui.domain.burn_up import BurnUp
from tui.domain.compare import Compared
from tui.domain.costs import Costs, Month
from tui.domain.in_periods import input_of
from tui.domain.periods import Period
from tui.domain.prices import Prices
from tui.domain.runs import Run, RunUsage
from tui.domain.standouts import StandOuts
from tui.domain.table import TableInput
from tui.domain.time import Width, midnight
from tui.domain.today import Today
from tui.domain.usage import Report
from tui.engine import select
from tui.engine.compare import compared
from tui.engine.runs import run_usage
from tui.engine.standouts import KnownStandOuts
from tui.engine.state import State


class Memo:
    """The verdict's facts, and the month's money: a large organization has 100,000 lines of costs."""

    def __init__(self, budget: Decimal | None, prices: Prices | None = None) -> None:
        self._budget, self._prices = budget, prices
        self._since: tuple[tuple[object, ...], datetime, RunUsage] | None = None
        self._today: tuple[tuple[object, ...], datetime, Today | None] | None = None
        self._burn_ups: tuple[tuple[object, ...], datetime, tuple[BurnUp, ...]] | None = None
        self._month: tuple[Costs, object, Month | None] | None = None
        self._stand_outs = KnownStandOuts()
        self._compared: tuple[tuple[object, ...], datetime | None, Mapping[datetime, Compared]] | None = None
        self._periods: tuple[tuple[object, ...], TableInput] | None = None

    def in_periods(self, days: TableInput, period: Period) -> TableInput:
        """Return what lines of weeks or months are made from, put together once for the same days and costs."""
        if period is Period.DAY:
            return days
        about, known = (period, days.report, days.before, days.costs, days.coarse), self._periods
        if known is None or any(a is not b for a, b in zip(known[0], about, strict=True)):
            before = None if known is None or known[0][0] is not period else known[1]
            known = self._periods = about, input_of(days, period, before)
        return replace(known[1], opened=days.opened, listed=days.listed)

    def stand_outs(self, state: State, now: datetime) -> StandOuts:
        """Return what stands out on days, found once for the same buckets."""
        return self._stand_outs.of(state, now)

    def compared(self, state: State, report: Report, through: datetime | None) -> Mapping[datetime, Compared]:
        """Return what each line is compared with, found once for the same buckets and hour."""
        hour = None if through is None else Width.HOUR.floor(through)
        about, known = (state.store, report), self._compared
        if known is None or known[1] != hour or any(a is not b for a, b in zip(known[0], about, strict=True)):
            known = self._compared = about, hour, compared(state, report, hour, {} if known is None else known[2])
        return known[2]

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

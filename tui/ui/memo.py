"""What is derived from the state and shown each second, put together once for the same data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from tui.domain.burn_up import BurnUp
from tui.domain.compare import Compared
from tui.domain.costs import Month
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

_T = TypeVar("_T")


class _Once(Generic[_T]):
    """One value, made anew for other data, which are compared by identity, or for another moment."""

    def __init__(self) -> None:
        self._known: tuple[tuple[object, ...], object, _T] | None = None

    def of(self, data: tuple[object, ...], moment: object, make: Callable[[_T | None], _T]) -> _T:
        """Return the value of these data at this moment; it is made of the one before."""
        known = self._known
        if known is None or known[1] != moment or any(a is not b for a, b in zip(known[0], data, strict=True)):
            known = self._known = data, moment, make(None if known is None else known[2])
        return known[2]


class Memo:
    """The verdict's facts, and the month's money: a large organization has 100,000 lines of costs."""

    def __init__(self, budget: Decimal | None, prices: Prices | None = None) -> None:
        self._budget, self._prices = budget, prices
        self._stand_outs = KnownStandOuts()
        self._periods, self._compared = _Once[TableInput](), _Once[Mapping[datetime, Compared]]()
        self._today, self._month = _Once[Today | None](), _Once[Month | None]()
        self._burn_ups, self._since = _Once[tuple[BurnUp, ...]](), _Once[RunUsage]()

    def in_periods(self, days: TableInput, period: Period) -> TableInput:
        """Return what lines of weeks or months are made from, put together once for the same days and costs."""
        if period is Period.DAY:
            return days

        def made(before: TableInput | None) -> TableInput:
            is_like_it = before is not None and before.report.period is period
            return input_of(days, period, before if is_like_it else None)

        found = self._periods.of((days.report, days.before, days.costs, days.coarse), period, made)
        return replace(found, opened=days.opened, listed=days.listed)

    def stand_outs(self, state: State, now: datetime) -> StandOuts:
        """Return what stands out on days, found once for the same buckets."""
        return self._stand_outs.of(state, now)

    def compared(self, state: State, report: Report, through: datetime | None) -> Mapping[datetime, Compared]:
        """Return what each line is compared with, found once for the same buckets and hour."""
        hour = None if through is None else Width.HOUR.floor(through)
        return self._compared.of(
            (state.store, report), hour, lambda before: compared(state, report, hour, before or {})
        )

    def today(self, state: State, now: datetime) -> Today | None:
        """Return what the verdict is about, put together once for the same data and minute."""
        about = (state.costs, state.snapshot, state.days.report, state.view)
        return self._today.of(about, Width.MINUTE.floor(now), lambda _: select.today(state, now))

    def burn_ups(self, state: State, now: datetime) -> tuple[BurnUp, ...]:
        """Return how today's pools fill, added up once for the same hours and minute."""
        about = (state.store, state.snapshot)
        return self._burn_ups.of(about, Width.MINUTE.floor(now), lambda _: select.burn_ups(state, now))

    def since(self, state: State, mark: Run, now: datetime) -> RunUsage:
        """Return what was used since a mark, added up once for the same buckets and minute."""
        minute = Width.MINUTE.floor(now)
        return self._since.of((state.store, mark), minute, lambda _: run_usage(state, mark, now, self._prices))

    def month(self, state: State, now: datetime) -> Month | None:
        """Return the month's money, summed once for the same costs and limit."""
        about = (midnight(now), state.admin_settings.spend_limit)
        return self._month.of((state.costs,), about, lambda _: select.month_of(state, now, self._budget))

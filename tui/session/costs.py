"""What it costs, asked for seldom: at most every 15 minutes, and not again where it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.money import Costs, costs_window
from tui.domain.source import Costing
from tui.domain.window import recent
from tui.errors import NotFound, RequestRefused, ScopeMissing, TuiError

EVERY = timedelta(minutes=15)
"""How often costs are asked for, at most: they change with the API's hours, not with its minutes."""

_REFUSALS = (ScopeMissing, RequestRefused, NotFound)
"""Errors after which asking again is of no use."""


class CostReader:
    """Reads costs of an organization, and remembers when it asked."""

    def __init__(self, costing: Costing | None) -> None:
        self._costing = costing
        self._asked_at: datetime | None = None
        self._since: datetime | None = None

    def is_due(self, now: datetime, days: int) -> bool:
        """Return whether it is time to ask: for the first time, again, or for a longer window than before."""
        if self._costing is None:
            return False
        is_longer = self._since is not None and costs_window(now, days).start < self._since
        return self._asked_at is None or is_longer or not timedelta() <= now - self._asked_at < EVERY

    async def read(self, known: Costs, now: datetime, days: int) -> Costs:
        """Return what is known now: of days that were read before, only those that still change are asked for."""
        if self._costing is None:
            return known
        self._asked_at, window = now, costs_window(now, days)
        is_known = self._since is not None and self._since <= window.start
        try:
            found = await self._costing.costs(recent(now) if is_known else window)
        except _REFUSALS as error:
            self._costing = None
            return replace(known, problem=f"Costs are off. {error.sentence}")
        except TuiError as error:
            return replace(known, problem=f"Costs could not be read. {error.sentence}")
        self._since = window.start if self._since is None else min(self._since, window.start)
        return Costs({**known.days, **found}, now)

"""What it costs, asked for seldom: at most every 15 minutes, and not again where it is refused."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.aggregate import COSTS_BY
from tui.domain.costs import RESTATED_DAYS, Costs, costs_window
from tui.domain.dimensions import DIMENSIONS
from tui.domain.lookback import Lookback, Search
from tui.domain.time import DAY, Window, midnight
from tui.errors import NotFound, NotKept, RequestRefused, ScopeMissing, TuiError
from tui.sources.base import CostSource

EVERY = timedelta(minutes=15)
"""How often costs are asked for, at most: they change with the API's hours, not with its minutes."""

_REFUSALS = (ScopeMissing, RequestRefused, NotFound)
"""Errors after which asking again is of no use."""


class CostReader:
    """Reads costs of an organization, and remembers when it asked, and what for.

    Each answer holds today and the days before it that can still be restated, and all that was not read yet.
    """

    def __init__(self, cost_source: CostSource | None) -> None:
        self._source = cost_source
        self._lookback = Lookback()
        self._asked_at: datetime | None = None
        self._asked_from: datetime | None = None
        self._known_from: datetime | None = None
        self._known_at: datetime | None = None
        self._by: frozenset[str] = frozenset()
        self._refused: frozenset[str] = frozenset()

    def is_due(self, now: datetime, days: int, by: AbstractSet[str] = frozenset()) -> bool:
        """Return whether it is time to ask: for the first time, again, or for a longer window or more than before."""
        if self._source is None:
            return False
        is_longer = self._asked_from is not None and costs_window(now, days).start < self._asked_from
        is_finer = not by - self._refused <= self._by
        return self._asked_at is None or is_longer or is_finer or not timedelta() <= now - self._asked_at < EVERY

    async def read(self, now: datetime, days: int, by: AbstractSet[str] = frozenset()) -> Costs:
        """Return the answer, as old as its request; where there is none, only the problem.

        What was broken down by a field once is so from then on; a field that was refused is not asked for again.
        """
        if self._source is None:
            return Costs()
        window = costs_window(now, days)
        if not by - self._refused <= self._by:
            self._by, self._known_from, self._known_at = self._by | (by - self._refused), None, None
            self._asked_from = None
        self._asked_at, self._asked_from = now, min(window.start, self._asked_from or window.start)
        if self._known_at is not None and self._known_from is not None and self._known_from <= window.start:
            restated = midnight(min(self._known_at, now)) - RESTATED_DAYS * DAY
            window = replace(window, start=max(window.start, restated))
        try:
            found = await read_kept(self._source, window, self._lookback, self._by)
        except _REFUSALS as error:
            self._source = None
            return Costs(problem=f"Costs are off. {error.sentence}")
        except TuiError as error:
            return not_read(error)
        if found.problem is None:  # else all of it is asked for again
            self._known_from, self._known_at = self._named_from(found, window), now
        found = replace(found, read_at=now, kept_from=self._lookback.kept_from)
        refused = found.untold(self._by)
        self._by -= refused
        if not refused:
            return found
        self._refused |= refused
        return with_untold(found, refused)

    def _named_from(self, found: Costs, window: Window) -> datetime | None:
        """Return the day from which on every closed day is named, or is not kept; the rest is asked for again."""
        first = None
        for day in reversed(list(window.starts())):
            is_gone = self._lookback.kept_from is not None and day < self._lookback.kept_from
            is_open = window.running and day >= window.end - 2 * DAY  # costs lag behind the night
            if not (day in found.days or is_gone or is_open):
                return first
            first = day
        return window.start if self._known_from is None else min(window.start, self._known_from)


def with_untold(costs: Costs, fields: AbstractSet[str]) -> Costs:
    """Return the costs with a sentence on the fields by which the API does not break them down."""
    nouns = " or ".join(DIMENSIONS[name].noun for name, field in COSTS_BY.items() if field in fields)
    sentence = f"The API does not tell what each {nouns} cost." if nouns else None
    return replace(costs, problem=" ".join(filter(None, (costs.problem, sentence))) or None)


def not_read(error: TuiError) -> Costs:
    """Return that no costs are known, and why."""
    return Costs(problem=f"Costs could not be read. {error.sentence}")


async def read_once(source: CostSource, window: Window, now: datetime, by: Collection[str] = ()) -> Costs:
    """Return the costs of a window, as old as this request, and what of them cannot be had.

    Raises:
        TuiError: where none can be had.
    """
    lookback = Lookback()
    found = await read_kept(source, window, lookback, by)
    return with_untold(replace(found, read_at=now, kept_from=lookback.kept_from), found.untold(frozenset(by)))


async def read_kept(cost_source: CostSource, window: Window, lookback: Lookback, by: Collection[str] = ()) -> Costs:
    """Return the costs of the days that the API still keeps; the others cannot be had, and are not 0.

    Raises:
        TuiError: where none can be had.
    """
    found = Costs()
    search = Search(window, lookback)
    while (asked := search.window) is not None:
        try:
            answer = await cost_source.costs(asked, by)
        except NotKept as error:
            search.refused(asked, error.earliest)
            if search.has_failed:
                raise
        except TuiError as error:
            if not found.days:
                raise
            return replace(found, problem=f"Costs could not be read further back. {error.sentence}")
        else:
            search.answered(asked)
            found = replace(
                answer,
                days={**found.days, **answer.days},
                by={**found.by, **answer.by},
                incomplete=found.incomplete | answer.incomplete,
                problem=" ".join(filter(None, (found.problem, answer.problem))) or None,
            )
    return found

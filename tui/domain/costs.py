"""What it costs: amounts in Decimal, charges and credits, a month and its end."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from tui.domain.cost_lines import DOLLARS, NOTHING, Cost, CostSums, sums_of
from tui.domain.line_items import OTHER
from tui.domain.time import DAY, Window, midnight

__all__ = ["DOLLARS", "NOTHING", "Cost"]
"""What is said of costs in other modules as well: it stands beside how lines are held."""

FORECAST_DAYS = 7
"""How many full days the forecast to the month's end is made from."""

FORECAST_WITHIN = 14
"""How far back these may lie, in days: costs lag behind the night, and older days say little of the next ones."""

RESTATED_DAYS = 4
"""So many days before today the costs of a day were seen to change after its end (2026-11)."""

_WRONG_CLOCK = timedelta(hours=1)
"""An answer that is so much newer than one that comes now was dated by a wrong clock."""


@dataclass(frozen=True)
class Costs:
    """The costs of UTC days, by their start. A day that is not here is not known; one without lines cost nothing.

    `read_at` is when the newest answer was asked for, and `asked_at` the same for each day that has another time than
    that. Of `incomplete` days some lines could not be read. `problem` says, in sentences, what cannot be had.
    `kept_from` is the first day whose costs the API keeps, where the days before it were asked for and refused.
    `by` are the fields that the lines of a day tell beside model and project.
    """

    days: Mapping[datetime, Sequence[Cost]] = field(default_factory=dict)
    read_at: datetime | None = None
    problem: str | None = None
    asked_at: Mapping[datetime, datetime] = field(default_factory=dict)
    incomplete: frozenset[datetime] = frozenset()
    kept_from: datetime | None = None
    by: Mapping[datetime, frozenset[str]] = field(default_factory=dict)

    def of(self, start: datetime) -> Sequence[Cost] | None:
        """Return the lines of a day, or None where they are not known."""
        return self.days.get(start)

    def told(self, start: datetime) -> frozenset[str]:
        """Return the fields by which the lines of a day are broken down, beside model and project."""
        return self.by.get(start, frozenset())

    def untold(self, by: AbstractSet[str]) -> frozenset[str]:
        """Return which of these fields the lines of some day do not tell."""
        return frozenset(by).difference(frozenset(by).intersection(*(self.told(day) for day in self.days)))

    def is_at_least(self, start: datetime) -> bool:
        """Return whether the day may have cost more than its dollars say."""
        return start in self.incomplete or start in self._in_other_currencies

    @cached_property
    def _in_other_currencies(self) -> frozenset[datetime]:
        """The days of which a line is in no dollars, looked for once: there may be 15,000 lines a day."""
        return frozenset(start for start, lines in self.days.items() if sums_of(lines).others)

    def is_closed(self, start: datetime) -> bool:
        """Return whether all of the day is known: it was asked for after its end, and every line was understood."""
        asked = self.asked_at.get(start) or self.read_at
        return start in self.days and start not in self.incomplete and asked is not None and asked >= start + DAY

    def may_be_late(self, start: datetime) -> bool:
        """Return whether costs of the day may still come: they lag behind the night."""
        asked = self.asked_at.get(start) or self.read_at
        return asked is None or asked < start + 2 * DAY

    def _is_spoiled(self, day: datetime, answer: Costs) -> bool:
        """Return whether so many lines of a day are left out in an answer that less is left than was known."""
        known = self.days.get(day)
        return day in answer.incomplete and known is not None and total(answer.days[day]) < total(known)

    def updated(self, answer: Costs) -> Costs:
        """Return the costs with the days of an answer. What was asked for later than that stays as it is."""
        asked = answer.read_at
        if asked is None:
            return replace(self, problem=answer.problem)
        times = {day: self.asked_at.get(day) or self.read_at or asked for day in self.days}
        newer = {day for day, known in times.items() if asked < known <= asked + _WRONG_CLOCK}
        taken = {day for day in answer.days.keys() - newer if not self._is_spoiled(day, answer)}
        spoiled = answer.days.keys() - newer - taken
        is_newest = self.read_at is None or not asked < self.read_at <= asked + _WRONG_CLOCK
        return Costs(
            days={**self.days, **{day: answer.days[day] for day in taken}},
            read_at=asked if is_newest else self.read_at,
            problem=answer.problem if is_newest else self.problem,
            asked_at={**times, **dict.fromkeys(taken, asked)},
            incomplete=(self.incomplete - taken) | (answer.incomplete & taken) | spoiled,
            kept_from=answer.kept_from if is_newest else self.kept_from,
            by={**self.by, **{day: answer.told(day) for day in taken}},
        )


def total(costs: Iterable[Cost]) -> Decimal:
    """Return the sum of what is in dollars, charges and credits together."""
    return sums_of(costs).total


def charges(costs: Iterable[Cost]) -> Iterable[Cost]:
    """Return what was charged, in dollars."""
    return (cost for cost in costs if cost.is_in_dollars and cost.amount > 0)


def credits_(costs: Iterable[Cost]) -> Iterable[Cost]:
    """Return what was given back, in dollars."""
    return (cost for cost in costs if cost.is_in_dollars and cost.amount < 0)


def by_item(costs: Iterable[Cost]) -> dict[str, Decimal]:
    """Return the sum of each line item, the largest first."""
    return _largest_first(costs, lambda cost: cost.item.words)


def by_model(costs: Iterable[Cost]) -> dict[str, Decimal]:
    """Return the sum of each model, the largest first, and of all that is about none."""
    return _largest_first(costs, lambda cost: cost.item.model or OTHER)


def by_project(costs: Iterable[Cost]) -> dict[str, Decimal]:
    """Return the sum of each project's id, the largest first."""
    return _largest_first(costs, lambda cost: cost.project_id or "(no project)")


def spending_projects(costs: Costs, now: datetime) -> tuple[str, ...]:
    """Return the ids of the projects that were charged this month, the largest first."""
    window = month_of(now)
    lines = (cost for start, of_day in costs.days.items() if start in window for cost in of_day)
    return tuple(by_project(cost for cost in charges(lines) if cost.project_id is not None))


def _largest_first(costs: Iterable[Cost], name: Callable[[Cost], str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for cost in costs:
        if cost.is_in_dollars:
            sums[name(cost)] = sums.get(name(cost), NOTHING) + cost.amount
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def month_of(now: datetime) -> Window:
    """Return the days of this UTC month, today the last."""
    today = midnight(now)
    return Window(today.replace(day=1), today + DAY, running=True)


def costs_window(now: datetime, days: int) -> Window:
    """Return the days whose costs are of interest: this month, those of the forecast, and those that are shown."""
    today = midnight(now)
    start = min(today.replace(day=1), today - FORECAST_WITHIN * DAY, today - days * DAY)
    return Window(start, today + DAY, running=True)


@dataclass(frozen=True, slots=True)
class Month:
    """A month's money in dollars: so far, expected at its end, and the budget.

    `expected` is None where too little is known or the month `is_over`, `budget` where there is none. `so_far` is
    what was `charged` and `credited` (below zero) together. `unnamed` are the days so far whose costs are not known,
    `at_least` those of which not all is. `other_currencies` are not part of any of this. `mean` is what each day that
    is left is expected to cost.
    """

    so_far: Decimal
    expected: Decimal | None
    budget: Decimal | None
    left_days: int
    charged: Decimal = NOTHING
    credited: Decimal = NOTHING
    unnamed: tuple[datetime, ...] = ()
    at_least: tuple[datetime, ...] = ()
    other_currencies: Mapping[str, Decimal] = field(default_factory=dict)
    is_over: bool = False
    mean: Decimal | None = None

    @property
    def percent(self) -> int | None:
        """Return how much of the budget is used, in percent, rounded down; None where there is nothing to use."""
        if not self.budget:
            return None
        return int((self.so_far * 100 / self.budget).to_integral_value(ROUND_FLOOR))

    def is_known_before(self, today: datetime) -> bool:
        """Return whether all is known of the days before today, and of today itself where it is the first of them."""
        gaps = {*self.unnamed, *self.at_least}
        return gaps <= {today} and not (today.day == 1 and today in self.unnamed)


def month(costs: Costs, now: datetime, budget: Decimal | None, *, is_over: bool = False) -> Month | None:
    """Return the money of the month of `now`, or None where its costs were not read yet.

    Of one that `is_over`, `now` is its last moment, and nothing more is expected.

    What is expected: all of the month so far, credits too; for each day that is left the mean of the last seven full
    days' charges; and for today, or a day whose costs are not whole yet, what it is short of that mean.
    """
    if costs.read_at is None:
        return None
    window, today = month_of(now), midnight(now)
    known = {day: costs.days[day] for day in window.starts() if day in costs.days}
    sums = sum(map(sums_of, known.values()), CostSums())
    left = monthrange(today.year, today.month)[1] - today.day
    mean, so_far, expected = _mean_of_charges(costs, today), sums.total, None
    if mean is not None and not is_over:
        open_days = [day for day in window.starts() if day == today or not costs.is_closed(day)]
        short = (max(NOTHING, mean - sums_of(known.get(day, ())).charged) for day in open_days)
        expected = so_far + mean * left + sum(short, NOTHING)
    return Month(
        so_far,
        expected,
        budget,
        left,
        sums.charged,
        sums.credited,
        tuple(day for day in window.starts() if day not in known),
        tuple(day for day in known if costs.is_at_least(day)),
        dict(sorted(sums.others.items())),
        is_over,
        None if is_over else mean,
    )


def _mean_of_charges(costs: Costs, today: datetime) -> Decimal | None:
    """Return the mean of the last full days' charges, or None where too few are known to the end."""
    past = (today - ago * DAY for ago in range(1, FORECAST_WITHIN + 1))
    full = [sums_of(costs.days[day]).charged for day in past if costs.is_closed(day)][:FORECAST_DAYS]
    return sum(full, NOTHING) / FORECAST_DAYS if len(full) == FORECAST_DAYS else None


def dollars(amount: Decimal) -> str:
    """Return an amount as people read it: `$1,234.56`, `$0.0042`, `$0`."""
    if not amount:
        return "$0"
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    if size >= Decimal("0.995"):
        return f"{sign}${size:,.2f}"
    digits = 2 if size >= Decimal("0.0995") else 4
    written = f"{size:.{digits}f}"
    return f"{sign}${written}" if Decimal(written) else f"{sign}<$0.0001"


UNREAD = Costs()
"""Before anything was read."""

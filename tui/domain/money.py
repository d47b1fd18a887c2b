"""What it costs: amounts in Decimal, the month so far and to its end, a budget, and the worth of free tokens."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tui.domain.grouping import without_date
from tui.domain.usage import Row
from tui.domain.window import DAY, Window, midnight

NOTHING = Decimal(0)
_MILLION = 1_000_000
FORECAST_DAYS = 7
"""How many full days the forecast to the month's end is made from."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of a day's costs: what it was for, in which project, and how much.

    `line_item` is the API's: a model and a part (`gpt-6-sol, output`), or a tool (`web search tool calls`).
    """

    amount: Decimal
    line_item: str | None = None
    project_id: str | None = None
    currency: str = "usd"

    @property
    def item(self) -> str:
        """Return what it was for, as it is shown."""
        return self.line_item or "(not itemized)"

    @property
    def row(self) -> Row:
        """Return a row of usage with the names that the costs have: the model before the last comma, the project."""
        model, comma, _ = (self.line_item or "").rpartition(", ")
        return Row(model=model if comma else None, project_id=self.project_id)


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of UTC days, by their start, as of `read_at`. `problem` says why they cannot be had.

    `kept_from` is the first day whose costs the API keeps, where the days before it were asked for and refused.
    """

    days: Mapping[datetime, tuple[Cost, ...]] = field(default_factory=dict)
    read_at: datetime | None = None
    problem: str | None = None
    kept_from: datetime | None = None

    def of(self, start: datetime) -> tuple[Cost, ...]:
        """Return the costs of a day; none where they are not known, or where there were none."""
        return self.days.get(start, ())

    @property
    def currency(self) -> str:
        """Return the currency that all amounts are in, as the API names it; `mixed` where they differ."""
        names = {cost.currency for costs in self.days.values() for cost in costs}
        return names.pop() if len(names) == 1 else "mixed" if names else "usd"


def total(costs: Iterable[Cost]) -> Decimal:
    """Return the sum."""
    return sum((cost.amount for cost in costs), NOTHING)


def by_item(costs: Iterable[Cost]) -> dict[str, Decimal]:
    """Return the sum of each line item, the largest first."""
    return _largest_first(costs, lambda cost: cost.item)


def by_project(costs: Iterable[Cost]) -> dict[str, Decimal]:
    """Return the sum of each project's id, the largest first."""
    return _largest_first(costs, lambda cost: cost.project_id or "(no project)")


def _largest_first(costs: Iterable[Cost], name: Callable[[Cost], str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for cost in costs:
        sums[name(cost)] = sums.get(name(cost), NOTHING) + cost.amount
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def month_of(now: datetime) -> Window:
    """Return the days of this UTC month, today the last."""
    today = midnight(now)
    return Window(today.replace(day=1), today + DAY, running=True)


def costs_window(now: datetime, days: int) -> Window:
    """Return the days whose costs are of interest: this month, the week of the forecast, and those that are shown."""
    today = midnight(now)
    start = min(today.replace(day=1), today - FORECAST_DAYS * DAY, today - days * DAY)
    return Window(start, today + DAY, running=True)


@dataclass(frozen=True, slots=True)
class Month:
    """This month's money: so far, expected at its end (None: not enough is known), and the budget (None: not set)."""

    so_far: Decimal
    expected: Decimal | None
    budget: Decimal | None
    left_days: int

    @property
    def percent(self) -> int | None:
        """Return how much of the budget is used, in percent, rounded down."""
        return None if self.budget is None else int(self.so_far * 100 / self.budget)


def month(costs: Costs, now: datetime, budget: Decimal | None) -> Month | None:
    """Return this month's money, or None where its costs are not known.

    What is expected: so far, and for each day that is left the mean of the last seven full days; of today, what such
    a day costs beyond what it has cost already.
    """
    today = midnight(now)
    if costs.read_at is None or not costs.days:
        return None
    own = {day: total(lines) for day, lines in costs.days.items() if month_of(now).start <= day <= today}
    full = [total(costs.days[day]) for n in range(1, FORECAST_DAYS + 1) if (day := today - n * DAY) in costs.days]
    so_far, left = sum(own.values(), NOTHING), monthrange(today.year, today.month)[1] - today.day
    expected = None
    if len(full) == FORECAST_DAYS:
        mean = sum(full, NOTHING) / FORECAST_DAYS
        expected = so_far + mean * left + max(NOTHING, mean - own.get(today, NOTHING))
    return Month(so_far, expected, budget, left)


@dataclass(frozen=True, slots=True)
class Price:
    """List prices of one model, in dollars a million tokens."""

    input: Decimal
    cached: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """Base list prices by model, with the date and the source of the list."""

    models: Mapping[str, Price]
    as_of: date
    source: str

    def of(self, model: str | None) -> Price | None:
        """Return a model's prices: by its exact name, or by a listed name plus a date."""
        if model is None:
            return None
        return self.models.get(model) or self.models.get(without_date(model))


@dataclass(frozen=True, slots=True)
class Worth:
    """What free tokens would have cost, an estimate: in dollars, and of how many tokens; others have no price."""

    amount: Decimal
    tokens: int
    unpriced: int
    models: tuple[str, ...] = ()


def worth(rows: Iterable[Row], prices: Prices) -> Worth:
    """Return what the free tokens in the rows would have cost at base list prices.

    Cached input is priced as such; long requests, which cost more, cannot be told apart.
    """
    amount, tokens, unpriced, unknown = NOTHING, 0, 0, set()
    for row in rows:
        if not row.is_free:
            continue
        price = prices.of(row.model)
        if price is None:
            unpriced += row.tokens
            unknown.add(row.name)
            continue
        cached = min(row.input_cached_tokens, row.input_tokens)
        plain = row.input_tokens - cached
        amount += (plain * price.input + cached * price.cached + row.output_tokens * price.output) / _MILLION
        tokens += row.tokens
    return Worth(amount, tokens, unpriced, tuple(sorted(unknown)))


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

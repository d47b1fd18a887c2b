"""What it costs, in lines of text: this month and its end, the budget, line items, and what free tokens are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from tui.domain import humanize, text
from tui.domain.money import Cost, Costs, Month, Prices, Worth, by_item, by_project, dollars, month_of, total
from tui.domain.window import DAY, midnight

SHOWN = 40
"""How many line items are listed; the rest is summed."""


def headline(month: Month, now: datetime) -> str:
    """Return the month so far, and what is expected at its end."""
    name = f"{now:%B %Y}"
    if month.expected is None:
        return f"{name}: {dollars(month.so_far)} so far. A forecast needs seven full days."
    return f"{name}: {dollars(month.so_far)} so far, est. {dollars(month.expected)} at its end."


def budget(month: Month) -> str | None:
    """Return how the month stands beside its budget, or None where there is none."""
    if month.budget is None:
        return None
    left = month.budget - month.so_far
    how = f"{dollars(left)} left" if left >= 0 else f"{dollars(-left)} over"
    line = f"{month.percent}% of the budget of {dollars(month.budget)}, {how}"
    if month.expected is None:
        return f"{line}."
    over = month.expected - month.budget
    return f"{line}; at this pace est. {dollars(over)} over it." if over > 0 else f"{line}; at this pace it lasts."


def worth(found: Worth, prices: Prices) -> str:
    """Return what this month's free tokens would have cost."""
    line = (
        f"Free tokens this month: {humanize.full(found.tokens)}, worth est. {dollars(found.amount)} "
        f"at base list prices of {prices.as_of}."
    )
    if found.unpriced:
        some = ", ".join(map(text.inert, found.models[:3])) + (", …" if len(found.models) > 3 else "")
        line += f" {humanize.full(found.unpriced)} more are of models without a price there: {some}."
    return line


def days(costs: Costs, now: datetime, count: int = 7) -> Iterator[tuple[str, str]]:
    """Yield the last days and what each cost; today's is not whole."""
    for ago in range(count):
        start = midnight(now) - ago * DAY
        if start in costs.days:
            mark = "  so far" if ago == 0 else ""
            yield humanize.day(start), f"{dollars(total(costs.of(start)))}{mark}"


def items(costs: Costs, now: datetime) -> list[tuple[str, Decimal]]:
    """Return what each line item cost this month, the largest first; what cost nothing is left out."""
    return _listed(by_item(_this_month(costs, now)), lambda name: name)


def projects(costs: Costs, now: datetime, label: Callable[[str], str]) -> list[tuple[str, Decimal]]:
    """Return what each project cost this month, by its shown name."""
    return _listed(by_project(_this_month(costs, now)), label)


def _this_month(costs: Costs, now: datetime) -> Iterator[Cost]:
    window = month_of(now)
    return (cost for start, lines in costs.days.items() if start in window for cost in lines)


def _listed(found: dict[str, Decimal], label: Callable[[str], str]) -> list[tuple[str, Decimal]]:
    paid = [(label(name), amount) for name, amount in found.items() if amount]
    rest = sum((amount for _, amount in paid[SHOWN:]), Decimal(0))
    more = [(f"and {humanize.full(len(paid) - SHOWN)} more", rest)] if rest else []
    return paid[:SHOWN] + more


def as_of(costs: Costs, now: datetime) -> str:
    """Return how old the figures are, and what they are not."""
    age = "" if costs.read_at is None else f"Read {humanize.duration(max(timedelta(0), now - costs.read_at))} ago. "
    currency = "" if costs.currency == "usd" else f" Amounts are in {text.inert(costs.currency)}, shown as $."
    return f"{age}Costs follow usage by hours, and may differ from it a little: for the books, costs count.{currency}"

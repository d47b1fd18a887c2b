"""What it costs, in lines of text: this month and its end, the budget, line items, and what free tokens are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from tui.domain import formatting, sanitize
from tui.domain.costs import (
    Cost,
    Costs,
    Month,
    Prices,
    Worth,
    by_item,
    by_model,
    by_project,
    charges,
    credits_,
    dollars,
    month_of,
    total,
)
from tui.domain.time import DAY, midnight

SHOWN = 40
"""How many line items are listed; the rest is summed."""

_MODELS = 20


def headline(month: Month, now: datetime) -> str:
    """Return the month so far, and what is expected at its end."""
    name, known = f"{now:%B %Y}", bool(month_of(now).days_before_last + 1 - len(month.unnamed))
    least = "at least " if month.at_least else ""
    so_far = f"{least}{dollars(month.so_far)} so far" if known else "no day's costs are known yet"
    if known and month.credited:
        so_far += f" ({dollars(month.charged)} charged, {dollars(-month.credited)} credited)"
    if month.expected is None:
        return f"{name}: {so_far}. A forecast needs seven full days."
    return f"{name}: {so_far}, est. {dollars(month.expected)} at its end."


def gaps(month: Month) -> Iterator[str]:
    """Yield what the month's sums leave out."""
    if month.unnamed:
        yield f"Not known yet, and not counted: {formatting.days_named(month.unnamed)}."
    if month.at_least:
        yield f"Not all lines could be counted: {formatting.days_named(month.at_least)}."
    if month.other_currencies:
        sums = (f"{amount:,.2f} {sanitize.clean(name.upper())}" for name, amount in month.other_currencies.items())
        yield f"In other currencies, and not part of any sum in dollars: {', '.join(sums)}."


def budget(month: Month) -> str | None:
    """Return how the month stands beside its budget, or None where there is none."""
    if month.budget is None:
        return None
    left = month.budget - month.so_far
    how = f"{dollars(left)} left" if left >= 0 else f"{dollars(-left)} over"
    share = f"{month.percent}% of the budget of {dollars(month.budget)}" if month.budget else "The budget is $0"
    line = f"{share}, {how}"
    if month.expected is None:
        return f"{line}."
    over = month.expected - month.budget
    return f"{line}; at this pace est. {dollars(over)} over it." if over > 0 else f"{line}; at this pace it lasts."


def worth(found: Worth, prices: Prices) -> str:
    """Return what this month's free tokens would have cost."""
    line = (
        f"Free tokens this month: {formatting.full(found.tokens)}, worth est. {dollars(found.amount)} "
        f"at base list prices of {prices.as_of}."
    )
    if found.unpriced:
        some = ", ".join(map(sanitize.clean, found.models[:3])) + (", …" if len(found.models) > 3 else "")
        line += f" {formatting.full(found.unpriced)} more are of models without a price there: {some}."
    return line


def days(costs: Costs, now: datetime, count: int = 7) -> Iterator[tuple[str, str]]:
    """Yield the last days and what each cost; today's is not whole."""
    for ago in range(count):
        start = midnight(now) - ago * DAY
        lines = costs.of(start)
        if lines is None:
            is_gone = costs.kept_from is not None and start < costs.kept_from
            yield formatting.day(start), "not kept by the API" if is_gone else "not known yet"
            continue
        least = "at least " if costs.is_at_least(start) else ""
        marks = ["so far"] if ago == 0 else []
        credited = total(credits_(lines))
        if credited:
            marks.append(f"{dollars(-credited)} of credits taken off")
        yield formatting.day(start), "  ".join(filter(None, (f"{least}{dollars(total(lines))}", ", ".join(marks))))


def models(costs: Costs, now: datetime) -> list[tuple[str, Decimal]]:
    """Return what was charged for each model this month, the largest first, and for all that is about none."""
    return _listed(by_model(charges(_this_month(costs, now))), lambda name: name, _MODELS)


def items(costs: Costs, now: datetime) -> list[tuple[str, Decimal]]:
    """Return what was charged for each line item this month, the largest first."""
    return _listed(by_item(charges(_this_month(costs, now))), lambda name: name)


def projects(costs: Costs, now: datetime, label: Callable[[str], str]) -> list[tuple[str, Decimal]]:
    """Return what each project was charged this month, by its shown name."""
    return _listed(by_project(charges(_this_month(costs, now))), label)


def credited(costs: Costs, now: datetime) -> list[tuple[str, Decimal]]:
    """Return what was given back this month, by line item, the largest first."""
    found = by_item(credits_(_this_month(costs, now)))
    return _listed(dict(reversed(found.items())), lambda name: name)


def _this_month(costs: Costs, now: datetime) -> Iterable[Cost]:
    window = month_of(now)
    return (cost for start, lines in costs.days.items() if start in window for cost in lines)


def _listed(found: dict[str, Decimal], label: Callable[[str], str], count: int = SHOWN) -> list[tuple[str, Decimal]]:
    paid = [(label(name), amount) for name, amount in found.items()]
    rest = sum((amount for _, amount in paid[count:]), Decimal(0))
    more = [(f"and {formatting.full(len(paid) - count)} more", rest)] if rest else []
    return paid[:count] + more


def as_of(costs: Costs, now: datetime) -> str:
    """Return how old the figures are, and what they are not."""
    age = "" if costs.read_at is None else f"Read {formatting.duration(max(timedelta(0), now - costs.read_at))} ago. "
    return f"{age}Costs follow usage by hours, and may differ from it a little: for the books, costs count."

"""A month's money in sentences: so far and at its end, its budget and limits, and what is not known of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from tui.domain import formatting, sanitize
from tui.domain.admin_settings import AdminSettings, SpendLimit
from tui.domain.compare import MonthBefore
from tui.domain.costs import Costs, Month, dollars, month_of
from tui.domain.time import DAY
from tui.output.spans import Span

_LEAST_CHANGE = 0.5
"""Percent: what is less is as much."""


def headline(month: Month, now: datetime) -> str:
    """Return the month so far, and what is expected at its end; of one that is over, all of it."""
    name, known = f"{now:%B %Y}", bool(month_of(now).days_before_last + 1 - len(month.unnamed))
    least = "at least " if month.at_least else ""
    so_far = f"{least}{dollars(month.so_far)}{'' if month.is_over else ' so far'}"
    so_far = so_far if known else f"no day's costs are known{'' if month.is_over else ' yet'}"
    if known and month.credited:
        so_far += f" ({dollars(month.charged)} charged, {dollars(-month.credited)} credited)"
    if month.is_over:
        return f"{name}: {so_far}."
    if month.expected is None:
        return f"{name}: {so_far}. A forecast needs seven full days."
    return f"{name}: {so_far}, est. {dollars(month.expected)} at its end."


def gaps(month: Month) -> Iterator[str]:
    """Yield what the month's sums leave out."""
    if month.unnamed:
        yield f"Not known{'' if month.is_over else ' yet'}, and not counted: {formatting.days_named(month.unnamed)}."
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


def beside_before(found: MonthBefore) -> str:
    """Return how the month stands beside the one before it, to the same day."""
    name = f"{found.last.replace(day=1) - DAY:%B}"
    sums = f"To the end of {found.last:%-d %B}: {dollars(found.now)}"
    beside = f"{name} to its day {found.last.day} ({dollars(found.before)})"
    percent = found.percent
    if percent is None:
        return f"{sums}, {beside}."
    if abs(percent) < _LEAST_CHANGE:
        return f"{sums}, as much as {beside}."
    return f"{sums}, {abs(percent):.0f}% {'more' if percent > 0 else 'less'} than {beside}."


def limits(month: Month, settings: AdminSettings) -> Iterator[Span]:
    """Yield the organization's limit of spending and the amounts at which its owners are told."""
    limit, spent = settings.spend_limit, month.so_far
    if limit is not None:
        enforced = "enforced now: requests are refused" if limit.enforced else "not enforced now"
        share = f", {int(spent * 100 / limit.amount)}% spent" if limit.amount else ""
        over = None if month.expected is None else month.expected - limit.amount
        pace = f"; at this pace est. {dollars(over)} over it" if over is not None and over > 0 else ""
        words = f"OpenAI's spend limit: {dollars(limit.amount)} a month{share}, {enforced}{pace}."
        yield words, "over" if limit.enforced else "muted"
    if settings.alerts:
        marks = (f"{dollars(each)}{' (passed)' if spent >= each else ''}" for each in settings.alerts)
        yield f"Owners are told at {', '.join(marks)}.", "muted"


def project_limit(spent: Decimal, limit: SpendLimit) -> str:
    """Return how a project stands beside its limit of spending, as a part of a sentence."""
    share = f" ({int(spent * 100 / limit.amount)}%)" if limit.amount else ""
    enforced = ", enforced now: requests are refused" if limit.enforced else ""
    return f"{dollars(spent)} of {dollars(limit.amount)}{share}{enforced}"


def as_of(costs: Costs, now: datetime) -> str:
    """Return how old the figures are, and what they are not."""
    age = "" if costs.read_at is None else f"Read {formatting.duration(max(timedelta(0), now - costs.read_at))} ago. "
    return f"{age}Costs follow usage by hours, and may differ from it a little: for the books, costs count."

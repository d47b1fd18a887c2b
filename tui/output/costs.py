"""What it costs, in lines of text: this month and its end, the budget, line items, and what free tokens are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tui.domain import formatting, sanitize
from tui.domain.admin_settings import NO_SETTINGS, AdminSettings, Question, SpendLimit, Topic
from tui.domain.compare import MonthBefore, month_before
from tui.domain.costs import (
    Cost,
    Costs,
    Month,
    by_item,
    by_model,
    by_project,
    charges,
    credits_,
    dollars,
    month_of,
    total,
)
from tui.domain.directory import NO_NAMES, Directory
from tui.domain.prices import Prices, Worth
from tui.domain.prices import worth as value
from tui.domain.time import DAY, midnight
from tui.domain.usage import Report
from tui.output.spans import Span, Spans, Tone

_FEW, _MANY = 5, 20
"""So many of a list are told at least and at most; what is small beside the whole is folded into one line."""

_SMALL = Decimal("0.01")
_LEAST_CHANGE = 0.5
"""Percent: what is less is as much."""

_NAMES, _BARS = 44, 24
"""Cells for the names and for the bars of a list."""


@dataclass(frozen=True, slots=True)
class Money:
    """What is known of a month's money as of `at`, told at `now`: the screen and a command say the same of it.

    `nothing` is what to say where its costs are not known; `free` is what its free tokens are worth; `settings` are
    the limits of spending that the API knows.
    """

    costs: Costs
    at: datetime
    now: datetime
    month: Month | None
    directory: Directory = NO_NAMES
    free: Span | None = None
    nothing: str = "No costs are known."
    settings: AdminSettings = NO_SETTINGS

    @property
    def before(self) -> MonthBefore | None:
        """Return the month beside the one before it, where both are known to the same day."""
        return month_before(self.costs, self.at)

    @property
    def is_over(self) -> bool:
        """Return whether it is a month of the past."""
        return self.month is not None and self.month.is_over


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


def _project_limit(spent: Decimal, limit: SpendLimit) -> str:
    share = f" ({int(spent * 100 / limit.amount)}%)" if limit.amount else ""
    enforced = ", enforced now: requests are refused" if limit.enforced else ""
    return f"{dollars(spent)} of {dollars(limit.amount)}{share}{enforced}"


def worth(found: Worth, prices: Prices, when: str = "this month") -> str:
    """Return what a month's free tokens would have cost."""
    whose = f"at base list prices of {prices.as_of}"
    if found.own:
        most = "" if found.own >= found.tokens else f", and {whose} where these do not tell"
        whose = f"at the prices in your own costs{most}"
    line = f"Free tokens {when}: {formatting.full(found.tokens)}, worth est. {dollars(found.amount)} {whose}."
    if found.unpriced:
        some = ", ".join(map(sanitize.clean, found.models[:3])) + (", …" if len(found.models) > 3 else "")
        line += f" {formatting.full(found.unpriced)} more are of models without a price there: {some}."
    return line


def free_tokens(usage: Report, prices: Prices, problem: str | None = None, when: str = "this month") -> Span:
    """Return what a month's free tokens are worth, as far as its usage could be read; `problem` says why not."""
    if problem is not None:
        return f"What free tokens are worth is not known. {sanitize.clean(problem)}", "warning"
    words, missing, gone = worth(value(usage, prices), prices, when), len(usage.unread()), len(usage.not_kept)
    words += f" Of {formatting.count(missing, 'day')} nothing could be read." if missing else ""
    words += f" Of {formatting.count(gone, 'day')} the API keeps nothing any more." if gone else ""
    return words, "free"


def days(costs: Costs, now: datetime, count: int = 7, *, is_over: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the last days and what each cost; today's is not whole."""
    for ago in range(count):
        start = midnight(now) - ago * DAY
        lines = costs.of(start)
        if lines is None:
            is_gone = costs.kept_from is not None and start < costs.kept_from
            unknown = "not known" if is_over else "not known yet"
            yield formatting.day(start), "not kept by the API" if is_gone else unknown
            continue
        least = "at least " if costs.is_at_least(start) else ""
        marks = ["so far"] if ago == 0 and not is_over else []
        credited = total(credits_(lines))
        if credited:
            marks.append(f"{dollars(-credited)} of credits taken off")
        yield formatting.day(start), "  ".join(filter(None, (f"{least}{dollars(total(lines))}", ", ".join(marks))))


def models(costs: Costs, now: datetime) -> list[tuple[str, Decimal]]:
    """Return what was charged for each model this month, the largest first, and for all that is about none."""
    return _listed(by_model(charges(_this_month(costs, now))), lambda name: name)


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


def lines(known: Money, width: int = _NAMES) -> Iterator[Spans]:
    """Yield what is known of a month's money, line by line in spans; names are as wide as `width` cells."""
    yield from summary(known)
    if known.month is None:
        return
    yield ()
    yield (("By day", "strong"),)
    yield from _days(known)
    yield from details(known, width)


def summary(known: Money) -> Iterator[Spans]:
    """Yield the month against its budget and limits, what is not known of it, and what free tokens are worth."""
    costs, at, month = known.costs, known.at, known.month
    if month is None:
        yield ((sanitize.clean(known.nothing), "warning"),)
    else:
        yield ((headline(month, at), "strong"),)
        left = budget(month)
        if left is not None:
            yield ((left, "over" if month.so_far > (month.budget or 0) else "selected"),)
        if known.before is not None:
            yield ((beside_before(known.before), "muted"),)
        if not month.is_over:
            yield from ((each,) for each in limits(month, known.settings))
        for gap in (*gaps(month), *([] if costs.problem is None else [sanitize.clean(costs.problem)])):
            yield ((gap, "warning"),)
        if costs.kept_from is not None:
            yield ((f"The API keeps costs from {formatting.day(costs.kept_from)} on.", "faint"),)
    if known.free is not None:
        yield (known.free,)


def details(known: Money, width: int = _NAMES, bars: int = _BARS) -> Iterator[Spans]:
    """Yield line items, projects and models, each the largest first, with bars of so many cells."""
    costs, at, month = known.costs, known.at, known.month
    if month is None:
        return
    when = f"{at:%B %Y}" if month.is_over else "this month"
    label = known.directory.label
    yield from _list(f"Charges by line item, {when}", items(costs, at), width, bars)
    yield from _list("By project", projects(costs, at, lambda id_: label("project", id_)), width, bars)
    yield from _project_limits(known)
    yield from _list("By model", models(costs, at), width, bars)
    back = credited(costs, at)
    if back:
        yield from _list(f"Credits, {when}", back, width, 0, shares=False)
    yield ()
    yield ((as_of(costs, known.now), "faint"),)


def _project_limits(known: Money) -> Iterator[Spans]:
    limits_ = {} if known.month is None or known.month.is_over else known.settings.project_limits
    if not limits_:
        return
    spent = by_project(charges(_this_month(known.costs, known.at)))
    yield ()
    yield (("Spend limits of projects, this month", "strong"),)
    for id_, limit in limits_.items():
        name = sanitize.clean(known.directory.label("project", id_))
        tone: Tone = "over" if limit.enforced else "muted"
        amount = spent.get(id_, Decimal(0))
        yield ((f"  {_gauge(amount, limit.amount)} {name}  {_project_limit(amount, limit)}", tone),)


def _gauge(spent: Decimal, limit: Decimal, cells: int = 10) -> str:
    """Return a bar that is full where the limit is reached."""
    full = min(cells, int(spent * cells / limit)) if limit > 0 else cells
    return "━" * full + "─" * (cells - full)


def _days(known: Money) -> Iterator[Spans]:
    """Yield each day of the month so far with a bar, and what each of those that follow is expected to cost."""
    month, costs = known.month, known.costs
    window = month_of(known.at)
    amounts = {start: total(costs.days[start]) for start in window.starts() if start in costs.days}
    mean = None if month is None else month.mean
    top = max([*amounts.values(), mean or Decimal(0)], default=Decimal(0))
    newest_first = list(days(costs, known.at, window.days_before_last + 1, is_over=known.is_over))
    for start, (_, said) in zip(window.starts(), reversed(newest_first), strict=True):
        bar = _bar(amounts.get(start, Decimal(0)), top, _BARS)
        yield ((f"  {formatting.weekday(start)} ", "muted"), (f"{bar:<{_BARS}} ", "billed"), (said, "muted"))
    if mean is not None and month is not None and month.left_days and not known.is_over:
        left, bar = formatting.count(month.left_days, "day"), _bar(mean, top, _BARS, "░")
        words = f"est. {dollars(mean)} on each of the {left} that are left"
        yield (("             ", "muted"), (f"{bar:<{_BARS}} ", "billed"), (words, "muted"))


def _bar(amount: Decimal, top: Decimal, cells: int, mark: str = "▇") -> str:
    """Return a bar as long as its part of the largest; what is more than nothing is seen."""
    return mark * max(1, int(amount * cells / top)) if amount > 0 and top > 0 and cells else ""


def _list(
    title: str, found: Sequence[tuple[str, Decimal]], width: int, bars: int, *, shares: bool = True
) -> Iterator[Spans]:
    """Yield a list, perhaps with shares of the whole, and with bars of so many cells."""
    yield ()
    yield ((title, "strong"),)
    whole = sum((amount for _, amount in found), Decimal(0)) if shares else Decimal(0)
    top = max((amount for _, amount in found), default=Decimal(0))
    for name, amount in found or [("nothing", Decimal(0))]:
        shown = sanitize.elide(sanitize.clean(name), width)
        space = " " * (width - sanitize.width(shown))
        share = (
            ((f" {_share(amount, whole):>6}", "faint"), (f"  {_bar(amount, top, bars)}", "billed")) if whole else ()
        )
        yield ((f"  {shown}{space} ", "muted"), (f"{dollars(amount):>12}", "plain"), *share)


def _share(amount: Decimal, whole: Decimal) -> str:
    """Return a share in percent; 0.0 and 100.0 stand only where they are exact."""
    words = f"{amount * 100 / whole:.1f}%"
    if words == "0.0%" and amount:
        return "<0.1%"
    return ">99.9%" if words == "100.0%" and amount != whole else words


def document(known: Money, found: Worth | None) -> dict[str, Any]:
    """Return a month's money as a document for JSON: amounts are numbers of dollars, what is not known is null."""
    costs, at, month = known.costs, known.at, known.month
    sums = {name: by(charges(_this_month(costs, at))).items() for name, by in _BY.items()}
    return {
        "month": f"{at:%Y-%m}",
        **_sums_of(month),
        "month_before": _before(known.before),
        "days": [
            {"date": formatting.day(day), "cost": float(total(lines))}
            for day, lines in sorted(costs.days.items())
            if day in month_of(at)
        ],
        "models": [{"model": name, "cost": float(amount)} for name, amount in sums["model"]],
        "line_items": [{"line_item": name, "cost": float(amount)} for name, amount in sums["item"]],
        "projects": [
            {"project": id_, "name": known.directory.label("project", id_), "cost": float(amount)}
            for id_, amount in sums["project"]
        ],
        "spend_limit_known": known.settings.tells(Question(Topic.SPEND_LIMIT)),
        "spend_limit": None if known.settings.spend_limit is None else _limit_of(known.settings.spend_limit),
        "spend_alerts": [float(each) for each in known.settings.alerts],
        "project_limits": [
            {"project": id_, **_limit_of(limit)} for id_, limit in known.settings.project_limits.items()
        ],
        "free_tokens": None if found is None else _worth_of(found),
        "read_at": formatting.instant(costs.read_at),
    }


_BY = {"model": by_model, "item": by_item, "project": by_project}


def _sums_of(month: Month | None) -> dict[str, Any]:
    if month is None:
        return dict.fromkeys(("so_far", "charged", "credited", "expected", "budget"))
    return {
        "is_over": month.is_over,
        "so_far": float(month.so_far),
        "charged": float(month.charged),
        "credited": float(-month.credited),
        "expected": None if month.expected is None else float(month.expected),
        "budget": None if month.budget is None else float(month.budget),
        "unknown_days": [formatting.day(day) for day in month.unnamed],
        "incomplete_days": [formatting.day(day) for day in month.at_least],
        "other_currencies": {name: float(amount) for name, amount in month.other_currencies.items()},
    }


def _before(found: MonthBefore | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "to_day": formatting.day(found.last),
        "cost": float(found.now),
        "cost_before": float(found.before),
        "change_percent": found.percent,
    }


def _limit_of(limit: SpendLimit) -> dict[str, Any]:
    return {"amount": float(limit.amount), "enforced": limit.enforced}


def _worth_of(found: Worth) -> dict[str, Any]:
    return {
        "tokens": found.tokens,
        "worth": float(found.amount),
        "tokens_without_price": found.unpriced,
        "tokens_at_own_prices": found.own,
    }


def _this_month(costs: Costs, now: datetime) -> Iterable[Cost]:
    window = month_of(now)
    return (cost for start, lines in costs.days.items() if start in window for cost in lines)


def _listed(found: dict[str, Decimal], label: Callable[[str], str]) -> list[tuple[str, Decimal]]:
    """Return what was paid for what, the small ones folded into one line: `19 more`, with their sum."""
    paid = [(label(name), amount) for name, amount in found.items()]
    whole = sum((abs(amount) for _, amount in paid), Decimal(0))
    large = sum(abs(amount) >= whole * _SMALL for _, amount in paid)
    count = min(max(large, _FEW), _MANY)
    if len(paid) <= count + 1:  # one alone needs no fold
        return paid
    rest = sum((amount for _, amount in paid[count:]), Decimal(0))
    return [*paid[:count], (f"{formatting.full(len(paid) - count)} more", rest)]


def as_of(costs: Costs, now: datetime) -> str:
    """Return how old the figures are, and what they are not."""
    age = "" if costs.read_at is None else f"Read {formatting.duration(max(timedelta(0), now - costs.read_at))} ago. "
    return f"{age}Costs follow usage by hours, and may differ from it a little: for the books, costs count."

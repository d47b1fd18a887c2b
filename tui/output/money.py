"""A month's money in lines of text: its sums, its days, and what was paid for what, with bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.domain import formatting, sanitize
from tui.domain.admin_settings import NO_SETTINGS, AdminSettings
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
from tui.domain.time import DAY, midnight
from tui.output.month import as_of, beside_before, budget, gaps, headline, limits, project_limit
from tui.output.spans import Span, Spans, Tone

_FEW, _MANY = 5, 20
"""So many of a list are told at least and at most; what is small beside the whole is folded into one line."""

_SMALL = Decimal("0.01")

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
    return _listed(by_model(charges(this_month(costs, now))), lambda name: name)


def items(costs: Costs, now: datetime) -> list[tuple[str, Decimal]]:
    """Return what was charged for each line item this month, the largest first."""
    return _listed(by_item(charges(this_month(costs, now))), lambda name: name)


def projects(costs: Costs, now: datetime, label: Callable[[str], str]) -> list[tuple[str, Decimal]]:
    """Return what each project was charged this month, by its shown name."""
    return _listed(by_project(charges(this_month(costs, now))), label)


def credited(costs: Costs, now: datetime) -> list[tuple[str, Decimal]]:
    """Return what was given back this month, by line item, the largest first."""
    found = by_item(credits_(this_month(costs, now)))
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
    spent = by_project(charges(this_month(known.costs, known.at)))
    yield ()
    yield (("Spend limits of projects, this month", "strong"),)
    for id_, limit in limits_.items():
        name = sanitize.clean(known.directory.label("project", id_))
        tone: Tone = "over" if limit.enforced else "muted"
        amount = spent.get(id_, Decimal(0))
        yield ((f"  {_gauge(amount, limit.amount)} {name}  {project_limit(amount, limit)}", tone),)


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


def this_month(costs: Costs, now: datetime) -> Iterable[Cost]:
    """Return the lines of the month that `now` is in."""
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

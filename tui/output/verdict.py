"""The verdict: in one sentence what was free and billed today, what it cost, and whether the pools last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tui.domain import formatting, sanitize
from tui.domain.costs import dollars
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.domain.today import Today, by_end
from tui.output.spans import Span, Spans, Tone

TONES: dict[Outlook, Tone] = {
    Outlook.SPENT: "over",
    Outlook.RUNS_OUT: "warning",
    Outlook.LASTS: "good",
    Outlook.UNKNOWN: "faint",
}


def verdict(today: Today, width: int, why: str = "i") -> Spans:
    """Return the sentence in at most so many cells: parts get shorter, and the least of them are left out whole."""
    parts = list(_parts(today, f": {why} says why" if why else ""))
    forms: dict[int, int | None] = dict.fromkeys(range(_DAYS + 1), 0)
    for rank, form in _STEPS:
        spans = _spans(parts, forms)
        if _cells(spans) <= width:
            return spans
        forms[rank] = form
    return _spans(parts, forms)


_FIRST, _USAGE, _IN_TROUBLE, _LASTING, _DAYS = range(5)
"""Ranks of the parts: the pool that ends first, today's use, others that do not last, those that do, past days."""

_STEPS: tuple[tuple[int, int | None], ...] = (
    (_DAYS, 1), (_USAGE, 1), (_FIRST, 1), (_DAYS, None), (_LASTING, 1), (_IN_TROUBLE, 1), (_FIRST, 2),
    (_LASTING, None), (_IN_TROUBLE, 2), (_USAGE, 2), (_USAGE, 3), (_IN_TROUBLE, None),
)  # fmt: skip
"""What gives way where there is less room, in order: a rank, and the form that its parts take (None: left out)."""

_Part = tuple[int, tuple[str, ...], Tone]
"""How much a part matters (0 most), its forms from the longest on, and its tone."""


def _spans(parts: Iterable[_Part], forms: Mapping[int, int | None]) -> Spans:
    taken = ((words, forms[rank], tone) for rank, words, tone in parts)
    return tuple((words[min(form, len(words) - 1)], tone) for words, form, tone in taken if form is not None)


_SEPARATOR = " · "


def _cells(spans: Iterable[Span]) -> int:
    widths = [sanitize.width(words) for words, _ in spans]
    return sum(widths) + len(_SEPARATOR) * (len(widths) - 1)


def _parts(today: Today, hint: str) -> Iterable[_Part]:
    """Yield the parts in the order in which they are said."""
    yield _USAGE, _usage(today), "plain"
    if not any(each.pool.measured for each in today.pools) and today.sums.billed:
        yield _FIRST, (f"nothing was free today{hint}", "nothing free today"), "over"
        return
    for place, status in enumerate(by_end(today.pools)):
        others = _IN_TROUBLE if status.outlook in {Outlook.SPENT, Outlook.RUNS_OUT} else _LASTING
        yield (_FIRST if place == 0 else others), of_pool(status, today.now), TONES[status.outlook]
    if today.nothing_free:
        last = max(today.nothing_free)
        more = len(today.nothing_free) - 1
        days = f"{last:%a %d %b}" + (f" and {formatting.count(more, 'day')} more" if more else "")
        yield _DAYS, (f"nothing was free on {days}{hint}", f"nothing free on {last:%d %b}"), "warning"


def _usage(today: Today) -> tuple[str, ...]:
    free, billed = formatting.short(today.sums.free), formatting.short(today.sums.billed)
    cost = "" if today.cost is None else f", {dollars(today.cost)}"
    short = f"{free} free, {billed} billed"
    return f"Today {short}{cost}", f"{short}{cost}", short, f"{free} free"


def of_pool(status: PoolStatus, now: datetime) -> tuple[str, ...]:
    """Return how a pool goes on, in words, from the longest form to the shortest."""
    name, forecast = status.pool.name, status.forecast
    match status.outlook:
        case Outlook.SPENT:
            since = status.pool.stuck_since
            return f"{name} is spent{'' if since is None else f' (est.) since {since:%H:%M}'}", f"{name} is spent"
        case Outlook.RUNS_OUT:
            start, end = forecast.earliest, forecast.latest
            if start is None:
                return f"{name} runs out before the reset", f"{name} runs out"
            if start <= now:  # the API counts minutes late: it may be over already
                return (f"{name} runs out about now",)
            first, last = f"{start:%H:%M}", None if end is None else f"{end:%H:%M}"
            span = f"{first} or later" if last is None else first if last == first else f"{first}-{last}"
            left = formatting.duration(max(start, now) - now)
            long = f"{name} runs out in {left} ({span}), before the reset"
            return long, f"{name} runs out in {left} ({span})", f"{name} runs out est. {start:%H:%M}"
        case Outlook.LASTS:
            return (f"{name} lasts",)
        case _:
            return f"{name}: pace not known yet", f"{name} ?"

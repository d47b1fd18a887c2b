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

_TONES: dict[Outlook, Tone] = {
    Outlook.SPENT: "over",
    Outlook.RUNS_OUT: "warning",
    Outlook.LASTS: "good",
    Outlook.UNKNOWN: "faint",
}


def verdict(today: Today, width: int, why: str = "i") -> Spans:
    """Return the sentence in at most so many cells: parts get shorter, and the least of them are left out whole."""
    parts = list(_parts(today, f": {why} says why" if why else ""))
    forms: dict[int, int | None] = dict.fromkeys(range(_RANKS), 0)
    for rank, form in _STEPS:
        spans = _spans(parts, forms)
        if _cells(spans) <= width:
            return spans
        forms[rank] = form
    return _spans(parts, forms)


_RANKS = 4
_STEPS: tuple[tuple[int, int | None], ...] = (
    (3, 1), (1, 1), (0, 1), (3, None), (2, 1), (0, 2), (2, None), (1, 2),
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
    yield 1, _usage(today), "plain"
    if not any(each.pool.measured for each in today.pools) and today.sums.billed:
        yield 0, (f"nothing was free today{hint}", "nothing free today"), "over"
        return
    for place, status in enumerate(by_end(today.pools)):
        yield (0 if place == 0 else 2), of_pool(status, today.now), _TONES[status.outlook]
    if today.nothing_free:
        last = max(today.nothing_free)
        more = len(today.nothing_free) - 1
        days = f"{last:%a %d %b}" + (f" and {formatting.count(more, 'day')} more" if more else "")
        yield 3, (f"nothing was free on {days}{hint}", f"nothing free on {last:%d %b}"), "warning"


def _usage(today: Today) -> tuple[str, ...]:
    free, billed = formatting.short(today.sums.free), formatting.short(today.sums.billed)
    cost = "" if today.cost is None else f", {dollars(today.cost)}"
    return f"Today {free} free, {billed} billed{cost}", f"{free} free, {billed} billed{cost}", f"{free} free"


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
            until = "or later" if end is None else f"{end:%H:%M}"
            span = f"{start:%H:%M} or later" if end is None else f"{start:%H:%M}-{until}"
            left = formatting.duration(max(start, now) - now)
            long = f"{name} runs out in {left} ({span}), before the reset"
            return long, f"{name} runs out in {left} ({span})", f"{name} runs out est. {start:%H:%M}"
        case Outlook.LASTS:
            return (f"{name} lasts",)
        case _:
            return f"{name}: pace not known yet", f"{name} ?"

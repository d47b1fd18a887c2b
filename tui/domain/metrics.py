"""The numbers of a line, by name: titles, units, and how each is had from its sums and its cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from tui.domain import percent
from tui.domain.compare import Change
from tui.domain.kinds import Kind
from tui.domain.rows import Sums

Number = int | float | Decimal | Literal["new"] | None
"""None where there is nothing to divide by, or the cost is not known; `new` where there was nothing before."""

DELTA = "delta"
"""The metric that tells how much more it is than before."""

DOLLARS = "dollars"
"""The unit of metrics that need to know what a line cost."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a group: what stands over it, what it counts, its value, and where it differs the one to read.

    Values follow from the sums, from the cost in dollars (None where that is not known), and of a change from how
    much it was before. `short` is a title that is
    no wider than the numbers under it; `words` are what one orders by, where name and unit do not say it.
    """

    title: str
    unit: str
    compute: Callable[[Sums, Decimal | None], Number]
    rounded: Callable[[Sums], Number] | None = None
    short: str = ""
    words: str = ""
    is_change: bool = False

    def value(self, sums: Sums, cost: Decimal | None = None, change: Change | None = None) -> Number:
        """Return the exact value, as programs get it."""
        if self.is_change:
            return None if change is None else change.percent
        return self.compute(sums, cost)

    def as_read(self, sums: Sums, cost: Decimal | None = None, change: Change | None = None) -> Number:
        """Return the value as people read it."""
        if self.is_change:
            found = self.value(sums, cost, change)
            return round(found) if isinstance(found, float) else found
        return self.compute(sums, cost) if self.rounded is None else self.rounded(sums)


def _per_request(sums: Sums) -> float | None:
    try:
        return round(sums.total / sums.requests, 1) if sums.requests else None
    except OverflowError:  # a number that no tokens ever were
        return None


def _cost_per_request(sums: Sums, cost: Decimal | None) -> Decimal | None:
    return None if cost is None or not sums.requests else round(cost / sums.requests, 12)


_ALL = {
    "input": Metric("Input", "tokens", lambda sums, _: sums.input),
    "cached": Metric("Cached", "tokens", lambda sums, _: sums.cached),
    "uncached": Metric("Uncached", "tokens", lambda sums, _: max(0, sums.uncached)),
    "cache_writes": Metric(
        "Cache writes",
        "tokens",
        lambda sums, _: sums.cache_writes,
        short="C.writes",
        words="tokens written to the cache",
    ),
    "audio": Metric("Audio", "tokens", lambda sums, _: sums.audio),
    "image": Metric("Image", "tokens", lambda sums, _: sums.image),
    "output": Metric("Output", "tokens", lambda sums, _: sums.output),
    "total": Metric("Total", "tokens", lambda sums, _: sums.total),
    "requests": Metric("Requests", "requests", lambda sums, _: sums.requests),
    "per_request": Metric(
        "Tokens/request", "tokens", lambda sums, _: _per_request(sums), short="Tok/req", words="tokens a request"
    ),
    "free": Metric("Free", "tokens", lambda sums, _: sums.free),
    "billed": Metric("Billed", "tokens", lambda sums, _: sums.billed),
    "share": Metric(
        "Free%", "%", lambda sums, _: sums.share, lambda sums: sums.whole_share, words="share of free tokens"
    ),
    "amount": Metric("Amount", "", lambda sums, _: sums.amount),
    "cache_hit_rate": Metric(
        "Cache hits %",
        "%",
        lambda sums, _: percent.tenths(sums.cached, sums.input) if sums.input else None,
        lambda sums: percent.whole(sums.cached, sums.input) if sums.input else None,
        short="Hits",
        words="share of cached input",
    ),
    DELTA: Metric("Δ%", "%", lambda _sums, _cost: None, short="Δ", words="change against before", is_change=True),
    "cost": Metric("Cost", DOLLARS, lambda _, cost: cost, words="cost"),
    "cost_per_request": Metric(
        "Cost/request",
        DOLLARS,
        _cost_per_request,
        short="$/req",
        words="all that a line cost, divided by its requests",
    ),
}


@cache
def metrics(kind: Kind) -> Mapping[str, Metric]:
    """Return the metrics of a kind of usage, by name, in order; what it counts has the name of its unit."""
    unit, found = kind.description.unit, {}
    for name in (*kind.description.metrics, *kind.description.more, DELTA):
        if name == "amount":
            found[unit] = replace(_ALL[name], title=unit.capitalize(), unit=unit)
        else:
            found[name] = _ALL[name]
    return found


@cache
def usual_metrics(kind: Kind) -> Mapping[str, Metric]:
    """Return those that are shown of a kind where nobody chooses."""
    return dict(list(metrics(kind).items())[: len(kind.description.metrics)])


NEED_TIERS = frozenset({"free", "billed", "share"})
"""Metrics that are known only where the API breaks its answer down by service tier."""

NEED_COSTS = frozenset(name for name, metric in _ALL.items() if metric.unit == DOLLARS)
"""Metrics that are known only where costs are."""

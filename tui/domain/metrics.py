"""The numbers that sums hold, by name: titles, units, and how each is had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from tui.domain.kinds import Kind
from tui.domain.usage import Sums

Number = int | float | None
"""None where there is nothing to divide by."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a group: what stands over it, what it counts, its value, and where it differs the one to read."""

    title: str
    unit: str
    value: Callable[[Sums], Number]
    rounded: Callable[[Sums], Number] | None = None

    def as_read(self, sums: Sums) -> Number:
        """Return the value as people read it; programs get the exact one."""
        return (self.rounded or self.value)(sums)


def _per_request(sums: Sums) -> float | None:
    try:
        return round(sums.total / sums.requests, 1) if sums.requests else None
    except OverflowError:  # a number that no tokens ever were
        return None


_ALL = {
    "input": Metric("Input", "tokens", lambda sums: sums.input),
    "cached": Metric("Cached", "tokens", lambda sums: sums.cached),
    "uncached": Metric("Uncached", "tokens", lambda sums: max(0, sums.uncached)),
    "cache_writes": Metric("Cache writes", "tokens", lambda sums: sums.cache_writes),
    "audio": Metric("Audio", "tokens", lambda sums: sums.audio),
    "image": Metric("Image", "tokens", lambda sums: sums.image),
    "output": Metric("Output", "tokens", lambda sums: sums.output),
    "total": Metric("Total", "tokens", lambda sums: sums.total),
    "requests": Metric("Requests", "requests", lambda sums: sums.requests),
    "per_request": Metric("Tokens/request", "tokens", _per_request),
    "free": Metric("Free", "tokens", lambda sums: sums.free),
    "billed": Metric("Billed", "tokens", lambda sums: sums.billed),
    "share": Metric("Free %", "%", lambda sums: sums.share, lambda sums: sums.whole_share),
    "amount": Metric("Amount", "", lambda sums: sums.amount),
}


@cache
def metrics(kind: Kind) -> Mapping[str, Metric]:
    """Return the measures of a kind of usage, by name, in order; what it counts has the name of its unit."""
    unit = kind.description.unit
    found = {}
    for name in kind.description.metrics:
        if name == "amount":
            found[unit] = replace(_ALL[name], title=unit.capitalize(), unit=unit)
        else:
            found[name] = _ALL[name]
    return found


NEED_TIERS = frozenset({"free", "billed", "share"})
"""Measures that are known only where the API breaks its answer down by service tier."""

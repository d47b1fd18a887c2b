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
class Measure:
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
    "input": Measure("Input", "tokens", lambda sums: sums.input),
    "cached": Measure("Cached", "tokens", lambda sums: sums.cached),
    "uncached": Measure("Uncached", "tokens", lambda sums: max(0, sums.uncached)),
    "cache_writes": Measure("Cache writes", "tokens", lambda sums: sums.cache_writes),
    "audio": Measure("Audio", "tokens", lambda sums: sums.audio),
    "image": Measure("Image", "tokens", lambda sums: sums.image),
    "output": Measure("Output", "tokens", lambda sums: sums.output),
    "total": Measure("Total", "tokens", lambda sums: sums.total),
    "requests": Measure("Requests", "requests", lambda sums: sums.requests),
    "per_request": Measure("Tokens/request", "tokens", _per_request),
    "free": Measure("Free", "tokens", lambda sums: sums.free),
    "billed": Measure("Billed", "tokens", lambda sums: sums.billed),
    "share": Measure("Free %", "%", lambda sums: sums.share, lambda sums: sums.whole_share),
    "amount": Measure("Amount", "", lambda sums: sums.amount),
}


@cache
def measures(kind: Kind) -> Mapping[str, Measure]:
    """Return the measures of a kind of usage, by name, in order; what it counts has the name of its unit."""
    unit = kind.description.unit
    found = {}
    for name in kind.description.measures:
        if name == "amount":
            found[unit] = replace(_ALL[name], title=unit.capitalize(), unit=unit)
        else:
            found[name] = _ALL[name]
    return found


NEED_TIERS = frozenset({"free", "billed", "share"})
"""Measures that are known only where the API breaks its answer down by service tier."""

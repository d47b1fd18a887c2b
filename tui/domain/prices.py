"""List prices that hold from a day on, and what tokens cost at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from tui.domain.costs import Cost
from tui.domain.dimensions import without_date
from tui.domain.rows import Row
from tui.domain.usage import Report

_MILLION = 1_000_000
_ONE = Decimal(1)

OwnPrices = Mapping[tuple[str, str], Mapping[date, Decimal]]
"""Dollars a million tokens, by model, kind of tokens and UTC day."""

BATCH = "batch"
"""What stands for batches beside the service tiers in the list of factors."""


@dataclass(frozen=True, slots=True)
class Price:
    """List prices of one model from a UTC day on, in dollars a million tokens.

    Without a price for tokens that are written to the cache, for 30 minutes or for 12 hours, they cost what input
    costs. `regional` is the factor of projects whose data stay in a region.
    """

    input: Decimal
    cached: Decimal
    output: Decimal
    cache_write: Decimal | None = None
    cache_write_12h: Decimal | None = None
    regional: Decimal = _ONE
    since: date = date.min

    def amount(self, row: Row) -> Decimal:
        """Return what the tokens of a row cost, in dollars, at these prices as they are."""
        cached = min(row.input_cached_tokens, row.input_tokens)
        long = min(row.input_cache_write_12h_tokens, row.input_tokens - cached)
        written = max(0, min(row.input_cache_write_tokens - long, row.input_tokens - cached - long))
        return (
            (row.input_tokens - cached - written - long) * self.input
            + cached * self.cached
            + written * (self.input if self.cache_write is None else self.cache_write)
            + long * (self.input if self.cache_write_12h is None else self.cache_write_12h)
            + row.output_tokens * self.output
        ) / _MILLION


@dataclass(frozen=True, slots=True)
class Factor:
    """What prices are multiplied by in a service tier, from a UTC day on."""

    factor: Decimal
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Prices:
    """List prices by model, oldest first, and factors by service tier, with the date and the source of the list.

    `own` are the organization's own prices by model, kind of tokens and UTC day; see `unit_prices`.
    """

    models: Mapping[str, tuple[Price, ...]]
    as_of: date
    source: str
    factors: Mapping[str, tuple[Factor, ...]] = field(default_factory=dict)
    own: OwnPrices = field(default_factory=dict)

    def of(self, model: str | None, day: date) -> Price | None:
        """Return a model's prices on a UTC day: by its exact name, or by a listed name plus a date."""
        if model is None:
            return None
        price = self._listed(model, day)
        if price is None or not self.own:
            return price
        own = (self._own(model, part, day) for part in _PARTS)
        known = (price.input, price.cached, price.output)
        tokens_in, cached, out = (listed if paid is None else paid for paid, listed in zip(own, known, strict=True))
        return replace(price, input=tokens_in, cached=cached, output=out)

    def own_tokens(self, row: Row, day: date) -> int:
        """Return how many tokens of a row the organization's own prices are known of."""
        if row.model is None or not self.own:
            return 0
        cached = min(row.input_cached_tokens, row.input_tokens)
        counts = zip(_PARTS, (row.input_tokens - cached, cached, row.output_tokens), strict=True)
        return sum(count for part, count in counts if self._own(row.model, part, day) is not None)

    def _listed(self, model: str, day: date) -> Price | None:
        listed = self.models.get(model) or self.models.get(without_date(model), ())
        return next((each for each in reversed(listed) if each.since <= day), None)

    def _own(self, model: str, part: str, day: date) -> Decimal | None:
        """Return what was paid on the nearest day with the same list price: one that changed makes others nothing."""
        now = self._listed(model, day)
        days = [each for each in self.own.get((model, part), ()) if self._listed(model, each) is now]
        return self.own[model, part][min(days, key=lambda each: abs(each - day))] if days else None

    def factor(self, row: Row, day: date) -> Decimal:
        """Return what the row's service tier and batch make of a price; a tier that is not listed changes nothing."""
        names = [(row.service_tier or "").lower(), *([BATCH] if row.batch else [])]
        found = _ONE
        for name in names:
            dated = self.factors.get(name, ())
            found *= next((each.factor for each in reversed(dated) if each.since <= day), _ONE)
        return found

    def cost(self, row: Row, day: date, *, regional: bool = False) -> Decimal | None:
        """Return what a row of a UTC day would cost in dollars, an estimate; None for a model without a price.

        Free tokens are priced as those of the usual tier. A request of more than 272,000 input tokens costs twice the
        input and one and a half times the output with some models (price lists of November 2026): sums do not tell.
        """
        price = self.of(row.model, day)
        if price is None:
            return None
        return price.amount(row) * self.factor(row, day) * (price.regional if regional else _ONE)


_PARTS = ("input", "cached input", "output")
"""The kinds of tokens in line items whose prices are looked for."""

_ENOUGH = 1_000
"""A line of fewer tokens has an amount of too few digits to tell a price."""


def unit_prices(days: Mapping[datetime, Sequence[Cost]], usage: Report) -> OwnPrices:
    """Return what the organization itself pays, in dollars a million tokens, by model, kind of tokens and UTC day.

    Only days tell it on which nothing of the model was free, since a line can count free tokens too and then looks
    cheaper; of several projects' lines the highest. Lines of $0 and of service tiers of their own, and those of other
    kinds (`output, long context`) are left out.
    """
    found: dict[tuple[str, str], dict[date, Decimal]] = {}
    free = {(start, row.model) for start, bucket in usage.buckets.items() for row in bucket.rows if row.is_free}
    known = ((start, line) for start, lines in days.items() if start in usage.buckets for line in lines)
    for start, line in known:
        item, kind = line.item, (line.item.token_kind or "").replace("_tokens", "").replace("_", " ").lower()
        if item.model is None or item.service_tier is not None or kind not in _PARTS or (start, item.model) in free:
            continue
        if line.tokens is None or line.tokens < _ENOUGH or line.amount <= 0 or not line.is_in_dollars:
            continue
        of = found.setdefault((item.model, kind), {})
        of[start.date()] = max(of.get(start.date(), Decimal(0)), line.amount * _MILLION / line.tokens)
    return found


def with_own(prices: Prices, days: Mapping[datetime, Sequence[Cost]], usage: Report) -> Prices:
    """Return the prices with those that these days of costs tell beside their usage."""
    return replace(prices, own=unit_prices(days, usage))


@dataclass(frozen=True, slots=True)
class Worth:
    """What free tokens would have cost, an estimate: in dollars, and of how many tokens; others have no price.

    `own` is how many of these tokens have a price that the organization's own costs tell.
    """

    amount: Decimal
    tokens: int
    unpriced: int
    models: tuple[str, ...] = ()
    own: int = 0


def worth(usage: Report, prices: Prices) -> Worth:
    """Return what the free tokens of the days would have cost, each day at the prices of that day."""
    amount, tokens, unpriced, own = Decimal(0), 0, 0, 0
    unknown = set()
    for start, bucket in usage.buckets.items():
        for row in bucket.rows:
            if not row.is_free:
                continue
            cost = prices.cost(row, start.date())
            if cost is None:
                unpriced += row.tokens
                unknown.add(row.name)
                continue
            amount += cost
            tokens += row.tokens
            own += prices.own_tokens(row, start.date())
    return Worth(amount, tokens, unpriced, tuple(sorted(unknown)), own)

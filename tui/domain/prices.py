"""List prices, and what free tokens would have cost at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tui.domain.dimensions import without_date
from tui.domain.usage import Row

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """List prices of one model, in dollars a million tokens."""

    input: Decimal
    cached: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """Base list prices by model, with the date and the source of the list."""

    models: Mapping[str, Price]
    as_of: date
    source: str

    def of(self, model: str | None) -> Price | None:
        """Return a model's prices: by its exact name, or by a listed name plus a date."""
        if model is None:
            return None
        return self.models.get(model) or self.models.get(without_date(model))


@dataclass(frozen=True, slots=True)
class Worth:
    """What free tokens would have cost, an estimate: in dollars, and of how many tokens; others have no price."""

    amount: Decimal
    tokens: int
    unpriced: int
    models: tuple[str, ...] = ()


def worth(rows: Iterable[Row], prices: Prices) -> Worth:
    """Return what the free tokens in the rows would have cost at base list prices.

    Cached input is priced as such; long requests, which cost more, cannot be told apart.
    """
    amount, tokens, unpriced, unknown = Decimal(0), 0, 0, set()
    for row in rows:
        if not row.is_free:
            continue
        price = prices.of(row.model)
        if price is None:
            unpriced += row.tokens
            unknown.add(row.name)
            continue
        cached = min(row.input_cached_tokens, row.input_tokens)
        plain = row.input_tokens - cached
        amount += (plain * price.input + cached * price.cached + row.output_tokens * price.output) / _MILLION
        tokens += row.tokens
    return Worth(amount, tokens, unpriced, tuple(sorted(unknown)))

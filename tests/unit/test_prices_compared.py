"""The list of prices beside that of a package which others keep: each difference has its reason here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from genai_prices.data import providers
from genai_prices.types import ConditionalPrice, StartDateConstraint, TieredPrices

from tui.facts.prices import prices

SHIPPED = prices(None)
OPENAI = next(each for each in providers if each.id == "openai")

DIFFERENT = {
    (
        "o3",
        date.min,
        "cached",
    ): "before 2025-06-10 the package has the cached price of after",
}
"""Model, day from which on the price holds, and what differs."""

UNKNOWN = {
    "gpt-6.2-astra": "newer than the package's release",
    "gpt-6.2-sol": "newer than the package's release",
}


def base(price) -> Decimal | None:
    """The price of a short request."""
    return price.base if isinstance(price, TieredPrices) else price


def _begun(constraint, day: date) -> bool:
    return isinstance(constraint, StartDateConstraint) and constraint.start_date <= day


def listed(model: str, day: date):
    """The package's price of a model on a day."""
    found = OPENAI.find_model(model)
    if found is None or not isinstance(found.prices, list):
        return None if found is None else found.prices
    holds = [
        each.prices
        for each in found.prices
        if isinstance(each, ConditionalPrice) and (each.constraint is None or _begun(each.constraint, day))
    ]
    return holds[-1]


@pytest.mark.parametrize(
    ("model", "since"), [(model, each.since) for model, dated in SHIPPED.models.items() for each in dated]
)
def test_a_price_is_the_packages_or_differs_for_a_reason(model, since):
    day = max(since, date(2025, 1, 1))
    own, other = SHIPPED.of(model, day), listed(model, day)
    if model in UNKNOWN:
        assert other is None or base(other.input_mtok) != own.input or base(other.cache_read_mtok) != own.cached, (
            "the package knows it by now: take it off this list"
        )
        return
    assert other is not None, "the package does not know it: name the reason above"
    pairs = {
        "input": (own.input, base(other.input_mtok)),
        "output": (own.output, base(other.output_mtok)),
        "cached": (own.cached, base(other.cache_read_mtok) or own.input),
        "cache_write": (own.cache_write, base(other.cache_write_mtok)),
    }
    differing = {part for part, (ours, theirs) in pairs.items() if ours != theirs}
    assert differing == {part for name, day, part in DIFFERENT if (name, day) == (model, since)}

"""Reads the list of prices: the one that is shipped, or the user's own in its place."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from pathlib import Path

import msgspec

from tui import facts
from tui.domain import sanitize
from tui.domain.prices import Factor, Price, Prices
from tui.errors import BadSettings
from tui.system import toml_file


class _Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    input: Decimal
    output: Decimal
    cached: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_12h: Decimal | None = None
    regional: Decimal = Decimal(1)
    since: date = date.min

    def price(self) -> Price:
        cached = self.input if self.cached is None else self.cached
        return Price(
            self.input, cached, self.output, self.cache_write, self.cache_write_12h, self.regional, self.since
        )


class _Factor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    factor: Decimal
    since: date = date.min


class _Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    as_of: date
    source: str
    models: dict[str, _Price | list[_Price]]
    factors: dict[str, list[_Factor]] = {}


def prices(own: Path | None) -> Prices:
    """Return what models cost: from the user's file, where there is one; None for no such file.

    Raises:
        BadSettings: where that cannot be used.
    """
    shipped = facts.path("prices.toml")
    written = None if own is None else toml_file.table(own)
    try:
        if written is None:
            found = msgspec.toml.decode(shipped.read_bytes(), type=_Prices)
        else:
            found = msgspec.convert(written, _Prices, builtin_types=(date, datetime, time), str_keys=True)
    except msgspec.MsgspecError as error:
        raise BadSettings(
            f"{sanitize.clean(str(own))} is no list of prices ({sanitize.clean(str(error))})."
        ) from error
    models = {name: _dated(each) for name, each in found.models.items()}
    factors = {
        name.lower(): tuple(sorted((Factor(each.factor, each.since) for each in dated), key=lambda each: each.since))
        for name, dated in found.factors.items()
    }
    for name, listed in models.items():
        if not all(map(_is_usable, listed)):
            raise BadSettings(
                f"{sanitize.clean(str(own))}: the price of {sanitize.clean(name)} is no amount of dollars."
            )
    if not all(each.factor.is_finite() and each.factor >= 0 for each in chain.from_iterable(factors.values())):
        raise BadSettings(f"{sanitize.clean(str(own))}: a factor is no number that prices can be multiplied by.")
    return Prices(models, found.as_of, found.source, factors)


def _dated(found: _Price | list[_Price]) -> tuple[Price, ...]:
    listed = [found] if isinstance(found, _Price) else found
    return tuple(sorted((each.price() for each in listed), key=lambda each: each.since))


def _is_usable(price: Price) -> bool:
    amounts = (price.input, price.cached, price.output, price.cache_write, price.cache_write_12h, price.regional)
    return all(amount is None or (amount.is_finite() and amount >= 0) for amount in amounts)

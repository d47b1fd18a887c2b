"""Reads the list of prices: the one that is shipped, or the user's own in its place."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import msgspec

from tui import facts
from tui.domain import sanitize
from tui.domain.prices import Price, Prices
from tui.errors import BadSettings
from tui.system import toml_file


class _Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    input: Decimal
    cached: Decimal
    output: Decimal


class _Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    as_of: date
    source: str
    models: dict[str, _Price]


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
    models = {name: Price(each.input, each.cached, each.output) for name, each in found.models.items()}
    for name, price in models.items():
        if not all(amount.is_finite() and amount >= 0 for amount in (price.input, price.cached, price.output)):
            raise BadSettings(
                f"{sanitize.clean(str(own))}: the price of {sanitize.clean(name)} is no amount of dollars."
            )
    return Prices(models, found.as_of, found.source)

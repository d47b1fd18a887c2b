"""Reads the published catalogue: which models share which pool, how large the pools are, and since when.

The source of each figure, and its date, stand in `catalogue.toml`.
"""

from __future__ import annotations

from datetime import date

import msgspec

from tui import facts


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tokens a day that organizations of these usage tiers are given, in each pool."""

    usage_tiers: tuple[str, ...]
    large: int
    small: int

    @property
    def limits(self) -> dict[str, int]:
        """Return the tokens a day by pool."""
        return {"large": self.large, "small": self.small}


class Tiers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two sizes of pools."""

    lower: Tier
    higher: Tier


class Models(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The names of the models that share a pool."""

    large: frozenset[str]
    small: frozenset[str]


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What OpenAI publishes of its complimentary tokens, where, and when that was read."""

    as_of: date
    source: str
    tiers: Tiers
    pools: Models


def published() -> Published:
    """Return the catalogue that is shipped."""
    return msgspec.toml.decode(facts.path("catalogue.toml").read_bytes(), type=Published)

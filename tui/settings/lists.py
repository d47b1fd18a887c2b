"""Reads the catalogue that is shipped, and puts the user's limits into it."""

from __future__ import annotations

from datetime import date
from importlib import resources

import msgspec

from tui.domain.catalogue import Catalogue, Limit
from tui.settings.schema import Config


class _Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    usage_tiers: tuple[int, ...]
    large: int
    small: int


class _Tiers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lower: _Tier
    higher: _Tier


class _Pools(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    large: frozenset[str]
    small: frozenset[str]


class _Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    as_of: date
    source: str
    tiers: _Tiers
    pools: _Pools


def catalogue(config: Config) -> Catalogue:
    """Return which model belongs to which pool, and how large the pools are.

    A limit in the config beats the usage tier in the config; without either, the lower tier is assumed.
    """
    content = resources.files("tui.data").joinpath("catalogue.toml").read_bytes()
    lists = msgspec.toml.decode(content, type=_Lists)
    tiers = (lists.tiers.lower, lists.tiers.higher)
    tier = next((tier for tier in tiers if config.usage_tier in tier.usage_tiers), lists.tiers.lower)
    source = "assumed" if config.usage_tier is None else "config"
    return Catalogue(
        pools={"large": lists.pools.large, "small": lists.pools.small},
        limits={
            "large": _limit(config.limits.large, tier.large, source),
            "small": _limit(config.limits.small, tier.small, source),
        },
        as_of=lists.as_of,
        source=lists.source,
    )


def _limit(own: int | None, of_tier: int, source: str) -> Limit:
    return Limit(of_tier, source) if own is None else Limit(own, "config")

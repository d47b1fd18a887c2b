"""Reads the catalogue that is shipped, and puts what the user set into it: limits, pools, projects."""

from __future__ import annotations

from datetime import date

import msgspec

from tui import data
from tui.config.schema import Config
from tui.domain import text
from tui.domain.catalogue import Catalogue
from tui.errors import BadSettings


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


def check(config: Config) -> None:
    """Refuse lists that contradict each other.

    Raises:
        BadSettings: where a model is in two pools.
    """
    models = [*config.pools.large, *config.pools.small, *config.pools.none]
    twice = sorted({text.inert(model) for model in models if models.count(model) > 1})
    if twice:
        raise BadSettings(f"config.toml: [pools] names {', '.join(twice)} more than once.")


def catalogue(config: Config) -> Catalogue:
    """Return which model belongs to which pool, and how large the pools are where the user said so.

    A limit in the config beats the usage tier in the config.
    """
    content = data.path("catalogue.toml").read_bytes()
    lists = msgspec.toml.decode(content, type=_Lists)
    tiers = (lists.tiers.lower, lists.tiers.higher)
    said = next((_amounts(tier) for tier in tiers if config.usage_tier in tier.usage_tiers), {})
    limits = {"large": config.limits.large, "small": config.limits.small}
    pools = {"large": config.pools.large, "small": config.pools.small, None: config.pools.none}
    return Catalogue(
        listed=dict.fromkeys(lists.pools.large, "large") | dict.fromkeys(lists.pools.small, "small"),
        lower=_amounts(lists.tiers.lower),
        higher=_amounts(lists.tiers.higher),
        as_of=lists.as_of,
        source=lists.source,
        own={model: pool for pool, models in pools.items() for model in models},
        limits=said | {pool: tokens for pool, tokens in limits.items() if tokens is not None},
        sharing_projects=None if config.sharing_projects is None else frozenset(config.sharing_projects),
    )


def _amounts(tier: _Tier) -> dict[str, int]:
    return {"large": tier.large, "small": tier.small}

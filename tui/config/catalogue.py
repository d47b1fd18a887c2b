"""The catalogue with what the user set: limits, pools of their own, projects that share."""

from __future__ import annotations

from tui.config.schema import Config
from tui.domain import sanitize
from tui.domain.catalogue import Catalogue
from tui.errors import BadSettings
from tui.facts.catalogue import published


def check(config: Config) -> None:
    """Refuse lists that contradict each other.

    Raises:
        BadSettings: where a model is in two pools.
    """
    said = {"pools": config.pools} | {f"profiles.{name}.pools": each.pools for name, each in config.profiles.items()}
    for place, pools in said.items():
        models = [*pools.large, *pools.small, *pools.none]
        twice = sorted({sanitize.clean(model) for model in models if models.count(model) > 1})
        if twice:
            raise BadSettings(f"config.toml: [{place}] names {', '.join(twice)} more than once.")


_OLD_TIERS = {1: "build", 2: "build", 3: "launch", 4: "launch", 5: "grow"}
"""What the usage tiers of before 2026-10-06 are called now; of 3 to 5 only the size of the pools is known."""


def old_usage_tier(config: Config) -> str | None:
    """Return a sentence on a usage tier that has another name by now, or None where there is no such."""
    if not isinstance(config.usage_tier, int):
        return None
    names = "build" if _OLD_TIERS[config.usage_tier] == "build" else "launch or grow"
    return f"Usage tier {config.usage_tier} is called {names} since 2026-10-06: set usage_tier so in config.toml."


def effective_catalogue(config: Config) -> Catalogue:
    """Return which model belongs to which pool, and how large the pools are where the user said so.

    A limit in the config beats the usage tier in the config.
    """
    lists = published()
    tiers = (lists.tiers.lower, lists.tiers.higher)
    said = config.usage_tier
    usage_tier = _OLD_TIERS[said] if isinstance(said, int) else (said or "").lower()
    of_tier = next((tier.limits for tier in tiers if usage_tier in tier.usage_tiers), {})
    limits = {"large": config.limits.large, "small": config.limits.small}
    pools = {"large": config.pools.large, "small": config.pools.small, None: config.pools.none}
    return Catalogue(
        listed=dict.fromkeys(lists.pools.large, "large") | dict.fromkeys(lists.pools.small, "small"),
        lower=lists.tiers.lower.limits,
        higher=lists.tiers.higher.limits,
        as_of=lists.as_of,
        source=lists.source,
        own={model: pool for pool, models in pools.items() for model in models},
        limits=of_tier | {pool: tokens for pool, tokens in limits.items() if tokens is not None},
        sharing_projects=None if config.sharing_projects is None else frozenset(config.sharing_projects),
    )

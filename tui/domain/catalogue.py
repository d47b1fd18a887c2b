"""Which pool a model belongs to, and how large the pools can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

NO_POOL, UNKNOWN_POOL = "none", "unknown"
"""What stands for a pool: of a model that is in none, and of one that is newer than the lists."""

_DATED = re.compile(r"(?P<base>.+)-(?P<date>\d{4}-\d{2}-\d{2})")
_VERSION = re.compile(r"(?P<series>gpt-|o)(?P<major>\d+)(?:\.(?P<minor>\d+))?(?:-(?P<family>[a-z]+)(?!\w))?")
"""The beginning of a model's name: `gpt-6.1-sol` is of the version 6.1 and of the family `sol`."""


@dataclass(frozen=True)
class Catalogue:
    """The lists of models of each pool, with the date and the source of the lists, and what the user set.

    `listed` and `own` name the pool of a model, the user's lists with None for "in no pool". `lower` and `higher` are
    the amounts of usage tiers Build, and Launch and Grow, in tokens a UTC day. `limits` are those that the user set.
    `sharing_projects` are the ids of the projects whose traffic is shared, or None where that was not said.
    `has_larger_pools` is set where a rate limit proved the usage tiers Launch or Grow.
    """

    listed: Mapping[str, str]
    lower: Mapping[str, int]
    higher: Mapping[str, int]
    as_of: date
    source: str
    own: Mapping[str, str | None] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    sharing_projects: frozenset[str] | None = None
    has_larger_pools: bool = False

    @property
    def pools(self) -> tuple[str, ...]:
        """Return the names of the pools, in order."""
        return tuple(self.lower)

    @property
    def knows_limits(self) -> bool:
        """Return whether the pools' sizes are known without what was used on other days."""
        return self.has_larger_pools or set(self.limits) == set(self.pools)

    def pool_of(self, model: str | None) -> str | None:
        """Return the pool's name, or None for a model in no list.

        A model belongs by its exact name, or by a listed name plus `-YYYY-MM-DD`. Prefixes and families say
        nothing: `gpt-5.4-pro` is in no pool, and `gpt-6-luna` is not where `gpt-5.6-luna` is. What the user said
        comes before the list.
        """
        found = self._found
        if model not in found:
            found[model] = _pool_in((self.own, self.listed), model)
        return found[model]

    @cached_property
    def _found(self) -> dict[str | None, str | None]:
        """The pools of models that were asked for: each is asked for in thousands of rows."""
        return {}

    def is_newer(self, model: str | None) -> bool:
        """Return whether a model is newer than the lists, which then say nothing of it.

        Its version is higher than any that is listed of its series, as that of `gpt-6.1-sol` and of `gpt-6.2-astra`
        (2026-10-26 and 2026-11-17, after the lists of 2026-09-28), or its snapshot is of a later day.
        """
        if model is None or model in self.own or self.pool_of(model) is not None:
            return False
        found, dated = _VERSION.match(model), _DATED.fullmatch(model)
        if found is None:
            return False
        if dated is not None and dated["date"] > self.as_of.isoformat():
            return True
        listed = [_number(each) for each in self._versions() if each["series"] == found["series"]]
        return bool(listed) and _number(found) > max(listed)

    def pool_name(self, model: str | None) -> str:
        """Return the pool's name, or what stands for it where there is none, or where nobody knows."""
        return self.pool_of(model) or (UNKNOWN_POOL if self.is_newer(model) else NO_POOL)

    def likely_pool_of(self, model: str) -> str | None:
        """Return the pool that all listed models of the same family are in, or None where they are in several."""
        found = _VERSION.match(model)
        family = None if found is None else found["family"]
        pools = {self.listed[each.string] for each in self._versions() if family and each["family"] == family}
        return pools.pop() if len(pools) == 1 else None

    def _versions(self) -> list[re.Match[str]]:
        return [found for name in self.listed if (found := _VERSION.match(name))]

    def published_pool_of(self, model: str | None) -> str | None:
        """Return the pool's name where the published list says the same, or None."""
        pool = self.pool_of(model)
        return pool if pool == _pool_in((self.listed,), model) else None

    def shares(self, project_id: str | None) -> bool | None:
        """Return whether the user said that this project shares its traffic; None where nothing was said."""
        return None if self.sharing_projects is None else project_id in self.sharing_projects


def _number(version: re.Match[str]) -> tuple[int, int]:
    return int(version["major"]), int(version["minor"] or 0)


def _pool_in(lists: Iterable[Mapping[str, str | None]], model: str | None) -> str | None:
    """Return the pool of a model in the first of the lists that names it."""
    if model is None:
        return None
    dated = _DATED.fullmatch(model)
    names = (model, dated["base"]) if dated else (model,)
    return next((named[name] for named in lists for name in names if name in named), None)

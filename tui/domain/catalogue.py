"""Which pool a model belongs to, and how large the pools can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

_DATED = re.compile(r"(?P<base>.+)-\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lists of models of each pool, with the date and the source of the lists, and what the user set.

    `listed` and `own` name the pool of a model, the user's lists with None for "in no pool". `lower` and `higher` are
    the amounts of usage tiers Build, and Launch and Grow, in tokens a UTC day. `limits` are those that the user set.
    `sharing_projects` are the ids of the projects whose traffic is shared, or None where that was not said.
    """

    listed: Mapping[str, str]
    lower: Mapping[str, int]
    higher: Mapping[str, int]
    as_of: date
    source: str
    own: Mapping[str, str | None] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    sharing_projects: frozenset[str] | None = None

    @property
    def pools(self) -> tuple[str, ...]:
        """Return the names of the pools, in order."""
        return tuple(self.lower)

    def pool_of(self, model: str | None) -> str | None:
        """Return the pool's name, or None for a model in no list.

        A model belongs by its exact name, or by a listed name plus `-YYYY-MM-DD`. Prefixes and families say
        nothing: `gpt-5.4-pro` is in no pool, and `gpt-6-luna` is not where `gpt-5.6-luna` is. What the user said
        comes before the list.
        """
        return _pool_in((self.own, self.listed), model)

    def published_pool_of(self, model: str | None) -> str | None:
        """Return the pool's name where the published list says the same, or None."""
        pool = self.pool_of(model)
        return pool if pool == _pool_in((self.listed,), model) else None

    def shares(self, project_id: str | None) -> bool | None:
        """Return whether the user said that this project shares its traffic; None where nothing was said."""
        return None if self.sharing_projects is None else project_id in self.sharing_projects


def _pool_in(lists: Iterable[Mapping[str, str | None]], model: str | None) -> str | None:
    """Return the pool of a model in the first of the lists that names it."""
    if model is None:
        return None
    dated = _DATED.fullmatch(model)
    names = (model, dated["base"]) if dated else (model,)
    return next((named[name] for named in lists for name in names if name in named), None)

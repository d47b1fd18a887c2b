"""Which pool a model belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_DATED = re.compile(r"(?P<base>.+)-\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Limit:
    """How many free tokens a pool gives a UTC day, and where that figure comes from.

    `source` is "config" or "assumed": the API says nothing of an organization's usage tier.
    """

    tokens: int
    source: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lists of models of each pool, with the date and the source of the lists, and the pools' limits."""

    pools: Mapping[str, frozenset[str]]
    limits: Mapping[str, Limit]
    as_of: date
    source: str

    def pool_of(self, model: str | None) -> str | None:
        """Return the pool's name, or None for a model in no list.

        A model belongs by its exact name, or by a listed name plus `-YYYY-MM-DD`. Prefixes and families say
        nothing: `gpt-5.4-pro` is in no pool, and `gpt-6-luna` is not where `gpt-5.6-luna` is.
        """
        if model is None:
            return None
        dated = _DATED.fullmatch(model)
        names = {model, dated["base"]} if dated else {model}
        return next((pool for pool, listed in self.pools.items() if names & listed), None)

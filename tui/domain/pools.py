"""How much of a day's free pools is used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tui.domain.catalogue import Catalogue, Limit
from tui.domain.usage import Row, add_up

_FREE = re.compile(r"incentiv|data sharing", re.IGNORECASE)


def is_free(row: Row) -> bool:
    """Return whether the API itself marks the row's tokens as complimentary.

    The live value is `incentivized-tier`; the usage page writes "data sharing incentive tier". Neither is
    documented, so both words count, in any case.
    """
    return row.service_tier is not None and _FREE.search(row.service_tier) is not None


@dataclass(frozen=True, slots=True)
class PoolDay:
    """One pool on one UTC day, in tokens (input plus output).

    `free` are those that the API marks as free, `eligible_billed` the others of the pool's listed models.
    """

    name: str
    limit: Limit
    free: int
    eligible_billed: int
    measured: bool

    @property
    def used(self) -> int:
        """Return the tokens taken from the pool.

        Where the API marked nothing as free all day, the measure is missing and this is an estimate: all
        eligible tokens, up to the limit.
        """
        return self.free if self.measured else min(self.eligible_billed, self.limit.tokens)

    @property
    def left(self) -> int:
        """Return what the pool still gives today."""
        return max(0, self.limit.tokens - self.used)

    @property
    def percent(self) -> int:
        """Return how much of the limit is used, rounded down; it may exceed 100."""
        return self.used * 100 // self.limit.tokens


def pool_days(rows: Iterable[Row], catalogue: Catalogue) -> tuple[PoolDay, ...]:
    """Return each pool's use in the rows of one UTC day, in the catalogue's order.

    The rows must carry model and service tier. A day is measured when any row of it is marked as free, or
    when nothing eligible was used at all.
    """
    free = dict.fromkeys(catalogue.pools, 0)
    billed = dict.fromkeys(catalogue.pools, 0)
    flagged = False
    for row in rows:
        row_is_free = is_free(row)
        flagged = flagged or row_is_free
        pool = catalogue.pool_of(row.model)
        if pool is not None:
            side = free if row_is_free else billed
            side[pool] += add_up((row,)).total
    return tuple(
        PoolDay(
            name=name,
            limit=catalogue.limits[name],
            free=free[name],
            eligible_billed=billed[name],
            measured=flagged or not any(billed.values()),
        )
        for name in catalogue.pools
    )

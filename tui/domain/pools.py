"""How much of a day's free pools is used: free, billed, left, spent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.rows import Row
from tui.domain.usage import Bucket

_PROOF = (11, 10)
"""A day with more than 1.1 times the lower limit free cannot be one of the lower tier."""

NEARLY = 85
"""Percent from which on a pool may give nothing more: a request that would cross the limit is billed whole."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many free tokens a pool gives a UTC day, and where that figure comes from.

    `source` is "config", "inferred" or "assumed": the API does not say. What it is inferred from is the `evidence`:
    "rate_limits" (of a project, above those of the usage tier Build) or "history" (a day of the past).
    """

    tokens: int
    source: str
    evidence: str | None = None


def limits(catalogue: Catalogue, history: Iterable[Bucket]) -> dict[str, Limit]:
    """Return the pools' limits: what the user set, else what rate limits or days of the past prove, else the lower.

    Models that the user moved into a pool prove nothing of it: at that time they took from another one.
    """
    proved = any(
        used * _PROOF[1] > catalogue.lower[pool] * _PROOF[0]
        for day in history
        for pool, used in _free_by_pool(day, catalogue).items()
    )
    evidence = "rate_limits" if catalogue.has_larger_pools else "history" if proved else None
    amounts, source = (catalogue.lower, "assumed") if evidence is None else (catalogue.higher, "inferred")
    return {
        pool: Limit(catalogue.limits[pool], "config")
        if pool in catalogue.limits
        else Limit(amounts[pool], source, evidence)
        for pool in catalogue.pools
    }


@dataclass(frozen=True, slots=True)
class PoolDay:
    """One pool on one UTC day, in tokens (input plus output).

    `free` are those that the API marks as free, `eligible_billed` the others of the pool's listed models. `unlisted`
    names models that the API marked as free and no list knows: they took from some pool, by their family from this
    one or from any. `stuck_since` is the hour from which on the pool gave nothing more though it is not full (an
    estimate). Not `measured`, eligible tokens were used and the API marked nothing at all as free on that day.
    `partial`, not all of the day's rows are known: all its tokens are at least so many.
    """

    name: str
    limit: Limit
    free: int
    eligible_billed: int
    measured: bool = True
    unlisted: tuple[str, ...] = ()
    stuck_since: datetime | None = None
    partial: bool = False

    @property
    def at_least(self) -> bool:
        """Return whether more may have been taken from the pool than is known."""
        return self.partial or bool(self.unlisted)

    @property
    def left(self) -> int:
        """Return what the pool's limit leaves of the free tokens."""
        return max(0, self.limit.tokens - self.free)

    @property
    def left_is_estimate(self) -> bool:
        """Return whether more or less than `left` may be had."""
        return not self.measured or self.at_least or self.stuck_since is not None

    @property
    def whole_percent(self) -> int:
        """Return how much of the limit is free use, in whole percent rounded down; it may exceed 100."""
        return self.free * 100 // self.limit.tokens

    @property
    def percent(self) -> float:
        """Return how much of the limit is free use, in percent; it may exceed 100."""
        return self.free * 100 / self.limit.tokens

    @property
    def spent(self) -> bool:
        """Return whether the pool gives nothing more today."""
        return self.free >= self.limit.tokens or self.stuck_since is not None


def pool_days(
    rows: Sequence[Row],
    catalogue: Catalogue,
    limit: Mapping[str, Limit],
    hours: Sequence[Bucket] = (),
    *,
    partial: bool = False,
) -> tuple[PoolDay, ...]:
    """Return each pool's use in the rows of one UTC day, in the catalogue's order.

    The rows must carry model and service tier; the day's hours project as well. Without the hours, or where one of
    them is incomplete, a pool that is stuck below its limit is not noticed: a row that is missing can disprove it.
    `partial`, more may have been used on that day than the rows tell.
    """
    if any(hour.left_out for hour in hours):
        hours = ()
    flagged = [row for row in rows if row.is_free]
    free = _by_pool(flagged, catalogue.pools, catalogue.pool_of)
    billed = _by_pool((row for row in rows if not row.is_free), catalogue.pools, catalogue.pool_of)
    unlisted = sorted({row.name for row in flagged if catalogue.pool_of(row.model) is None})
    return tuple(
        PoolDay(
            name=pool,
            limit=limit[pool],
            free=free[pool],
            eligible_billed=billed[pool],
            measured=bool(flagged) or not any(billed.values()),
            unlisted=tuple(name for name in unlisted if catalogue.likely_pool_of(name) in {None, pool}),
            stuck_since=_stuck_since(pool, hours, catalogue) if may_be_stuck(free[pool], limit[pool]) else None,
            partial=partial,
        )
        for pool in catalogue.pools
    )


def needs_hours(pools: Iterable[PoolDay]) -> bool:
    """Return whether only the hours of the day can say if a pool still gives."""
    return any(may_be_stuck(pool.free, pool.limit) and pool.eligible_billed for pool in pools)


def may_be_stuck(free: int, limit: Limit) -> bool:
    """Return whether so much is used that the pool may give nothing more, below its limit."""
    return NEARLY * limit.tokens <= free * 100 < 100 * limit.tokens


def _stuck_since(pool: str, hours: Sequence[Bucket], catalogue: Catalogue) -> datetime | None:
    """Return the first hour since which projects that had free rows of the pool have had only billed ones.

    A free row of any project in a later hour disproves it. Tiers of their own (flex, priority) and batches do not
    count: whether they are ever free is not known.
    """
    rows = [(hour.start, row) for hour in hours for row in hour.rows if catalogue.pool_of(row.model) == pool]
    free = {(hour, row.project_id) for hour, row in rows if row.is_free and row.tokens}
    last_free = max((hour for hour, _ in free), default=None)
    sharing = {project for _, project in free}
    return min(
        (
            hour
            for hour, row in rows
            if last_free is not None
            and hour > last_free
            and row.project_id in sharing
            and row.tokens
            and row.is_plain
            and not row.is_free
        ),
        default=None,
    )


def _by_pool(
    rows: Iterable[Row], pools: Iterable[str], pool_of: Callable[[str | None], str | None]
) -> dict[str, int]:
    """Return the tokens of each pool's models."""
    of_models: dict[str | None, int] = {}
    for row in rows:
        of_models[row.model] = of_models.get(row.model, 0) + row.tokens
    tokens = dict.fromkeys(pools, 0)
    for model, used in of_models.items():  # far fewer than rows
        pool = pool_of(model)
        if pool is not None:
            tokens[pool] += used
    return tokens


def _free_by_pool(day: Bucket, catalogue: Catalogue) -> dict[str, int]:
    """Return the free tokens of a day of each pool's published models, from the sums that the day keeps."""
    tokens = dict.fromkeys(catalogue.pools, 0)
    for model, sums in day.models.items():
        pool = catalogue.published_pool_of(model)
        if pool is not None:
            tokens[pool] += sums.free
    return tokens

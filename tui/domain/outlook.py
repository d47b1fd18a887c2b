"""Whether a pool lasts until its reset, and which one ends first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

from tui.domain.pool_status import PoolStatus
from tui.domain.usage import Sums


class Outlook(Enum):
    """How a pool goes on until 00:00 UTC."""

    SPENT = "spent"
    RUNS_OUT = "runs out"
    LASTS = "lasts"
    UNKNOWN = "unknown"


def outlook(status: PoolStatus) -> Outlook:
    """Return how a pool goes on at the mean rate of the last hour; what is not measured is not known."""
    if status.pool.spent:
        return Outlook.SPENT
    projected = status.forecast.projected_percent
    if not status.pool.measured or projected is None:
        return Outlook.UNKNOWN
    return Outlook.RUNS_OUT if projected >= 100 else Outlook.LASTS


_LATER = datetime.max.replace(tzinfo=UTC)


def by_end(statuses: Iterable[PoolStatus]) -> list[PoolStatus]:
    """Return the pools in the order in which they end: those that run out, then those spent, lasting and unknown."""
    order = (Outlook.RUNS_OUT, Outlook.SPENT, Outlook.LASTS, Outlook.UNKNOWN)
    return sorted(statuses, key=lambda each: (order.index(outlook(each)), each.forecast.earliest or _LATER))


@dataclass(frozen=True, slots=True)
class Today:
    """What is known of today: its tokens, what they cost in dollars where that is known, and its pools.

    `nothing_free` are earlier days of the window on which models of the pools were used and nothing was free.
    """

    sums: Sums
    cost: Decimal | None
    pools: Sequence[PoolStatus]
    now: datetime
    nothing_free: Sequence[datetime] = ()

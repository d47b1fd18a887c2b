"""What the verdict on today rests upon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.domain.rows import Sums


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


_LATER = datetime.max.replace(tzinfo=UTC)


def by_end(statuses: Iterable[PoolStatus]) -> list[PoolStatus]:
    """Return the pools in the order in which they end: those that run out, then those spent, lasting and unknown."""
    order = (Outlook.RUNS_OUT, Outlook.SPENT, Outlook.LASTS, Outlook.UNKNOWN)
    return sorted(statuses, key=lambda each: (order.index(each.outlook), each.forecast.earliest or _LATER))

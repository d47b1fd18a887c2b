"""Tell once when a pool crosses a threshold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from tui.domain.pool_status import PoolStatus

FULL = 100


class Crossing(Struct, frozen=True):
    """A pool that is at or above a threshold, in percent, on one UTC day."""

    day: datetime
    pool: str
    threshold: int


class Alert(Struct, frozen=True):
    """What to tell of a crossing: whole percent and tokens left."""

    crossing: Crossing
    percent: int
    left: int
    spent: bool


def alerts(
    pool_statuses: Sequence[PoolStatus], day: datetime, thresholds: Iterable[int], told: frozenset[Crossing]
) -> tuple[tuple[Alert, ...], frozenset[Crossing]]:
    """Return what to tell now, and everything that counts as told from then on.

    Where several thresholds are crossed at once, the highest is told of. A pool that is spent below its limit has
    crossed all of them. Only measured use counts. A new day begins with nothing told.
    """
    told = frozenset(crossing for crossing in told if crossing.day == day)
    due: list[Alert] = []
    for reading in pool_statuses:
        pool = reading.pool
        reached = FULL if pool.spent else int(pool.percent)
        crossed = [
            Crossing(day, pool.name, threshold)
            for threshold in sorted(thresholds)
            if pool.measured and (reached >= threshold or int(pool.percent) >= threshold)
        ]
        if crossed and crossed[-1] not in told:
            due.append(Alert(crossed[-1], int(pool.percent), pool.left, pool.spent))
        told |= frozenset(crossed)
    return tuple(due), told

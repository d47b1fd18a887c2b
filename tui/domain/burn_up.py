"""How a pool fills over a UTC day: hour by hour, and on to the reset at the present rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.domain.catalogue import Catalogue
from tui.domain.pool_status import PoolStatus
from tui.domain.rows import add_up
from tui.domain.time import DAY, LAG, Width, midnight
from tui.domain.usage import Bucket

HOURS = 24


@dataclass(frozen=True, slots=True)
class BurnUp:
    """One pool over a day, in tokens since 00:00 UTC at the end of each of its 24 hours.

    `used` are the hours so far, of which the last one is now; None where that is not known. `projected` are those
    that follow, where the rate is known.
    """

    status: PoolStatus
    used: tuple[int | None, ...]
    projected: tuple[float, ...] = ()


def burn_up(status: PoolStatus, hours: Mapping[datetime, Bucket], catalogue: Catalogue, now: datetime) -> BurnUp:
    """Return how a pool has filled by these hours of today, and how it goes on."""
    pool, forecast, day = status.pool, status.forecast, midnight(now)
    begun = [start for start in _starts(day) if start <= now]
    used: list[int | None] = []
    so_far: int | None = 0
    for start in begun[:-1]:
        hour = hours.get(start)
        free = None if hour is None or not _is_whole(hour) else _free(hour, pool.name, catalogue)
        so_far = None if so_far is None or free is None else so_far + free
        used.append(so_far)
    projected: tuple[float, ...] = ()
    if forecast.pace is not None and forecast.through is not None and not pool.spent:
        ends = (start + Width.HOUR.span for start in _starts(day) if start > now)
        minute, through = timedelta(minutes=1), forecast.through
        projected = tuple(pool.free + forecast.pace * ((end - through) / minute) for end in ends)
    return BurnUp(status, (*used, pool.free), projected)


def _is_whole(hour: Bucket) -> bool:
    """Return whether an hour was read after the API had counted all of it."""
    return hour.read_at is None or hour.read_at >= hour.start + Width.HOUR.span + LAG


def _starts(day: datetime) -> list[datetime]:
    return [day + n * DAY / HOURS for n in range(HOURS)]


def _free(hour: Bucket, pool: str, catalogue: Catalogue) -> int:
    return add_up(row for row in hour.rows if row.is_free and catalogue.pool_of(row.model) == pool).total

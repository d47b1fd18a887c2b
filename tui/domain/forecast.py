"""How fast a pool is used, and when it runs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.domain.catalogue import Catalogue
from tui.domain.pools import PoolDay
from tui.domain.rows import add_up
from tui.domain.time import DAY, LAG, Width, midnight
from tui.domain.usage import Bucket

MINUTE = timedelta(minutes=1)
BACK = timedelta(minutes=60)
"""The pace is that of this last stretch."""

_STRETCHES = (60, 30, 15)
"""Minutes; the fastest and the slowest of these say how far off the forecast may be."""

LEAST = 10
"""Minutes of data from which on there is a pace at all."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Tokens a minute, the percentage at the reset, and between which moments (UTC) the pool runs out.

    `pace` is None while there is too little to go by. `earliest` is None where the pool lasts until the reset even at
    its fastest; `latest` is None where it may last. `through` is the moment (UTC) from which all is reckoned: how far
    the data reach. `sustainable` are the tokens a minute with which the pool would be full just at the reset.
    """

    pace: float | None = None
    projected_percent: float | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    through: datetime | None = None
    sustainable: float | None = None


def data_through(minutes: Sequence[Bucket], now: datetime) -> datetime | None:
    """Return how far the data reach: the end of the last minute in which anything was used.

    The API counts at most `LAG` late, so a longer silence means that nothing was used, and the data reach to then.
    None means that the minutes are not known.
    """
    if not minutes:
        return None
    newest_first = sorted(minutes, key=lambda minute: minute.start, reverse=True)
    last = next((minute.start + MINUTE for minute in newest_first if add_up(minute.rows)), None)
    asked_at = min(now, newest_first[0].start + MINUTE)  # what was not read since says nothing
    silent = Width.MINUTE.floor(asked_at - LAG)
    return silent if last is None else max(last, silent)


def forecast(pool: PoolDay, minutes: Sequence[Bucket], catalogue: Catalogue, now: datetime) -> Forecast:
    """Return how the pool goes on, from minute buckets, best of the last `BACK` + `LAG` and a little more.

    The API counts late, so everything is reckoned from where the data end, not from now; what would have happened
    before now happens now.
    """
    through = data_through(minutes, now)
    if through is None:
        return Forecast()
    start = max(through - BACK, midnight(now), min(minute.start for minute in minutes))
    span = (through - start) // MINUTE
    reset = midnight(now) + DAY
    to_the_reset = (reset - through) / MINUTE
    sustainable = pool.left / to_the_reset if to_the_reset > 0 else None
    if span < LEAST:
        return Forecast(through=through, sustainable=sustainable)
    used = {minute.start: _used(pool, minute, catalogue) for minute in minutes if start <= minute.start < through}
    paces = [_pace(used, through, length) for length in dict.fromkeys((span, *(s for s in _STRETCHES if s < span)))]
    projected = pool.free + paces[0] * to_the_reset
    ends = [_runs_out(pool, pace, through, reset) for pace in (max(paces), min(paces))]
    earliest, latest = (None if end is None else max(end, now) for end in ends)
    return Forecast(paces[0], projected * 100 / pool.limit.tokens, earliest, latest, through, sustainable)


def _used(pool: PoolDay, minute: Bucket, catalogue: Catalogue) -> int:
    return add_up(row for row in minute.rows if row.is_free and catalogue.pool_of(row.model) == pool.name).total


def _pace(used: dict[datetime, int], through: datetime, minutes: int) -> float:
    since = through - minutes * MINUTE
    return sum(tokens for start, tokens in used.items() if start >= since) / minutes


def _runs_out(pool: PoolDay, pace: float, through: datetime, reset: datetime) -> datetime | None:
    left = pool.limit.tokens - pool.free
    if pool.spent or pace <= 0 or left <= 0:
        return None
    minutes = left / pace
    return through + minutes * MINUTE if minutes < (reset - through) / MINUTE else None

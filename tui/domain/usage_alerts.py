"""What is told of usage itself: nothing is free though a pool gives, a project is billed anew, an hour is unusual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from tui.domain.alerts import Alert, Crossing, What
from tui.domain.catalogue import Catalogue
from tui.domain.pool_status import PoolStatus
from tui.domain.time import DAY, Width, midnight
from tui.domain.usage import Bucket, Row

LONG_ENOUGH = timedelta(minutes=30)
"""So long nothing is free before that is told."""

LEAST_BILLED = 10_000
"""Tokens: a project that is billed for fewer is not told of, as they may be a few requests with hosted tools."""

TIMES_USUAL = 3
DAYS_BEFORE = 7
"""An hour is a spike above so many times the median of the same hour of so many days before."""

_HOUR = Width.HOUR.span
_OURS = {What.NOTHING_FREE, What.PROJECT_BILLED, What.SPIKE}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a project had of a pool's models when its free tokens last grew, and since when only billed ones grow."""

    free: int
    billed: int
    since: datetime | None = None


Standings = Mapping[tuple[str, str], Standing]
"""By project id and pool."""


def followed(before: Standings, today: Bucket, catalogue: Catalogue, now: datetime) -> Standings:
    """Return how each project stands after one more reading of the day, by project, model and service tier.

    Service tiers of their own and batches do not count: whether they are ever free is not known.
    """
    tokens: dict[tuple[str, str], list[int]] = {}
    for row in today.rows:
        pool = _pool(row, catalogue)
        if pool is not None and row.project_id is not None:
            tokens.setdefault((row.project_id, pool), [0, 0])[not row.is_free] += row.tokens
    return {key: _followed(before.get(key), free, billed, now) for key, (free, billed) in tokens.items()}


def _followed(before: Standing | None, free: int, billed: int, now: datetime) -> Standing:
    if before is None or free != before.free or billed < before.billed:
        return Standing(free, billed)
    return replace(before, since=before.since or now) if billed > before.billed else before


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known at a reading of the pools.

    `minutes` are those of the last hour by model and service tier, as far as the data reach (`through`), None where
    they are not known as a whole. `days` are today and some before it by project, `standings` how each project
    stands. `hours` are those of the days before; of less than a week nothing is called unusual.
    """

    now: datetime
    statuses: Sequence[PoolStatus]
    catalogue: Catalogue
    minutes: Sequence[Bucket] | None = None
    through: datetime | None = None
    days: Mapping[datetime, Bucket] | None = None
    standings: Standings | None = None
    hours: Mapping[datetime, Bucket] | None = None


def usage_alerts(seen: Seen, floor: int, told: frozenset[Crossing]) -> tuple[tuple[Alert, ...], frozenset[Crossing]]:
    """Return what to tell now, and everything that counts as told from then on: each once a day, or hour.

    No hour of `floor` tokens or fewer is a spike.
    """
    day = midnight(seen.now)
    told = frozenset(each for each in told if each.what not in _OURS or each.day > day - DAY)
    silent = tuple(_nothing_free(seen, day))
    pools = {alert.crossing.pool for alert in silent}
    found = (
        *silent,
        *(each for each in _billed_projects(seen, day) if each.crossing.pool not in pools),
        *_spikes(seen, floor),
    )
    due = tuple(alert for alert in found if alert.crossing not in told)
    return due, told | frozenset(alert.crossing for alert in found)


def _nothing_free(seen: Seen, day: datetime) -> Iterator[Alert]:
    """Yield the pools that give, and of which nothing was free through half an hour of use.

    Where only some projects share their traffic, the minutes do not tell: those projects do.
    """
    if not seen.minutes or seen.catalogue.sharing_projects is not None:
        return
    if any(minute.left_out for minute in seen.minutes):
        return
    for status in seen.statuses:
        name = status.pool.name
        used = [
            (minute.start, row)
            for minute in seen.minutes
            for row in minute.rows
            if row.tokens and _pool(row, seen.catalogue) == name
        ]
        if status.pool.spent or any(row.is_free for _, row in used) or not used:
            continue
        first, last = min(start for start, _ in used), max(start for start, _ in used)
        if last + Width.MINUTE.span - first >= LONG_ENOUGH:
            tokens = sum(row.tokens for _, row in used)
            yield Alert(Crossing(What.NOTHING_FREE, day, name), left=status.pool.left, tokens=tokens)


def _billed_projects(seen: Seen, day: datetime) -> Iterator[Alert]:
    """Yield the projects that had free tokens lately, and are billed though the pool gives."""
    days = seen.days or {}
    left = {status.pool.name: status.pool.left for status in seen.statuses if not status.pool.spent}
    had_free = {
        (row.project_id, _pool(row, seen.catalogue))
        for bucket in days.values()
        for row in bucket.rows
        if row.is_free and row.tokens
    }
    today = days.get(day)
    for (project, pool), standing in (seen.standings or {}).items():
        is_long = standing.since is not None and seen.now - standing.since >= LONG_ENOUGH
        if not is_long or today is None or pool not in left or (project, pool) not in had_free:
            continue
        rows = (row for row in today.rows if row.project_id == project and not row.is_free)
        billed = sum(row.tokens for row in rows if _pool(row, seen.catalogue) == pool) - standing.billed
        if billed >= LEAST_BILLED:
            crossing = Crossing(What.PROJECT_BILLED, day, pool, project=project)
            yield Alert(crossing, left=left[pool], tokens=billed, since=standing.since)


def _spikes(seen: Seen, floor: int) -> Iterator[Alert]:
    """Yield the last hour, where it used far more than is usual at this time of the day."""
    if seen.minutes is None or seen.through is None or seen.hours is None:
        return
    through = seen.through
    tokens = _tokens(minute for minute in seen.minutes if through - _HOUR <= minute.start < through)
    hour = Width.HOUR.floor(through - _HOUR / 2)
    before = [seen.hours.get(hour - ago * DAY) for ago in range(1, DAYS_BEFORE + 1)]
    if None in before:
        return
    usual = int(median(_tokens([bucket]) for bucket in before if bucket is not None))
    if tokens > max(floor, TIMES_USUAL * usual):
        yield Alert(Crossing(What.SPIKE, hour), tokens=tokens, usual=usual)


def _tokens(buckets: Iterable[Bucket]) -> int:
    return sum(row.tokens for bucket in buckets for row in bucket.rows)


def _pool(row: Row, catalogue: Catalogue) -> str | None:
    """Return the pool that the row's tokens are from, or could be from."""
    return catalogue.pool_of(row.model) if row.is_free or row.is_plain else None

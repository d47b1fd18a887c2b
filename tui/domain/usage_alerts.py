"""What is told of usage itself: nothing is free though a pool gives, a project is billed anew, an hour is unusual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from tui.domain.alerts import Alert, Crossing
from tui.domain.catalogue import Catalogue
from tui.domain.directory import NO_NAMES, Directory
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import may_be_stuck
from tui.domain.rows import Row
from tui.domain.time import DAY, Width, midnight
from tui.domain.usage import Bucket
from tui.domain.what import What

LONG_ENOUGH = timedelta(minutes=30)
"""So long nothing is free before that is told."""

LEAST_BILLED = 10_000
"""Tokens: fewer are not told of, as they may be a few requests with hosted tools."""

TIMES_USUAL = 3
DAYS_BEFORE = 7
"""An hour is a spike above so many times the median of the same hour of so many days before."""

_MINUTE, _HOUR = Width.MINUTE.span, Width.HOUR.span
_OURS = {What.NOTHING_FREE, What.PROJECT_BILLED, What.SPIKE}


@dataclass(frozen=True, slots=True)
class ProjectBilling:
    """The tokens of a pool's models that a project had on a day when its free ones last grew.

    `since` is when only billed ones began to grow.
    """

    day: datetime
    free: int
    billed: int
    since: datetime | None = None


Billings = Mapping[tuple[str, str], ProjectBilling]
"""By project id and pool."""


def billings_after(before: Billings, today: Bucket, catalogue: Catalogue, now: datetime) -> Billings:
    """Return how each project is billed after one more reading of the day, by project, model and service tier.

    Service tiers of their own and batches do not count: whether they are ever free is not known.
    """
    tokens: dict[tuple[str, str], list[int]] = {}
    pool_of = _Pools(catalogue)
    for row in today.rows:
        pool = pool_of(row)
        if pool is not None and row.project_id is not None:
            tokens.setdefault((row.project_id, pool), [0, 0])[not row.is_free] += row.tokens
    return {
        key: _after(before.get(key), ProjectBilling(today.start, counts[0], counts[1]), now)
        for key, counts in tokens.items()
    }


def _after(before: ProjectBilling | None, read: ProjectBilling, now: datetime) -> ProjectBilling:
    if before is None or (before.day, before.free) != (read.day, read.free) or read.billed < before.billed:
        return read
    return replace(before, since=before.since or now) if read.billed > before.billed else before


class _Pools:
    """The pool that a row's tokens are from, or could be from; each model is looked up once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str | None, str | None] = {}

    def __call__(self, row: Row) -> str | None:
        if not (row.is_free or row.is_plain):
            return None
        if row.model not in self._known:
            self._known[row.model] = self._catalogue.pool_of(row.model)
        return self._known[row.model]


@dataclass(frozen=True, slots=True)
class AlertInputs:
    """What is known at a reading of the pools.

    `minutes` are the newest by model and service tier, more than an hour of them, which are known as far as the data
    reach (`through`); None where they are not known as a whole. `days` are today and some before it by project, and
    `history` others by model. `hours` are those of the days before; of less than a week nothing is called unusual.
    """

    now: datetime
    statuses: Sequence[PoolStatus]
    catalogue: Catalogue
    minutes: Sequence[Bucket] | None = None
    through: datetime | None = None
    days: Mapping[datetime, Bucket] | None = None
    history: Sequence[Bucket] = ()
    billings: Billings | None = None
    hours: Mapping[datetime, Bucket] | None = None
    directory: Directory = NO_NAMES

    @property
    def giving(self) -> dict[str, int]:
        """Return the pools that surely give, with the tokens left: near its limit a pool may give nothing more."""
        pools = (status.pool for status in self.statuses)
        return {pool.name: pool.left for pool in pools if not (pool.spent or may_be_stuck(pool.free, pool.limit))}


def usage_alerts(
    known: AlertInputs, floor: int, told: frozenset[Crossing]
) -> tuple[tuple[Alert, ...], frozenset[Crossing]]:
    """Return what to tell now, and everything that counts as told from then on: each once a day, or hour.

    No hour of `floor` tokens or fewer is a spike.
    """
    day = midnight(known.now)
    told = frozenset(each for each in told if each.what not in _OURS or each.day > day - DAY)
    silent = tuple(_nothing_free(known, day))
    pools = {alert.crossing.pool for alert in silent}
    found = (
        *silent,
        *(each for each in _billed_projects(known, day) if each.crossing.pool not in pools),
        *_spikes(known, floor),
    )
    due = tuple(alert for alert in found if alert.crossing not in told)
    return due, told | frozenset(alert.crossing for alert in found)


def _nothing_free(known: AlertInputs, day: datetime) -> Iterator[Alert]:
    """Yield the pools that give, had free tokens lately, and of which nothing was free through half an hour of use.

    Only today's minutes count: those before belong to other pools. Where only some projects share their traffic, the
    minutes do not tell: those projects do.
    """
    if not known.minutes or known.catalogue.sharing_projects is not None:
        return
    pool_of = _Pools(known.catalogue)
    used: dict[str, list[tuple[datetime, Row]]] = {}
    for minute in known.minutes:
        for row in minute.rows if minute.start >= day else ():
            pool = pool_of(row) if row.tokens else None
            if pool is not None:
                used.setdefault(pool, []).append((minute.start, row))
    days = (*known.history, *(known.days or {}).values())
    shared = {pool_of(row) for bucket in days for row in bucket.rows if row.is_free and row.tokens}
    for pool, left in known.giving.items():
        rows = used.get(pool, [])
        if not rows or pool not in shared or any(row.is_free for _, row in rows):
            continue
        length = max(start for start, _ in rows) + _MINUTE - min(start for start, _ in rows)
        tokens = sum(row.tokens for _, row in rows)
        if length >= LONG_ENOUGH and tokens >= LEAST_BILLED:
            yield Alert(Crossing(What.NOTHING_FREE, day, pool), left=left, tokens=tokens)


def _billed_projects(known: AlertInputs, day: datetime) -> Iterator[Alert]:
    """Yield the projects that had free tokens lately, and are billed though the pool gives."""
    days, left, pool_of = known.days or {}, known.giving, _Pools(known.catalogue)
    if day not in days:
        return
    had_free = {
        (row.project_id, pool_of(row))
        for bucket in days.values()
        for row in bucket.rows
        if row.is_free and row.tokens
    }
    for (project, pool), billing in (known.billings or {}).items():
        is_long = billing.since is not None and known.now - billing.since >= LONG_ENOUGH
        if not is_long or pool not in left or (project, pool) not in had_free:
            continue
        rows = (row for row in days[day].rows if row.project_id == project and not row.is_free)
        billed = sum(row.tokens for row in rows if pool_of(row) == pool) - billing.billed
        if billed >= LEAST_BILLED:
            name = known.directory.label("project", project)
            crossing = Crossing(What.PROJECT_BILLED, day, pool, project=project)
            yield Alert(crossing, left=left[pool], tokens=billed, since=billing.since, name=name)


def _spikes(known: AlertInputs, floor: int) -> Iterator[Alert]:
    """Yield the hours far above the usual: the one that goes on, as far as the data reach, and the one before.

    That one counts while all of its minutes are known.
    """
    if not known.minutes or known.through is None or known.hours is None:
        return
    newest = Width.HOUR.floor(known.through - _MINUTE)
    begun = min(minute.start for minute in known.minutes)
    for hour in (newest - _HOUR, newest):
        before = [known.hours.get(hour - ago * DAY) for ago in range(1, DAYS_BEFORE + 1)]
        if hour < begun or None in before:
            continue
        tokens = _tokens(minute for minute in known.minutes if hour <= minute.start < hour + _HOUR)
        usual = int(median(_tokens([bucket]) for bucket in before if bucket is not None))
        if tokens > max(floor, TIMES_USUAL * usual):
            yield Alert(Crossing(What.SPIKE, hour), tokens=tokens, usual=usual)


def _tokens(buckets: Iterable[Bucket]) -> int:
    return sum(row.tokens for bucket in buckets for row in bucket.rows)

"""What is read of one day's pools, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.forecast import Forecast, data_through, forecast
from tui.domain.outlook import Outlook, outlook_of
from tui.domain.pools import PoolDay, limits, pool_days
from tui.domain.usage import Bucket


@dataclass(frozen=True, slots=True)
class PoolInputs:
    """Buckets about one UTC day: its rows by model, tier and project, its hours alike, and the last hour's minutes.

    `history` are the daily buckets before it, from which the pools' sizes are inferred. The hours are empty where
    they do not decide; the minutes are None where they are not known. `stale`, today's bucket is what was read
    before: the API does not name it any more. `complete` says that no bucket of the day is missing that its pools
    rest upon, `whole` that no row of it is; `notes` say what is not known.
    """

    today: Bucket
    hours: tuple[Bucket, ...] = ()
    minutes: tuple[Bucket, ...] | None = None
    history: tuple[Bucket, ...] = ()
    history_complete: bool = True
    stale: bool = False
    complete: bool = True
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Return whether nothing is missing."""
        return self.complete and not self.today.left_out

    def through(self, now: datetime) -> datetime | None:
        """Return how far the data reach, where the minutes tell."""
        return data_through(self.minutes or (), now)

    def pools(self, catalogue: Catalogue) -> tuple[PoolDay, ...]:
        """Return the pools of the day."""
        limit = limits(catalogue, (*self.history, self.today))
        is_partial = self.stale or self.today.left_out > 0
        return pool_days(self.today.rows, catalogue, limit, self.hours, partial=is_partial)

    def knows_limits(self, catalogue: Catalogue) -> bool:
        """Return whether no day of the past that is not known could show that the pools are larger."""
        return self.history_complete or all(pool.limit.source != "assumed" for pool in self.pools(catalogue))


@dataclass(frozen=True, slots=True)
class PoolStatus:
    """One pool: its day, and how it goes on.

    `held` is the outlook of the readings before, where this one alone says otherwise: a rate that swings around what
    would last must not flash.
    """

    pool: PoolDay
    forecast: Forecast
    held: Outlook | None = None

    @property
    def outlook(self) -> Outlook:
        """Return how the pool goes on: what decides its colour, its word, and whether the user is told."""
        return self.held or outlook_of(self.pool, self.forecast)


def pool_statuses(pool_inputs: PoolInputs, catalogue: Catalogue, now: datetime) -> tuple[PoolStatus, ...]:
    """Return what the evidence says of each pool at `now`; what is not measured as a whole is not forecast."""
    minutes = pool_inputs.minutes or ()
    is_whole = not any(bucket.left_out for bucket in (pool_inputs.today, *minutes))
    return tuple(
        PoolStatus(pool, forecast(pool, minutes, catalogue, now) if pool.measured and is_whole else Forecast())
        for pool in pool_inputs.pools(catalogue)
    )


def confirmed(statuses: Iterable[PoolStatus], before: Iterable[PoolStatus]) -> tuple[PoolStatus, ...]:
    """Return a new reading after the one before: running out begins and ends only at the second that says so."""
    known = {each.pool.name: each for each in before}
    return tuple(replace(each, held=_held(each, known.get(each.pool.name))) for each in statuses)


def _held(status: PoolStatus, before: PoolStatus | None) -> Outlook | None:
    if before is None:
        return None
    found, found_before = outlook_of(status.pool, status.forecast), outlook_of(before.pool, before.forecast)
    begins = found is Outlook.RUNS_OUT and before.outlook in {Outlook.LASTS, Outlook.UNKNOWN}
    ends = found is Outlook.LASTS and before.outlook is Outlook.RUNS_OUT
    return before.outlook if (begins or ends) and found is not found_before else None

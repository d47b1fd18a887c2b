"""What stands out among days: far more than is usual, nothing free, a model that was not used before.

Every rule looks back only: what is learned of a later day changes nothing of what is said of an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import dropwhile
from statistics import median

from tui.domain.rows import EVERY_MODEL
from tui.domain.time import DAY
from tui.domain.usage import Bucket

WEEKS_COMPARED = 4
"""A day is compared with the same weekday in so many weeks before it, all known; further back, usage was another."""

FAR_ABOVE = 2.5
"""A day of so many times the median stands out."""

FLOOR = 100_000
"""No day of fewer tokens does, however little is usual."""

DAYS_BEFORE = 7 * WEEKS_COMPARED
"""A model is new that was not used on so many days before, all of them known: so all who look say the same."""

Days = Mapping[datetime, Bucket]


class What(Enum):
    """What stands out; the value is its name for programs."""

    FAR_ABOVE = "far_above"
    NOTHING_FREE = "nothing_free"
    NEW_MODEL = "new_model"


@dataclass(frozen=True, slots=True)
class StandOut:
    """One thing that stands out on a day: so many `tokens`, of the day or of the new `model`.

    Of one that is far above, the median of its weekday, `usual`, and how many times that it is (`factor`); None where
    nothing is usual.
    """

    day: datetime
    what: What
    tokens: int
    usual: int | None = None
    factor: float | None = None
    model: str | None = None


StandOuts = Mapping[datetime, tuple[StandOut, ...]]
"""What stands out, by day; a day on which nothing does is not here."""

NOTHING: StandOuts = {}


def stand_outs(days: Days, pool_of: Callable[[str], object | None], today: datetime) -> StandOuts:
    """Return what stands out on the days that are known, the oldest first.

    Buckets are by model. Whether anything was free is said of days that are over. Days before the first usage that is
    known tell nothing of what is usual: to an organization that has just begun, everything is new.
    """
    days = {start: days[start] for start in dropwhile(lambda start: not days[start].sums, sorted(days))}
    found: dict[datetime, tuple[StandOut, ...]] = {}
    last_used: dict[str, datetime] = {}
    for start, bucket in days.items():
        on_day = (
            *_far_above(days, start),
            *(_nothing_free(bucket, pool_of) if start < today else ()),
            *_new_models(days, start, last_used),
        )
        if on_day:
            found[start] = on_day
        last_used.update(dict.fromkeys(_used(bucket), start))
    return found


def _far_above(days: Days, start: datetime) -> Iterator[StandOut]:
    tokens = days[start].sums.total
    before = (days.get(start - weeks * 7 * DAY) for weeks in range(1, WEEKS_COMPARED + 1))
    known = [bucket.sums.total for bucket in before if bucket is not None and not bucket.left_out]
    if tokens < FLOOR or len(known) < WEEKS_COMPARED:
        return
    usual = round(median(known))
    if tokens >= FAR_ABOVE * usual:
        yield StandOut(start, What.FAR_ABOVE, tokens, usual, tokens / usual if usual else None)


def _nothing_free(bucket: Bucket, pool_of: Callable[[str], object | None]) -> Iterator[StandOut]:
    sums = bucket.sums
    if sums.billed and not sums.free and not bucket.left_out and any(pool_of(model) for model in _used(bucket)):
        yield StandOut(bucket.start, What.NOTHING_FREE, sums.billed)


def _new_models(days: Days, start: datetime, last_used: Mapping[str, datetime]) -> Iterator[StandOut]:
    """Yield the models of a day that none of the days before it has."""
    first = start - DAYS_BEFORE * DAY
    new = [model for model in _used(days[start]) if model not in last_used or last_used[model] < first]
    before = (days.get(start - ago * DAY) for ago in range(1, DAYS_BEFORE + 1))
    if not new or any(bucket is None or bucket.left_out for bucket in before):
        return
    for model in new:
        yield StandOut(start, What.NEW_MODEL, days[start].models[model].total, model=model)


def _used(bucket: Bucket) -> Iterator[str]:
    """Yield the models of which tokens were used; a row of no model tells nothing of any."""
    return (model for model, sums in bucket.models.items() if sums.total and model != EVERY_MODEL)

"""What is told without being asked for: what happened to the pools of a day, and to the money of a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.domain.costs import Month
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.domain.what import What

FULL = 100


_OF_POOLS = {What.THRESHOLD, What.RUNS_OUT, What.RECOVERED, What.SPENT, What.RESET}


@dataclass(frozen=True, slots=True)
class Crossing:
    """What happened, and when it may be told of again: on another UTC day, or in another month.

    `day` is the first one of the month where it is about money, and the hour where it is about one. `threshold` is in
    percent, `project` an id.
    """

    what: What
    day: datetime
    pool: str = ""
    threshold: int = 0
    project: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What to tell: whole percent and tokens left of a pool, or dollars of a month.

    `ends` is when a pool that runs out is estimated to end. `tokens` were billed `since`, or used in an hour in which
    `usual` ones are. `name` is what the project is called.
    """

    crossing: Crossing
    percent: int = 0
    left: int = 0
    spent: bool = False
    ends: datetime | None = None
    cost: Decimal | None = None
    limit: Decimal | None = None
    tokens: int = 0
    usual: int = 0
    since: datetime | None = None
    name: str = ""

    @property
    def what(self) -> What:
        """Return what happened."""
        return self.crossing.what


def pool_alerts(
    pool_statuses: Sequence[PoolStatus],
    day: datetime,
    thresholds: Iterable[int],
    told: frozenset[Crossing],
    known_to_run_out: frozenset[str] = frozenset(),
) -> tuple[tuple[Alert, ...], frozenset[Crossing]]:
    """Return what to tell now of the pools of a day, and everything that counts as told from then on.

    Where several thresholds are crossed at once, the highest is told of. A pool that is spent below its limit has
    crossed all of them. Only measured use counts. A new day begins with nothing told. Of the pools that are
    `known_to_run_out` it is told when they last again.
    """
    reset = Crossing(What.RESET, day)
    due = [Alert(reset)] if any(each.what is What.RESET and each.day < day for each in told) else []
    told = frozenset(each for each in told if each.day == day or each.what not in _OF_POOLS) | {reset}
    for status in pool_statuses:
        pool, name = status.pool, status.pool.name
        reached = max(FULL, pool.whole_percent) if pool.spent else pool.whole_percent
        found = [
            Crossing(What.THRESHOLD, day, name, threshold)
            for threshold in sorted(thresholds)
            if pool.measured and reached >= threshold
        ]
        due += [_of_pool(each, status) for each in found[-1:] if each not in told]
        if pool.measured and pool.spent:
            found.append(Crossing(What.SPENT, day, name))
            due += [_of_pool(found[-1], status)] if found[-1] not in told else []
        told |= frozenset(found)
        if status.outlook is (Outlook.LASTS if name in known_to_run_out else Outlook.RUNS_OUT):
            what = What.RECOVERED if name in known_to_run_out else What.RUNS_OUT
            due.append(_of_pool(Crossing(what, day, name), status))
    return tuple(due), told


def _of_pool(crossing: Crossing, status: PoolStatus) -> Alert:
    pool = status.pool
    ends = status.forecast.earliest if crossing.what is What.RUNS_OUT else None
    return Alert(crossing, pool.whole_percent, pool.left, pool.spent, ends)


def month_alerts(
    month: Month | None, first: datetime, thresholds: Iterable[int], told: frozenset[Crossing]
) -> tuple[tuple[Alert, ...], frozenset[Crossing]]:
    """Return what to tell of the money of the month that begins on this day, and what counts as told from then on."""
    told = frozenset(each for each in told if each.what is not What.SPEND_LIMIT or each.day == first)
    percent = None if month is None else month.percent
    if month is None or percent is None:
        return (), told
    found = [Crossing(What.SPEND_LIMIT, first, "", each) for each in sorted(thresholds) if percent >= each]
    due = tuple(
        Alert(each, percent, cost=month.so_far, limit=month.budget) for each in found[-1:] if each not in told
    )
    return due, told | frozenset(found)

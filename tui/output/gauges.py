"""The pools and the money as OpenMetrics gauges, for Prometheus. What is not known is left out, and never 0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from tui.domain.costs import Month
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.output.openmetrics import escaped

Sample = tuple[str, int | Decimal | None]
"""The labels as they are printed, and the value; None where it is not known."""


def pool_gauges(statuses: Sequence[PoolStatus]) -> Iterator[str]:
    """Yield the gauges of the pools.

    A pool of which more may be used than is known has no rest, and is not said to have room.
    """
    labelled = [(f'{{pool="{escaped(status.pool.name)}"}}', status) for status in statuses]
    yield from _gauge(
        "openai_pool_limit_tokens",
        "Free tokens that the pool gives a UTC day.",
        ((labels, status.pool.limit.tokens) for labels, status in labelled),
    )
    yield from _gauge(
        "openai_pool_used_tokens",
        "Free tokens used since 00:00 UTC, at least.",
        ((labels, _used(status)) for labels, status in labelled),
    )
    yield from _gauge(
        "openai_pool_left_tokens",
        "Free tokens that are left until 00:00 UTC.",
        ((labels, _left(status)) for labels, status in labelled),
    )
    yield from _gauge(
        "openai_pool_spent",
        "1 where the pool gives nothing more today, else 0.",
        ((labels, _spent(status)) for labels, status in labelled),
    )
    yield from _gauge(
        "openai_pool_runs_out_timestamp_seconds",
        "When the pool runs out at the earliest (an estimate); absent where it lasts until 00:00 UTC.",
        ((labels, _runs_out(status)) for labels, status in labelled),
    )
    yield from _gauge(
        "openai_pool_data_through_timestamp_seconds",
        "How far the API's data reach.",
        ((labels, _seconds(status.forecast.through)) for labels, status in labelled),
    )


def money_gauges(today: datetime, cost: Decimal | None, month: Month | None, limit: Decimal | None) -> Iterator[str]:
    """Yield the gauges of the money; the month's are left out where a day before `today` is not known as a whole.

    Costs come late. What today's are short of comes with them, as it does on any other day.
    """
    is_known = month is not None and month.is_known_before(today)
    yield from _gauge("openai_costs_today_dollars", "Costs since 00:00 UTC.", [("", cost)])
    yield from _gauge(
        "openai_costs_month_dollars",
        "Costs since the first of the month, credits taken off; of today what is known, at least.",
        [("", month.so_far if month is not None and is_known else None)],
    )
    yield from _gauge(
        "openai_costs_month_limit_dollars",
        "Limit of what the month may cost.",
        [("", limit or None)],
    )


def success_gauge(at: datetime | None) -> Iterator[str]:
    """Yield when the API was last read."""
    yield from _gauge(
        "openai_last_success_timestamp_seconds", "When the API last answered as a whole.", [("", _seconds(at))]
    )


def _used(status: PoolStatus) -> int | None:
    return status.pool.free if status.pool.measured else None


def _left(status: PoolStatus) -> int | None:
    return status.pool.left if status.pool.measured and not status.pool.at_least else None


def _spent(status: PoolStatus) -> int | None:
    if status.pool.spent:
        return 1
    return 0 if status.pool.measured and not status.pool.at_least else None


def _runs_out(status: PoolStatus) -> int | None:
    """Return when it ends, where the outlook says so: a pool that lasts may still end at the fastest pace."""
    return _seconds(status.forecast.earliest) if status.outlook is Outlook.RUNS_OUT else None


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _gauge(name: str, words: str, samples: Iterable[Sample]) -> Iterator[str]:
    known = [
        f"{name}{labels} {value:f}" if isinstance(value, Decimal) else f"{name}{labels} {value}"
        for labels, value in samples
        if value is not None
    ]
    if not known:
        return
    yield f"# TYPE {name} gauge"
    unit = name.rpartition("_")[2]
    if unit in {"tokens", "dollars", "seconds"}:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {words}"
    yield from known

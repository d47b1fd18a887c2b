"""The pools and the money as OpenMetrics gauges, for Prometheus. What is not known is left out, and never 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.domain.costs import Month
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.output.openmetrics import escaped

Value = int | Decimal | None
"""None where it is not known."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known on the UTC day `today`: its pools and its `cost`, the month and its limit.

    `is_up` says whether the last reading succeeded, and `read_at` when one last did.
    """

    today: datetime
    pools: Sequence[PoolStatus] = ()
    cost: Decimal | None = None
    month: Month | None = None
    limit: Decimal | None = None
    is_up: bool | None = None
    read_at: datetime | None = None


def gauges(figures: Figures) -> Iterator[str]:
    """Yield the lines of every gauge that has a value."""
    for name, words, of_pool in _OF_POOLS:
        yield from _family(name, words, ((_label(status), of_pool(status)) for status in figures.pools))
    for name, words, of_all in _OF_ALL:
        yield from _family(name, words, [("", of_all(figures))])


def _used(status: PoolStatus) -> int | None:
    return status.pool.free if status.pool.measured else None


def _left(status: PoolStatus) -> int | None:
    """Return what is left, where no more may be used than is known."""
    return status.pool.left if status.pool.measured and not status.pool.at_least else None


def _spent(status: PoolStatus) -> int | None:
    if status.pool.spent:
        return 1
    return 0 if status.pool.measured and not status.pool.at_least else None


def _runs_out(status: PoolStatus) -> int | None:
    """Return when it ends, where the outlook says so: a pool that lasts may still end at the fastest pace."""
    return _seconds(status.forecast.earliest) if status.outlook is Outlook.RUNS_OUT else None


def _month(figures: Figures) -> Decimal | None:
    """Return the month's costs, unless a day before today is not known as a whole.

    Costs come late. What today's are short of comes with them, as it does on any other day.
    """
    month = figures.month
    return month.so_far if month is not None and month.is_known_before(figures.today) else None


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


_OF_POOLS: tuple[tuple[str, str, Callable[[PoolStatus], Value]], ...] = (
    (
        "openai_pool_limit_tokens",
        "Free tokens that the pool gives a UTC day.",
        lambda status: status.pool.limit.tokens,
    ),
    ("openai_pool_used_tokens", "Free tokens used since 00:00 UTC, at least.", _used),
    ("openai_pool_left_tokens", "Free tokens that are left until 00:00 UTC.", _left),
    ("openai_pool_spent", "1 where the pool gives nothing more today, else 0.", _spent),
    (
        "openai_pool_runs_out_timestamp_seconds",
        "When the pool runs out at the earliest (an estimate); absent where it lasts until 00:00 UTC.",
        _runs_out,
    ),
    (
        "openai_pool_data_through_timestamp_seconds",
        "How far the API's data reach.",
        lambda status: _seconds(status.forecast.through),
    ),
)

_OF_ALL: tuple[tuple[str, str, Callable[[Figures], Value]], ...] = (
    ("openai_costs_today_dollars", "Costs since 00:00 UTC.", lambda figures: figures.cost),
    (
        "openai_costs_month_dollars",
        "Costs since the first of the month, credits taken off; of today what is known, at least.",
        _month,
    ),
    ("openai_costs_month_limit_dollars", "Limit of what the month may cost.", lambda figures: figures.limit or None),
    (
        "openai_up",
        "1 where the usage API was last read with success, 0 where that failed.",
        lambda figures: None if figures.is_up is None else int(figures.is_up),
    ),
    (
        "openai_last_success_timestamp_seconds",
        "When the API last answered as a whole.",
        lambda figures: _seconds(figures.read_at),
    ),
)


def _label(status: PoolStatus) -> str:
    return f'{{pool="{escaped(status.pool.name)}"}}'


def _family(name: str, words: str, samples: Iterable[tuple[str, Value]]) -> Iterator[str]:
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

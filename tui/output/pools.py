"""The pools as text, as one line, and as a document for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tui.domain import formatting, sanitize
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolInputs, PoolStatus
from tui.domain.pools import PoolDay
from tui.domain.time import DAY
from tui.output.gaps import rows_of

_PLUS = "+"
"""Stands behind a figure that is the least of what it may be."""

NOT_SEEN = "no free usage seen: not enrolled, or not shared"


def document(pool_inputs: PoolInputs, pool_statuses: Sequence[PoolStatus], now: datetime) -> dict[str, Any]:
    """Return what `pools --json` prints: tokens are integers, instants RFC 3339 in UTC, the unknown is None."""
    day = pool_inputs.today.start
    return {
        "date": formatting.day(day),
        "resets_at": formatting.instant(day + DAY),
        "as_of": formatting.instant(now),
        "data_through": formatting.instant(pool_inputs.through(now)),
        "left_out": pool_inputs.today.left_out,
        "pools": [_pool(reading.pool, reading.forecast) for reading in pool_statuses],
    }


def _pool(pool: PoolDay, forecast: Forecast) -> dict[str, Any]:
    return {
        "name": pool.name,
        "limit": pool.limit.tokens,
        "limit_source": pool.limit.source,
        "limit_inferred_from": pool.limit.evidence,
        "free_tokens": pool.free,
        "eligible_billed_tokens": pool.eligible_billed,
        "left": pool.left,
        "left_is_estimate": pool.left_is_estimate,
        "at_least": pool.at_least,
        "percent": tenths(pool.free, pool.limit.tokens),
        "spent": pool.spent,
        "measured": pool.measured,
        "unlisted": list(pool.unlisted),
        "pace_per_minute": None if forecast.pace is None else round(forecast.pace),
        "projected_percent": None if forecast.projected_percent is None else round(forecast.projected_percent, 1),
        "runs_out_earliest": formatting.instant(forecast.earliest),
        "runs_out_latest": formatting.instant(forecast.latest),
    }


def tenths(part: int, whole: int) -> float:
    """Return a percentage rounded down to one decimal, so that 100.0 is never shown before it is reached."""
    return part * 1000 // whole / 10


def outlook(pool: PoolDay, forecast: Forecast) -> str:
    """Return how the pool goes on, in words; every figure in it is an estimate."""
    if pool.spent:
        return "spent" if pool.stuck_since is None else f"spent (est.) since {pool.stuck_since:%H:%M} UTC"
    if not pool.measured:
        return NOT_SEEN
    if forecast.pace is None or forecast.projected_percent is None:
        return "pace: accumulating"
    pace = f"est. {formatting.short(forecast.pace)}/min"
    return f"{pace}, {runs_out(forecast)}, {int(forecast.projected_percent)}% at reset"


def runs_out(forecast: Forecast) -> str:
    """Return when the pool runs out, as a range: `out 16:30-17:10 UTC`."""
    if forecast.earliest is None:
        return "lasts until reset"
    if forecast.latest is None:
        return f"out {forecast.earliest:%H:%M} UTC or later"
    return f"out {_range(forecast.earliest, forecast.latest)} UTC"


def _range(earliest: datetime, latest: datetime) -> str:
    first, last = f"{earliest:%H:%M}", f"{latest:%H:%M}"
    return first if first == last else f"{first}-{last}"


def lines(pool_inputs: PoolInputs, pool_statuses: Sequence[PoolStatus], now: datetime) -> Iterator[str]:
    """Yield the pools as a person reads them."""
    day = pool_inputs.today.start
    is_today = day <= now < day + DAY
    yield f"Free tokens on {formatting.day(day)} (UTC)"
    for reading in pool_statuses:
        yield from _pool_lines(reading, is_today=is_today)
    evidence = {reading.pool.limit.evidence for reading in pool_statuses}
    yield from (words for source, words in _EVIDENCE.items() if source in evidence)
    if "assumed" in {reading.pool.limit.source for reading in pool_statuses}:
        yield "The limits are assumed to be those of the usage tier Build; set usage_tier in config.toml."
    if is_today:
        yield f"New tokens in {formatting.duration(day + DAY - now)}, at 00:00 UTC. {_reach(pool_inputs, now)}"


_EVIDENCE = {
    "rate_limits": "The limits are inferred from rate limits, which are above those of the usage tier Build.",
    "history": "The limits are inferred from the last month: more was free on a day than the usage tier Build gives.",
}
"""What is said of limits that are inferred, by what proves them."""


def _pool_lines(reading: PoolStatus, *, is_today: bool) -> Iterator[str]:
    pool = reading.pool
    used = f"{formatting.full(pool.free)} / {formatting.full(pool.limit.tokens)}"
    mark = " (est.)" if pool.left_is_estimate else ""
    left = f"  {formatting.full(pool.left):>10} left{mark}" if pool.measured else ""
    yield f"  {pool.name:<6} {percent(pool):>4}  {used:>23}{left}"
    if is_today or pool.spent or not pool.measured:
        yield f"         {outlook(pool, reading.forecast)}"
    if pool.eligible_billed:
        yield f"         {formatting.full(pool.eligible_billed)} tokens of its models were billed"
    if pool.at_least:
        yield f"         at least so much: {more(pool)}"


def percent(pool: PoolDay) -> str:
    """Return how much of the limit is free use, rounded down; with a plus where it may be more."""
    return f"{pool.whole_percent}%{_PLUS if pool.at_least else ''}"


def more(pool: PoolDay) -> str:
    """Return why more may have been taken from the pool than is known."""
    return "; ".join(
        ([unlisted(pool)] if pool.unlisted else [])
        + (["only a part of the day could be read"] if pool.partial else [])
    )


def unlisted(pool: PoolDay) -> str:
    """Return which models the API marked as free that are in no list."""
    return f"marked as free and in no list: {', '.join(sanitize.clean(name) for name in pool.unlisted)}"


def _reach(pool_inputs: PoolInputs, now: datetime) -> str:
    through = pool_inputs.through(now)
    if through is None:
        return "How far the data reach could not be read."
    return f"Data through {through:%H:%M}, {formatting.duration(now - through)} behind."


def oneline(pool_statuses: Sequence[PoolStatus]) -> str:
    """Return the pools on one short line for a prompt: `large 78% 54.7k left 16:30-17:10Z | small 6%`."""
    return " | ".join(_brief(reading.pool, reading.forecast) for reading in pool_statuses)


def _brief(pool: PoolDay, forecast: Forecast) -> str:
    if not pool.measured:
        return f"{pool.name} 0 free, {formatting.short(pool.eligible_billed)} billed"
    parts = [pool.name, percent(pool)]
    if pool.spent:
        return " ".join([*parts, "spent"])
    if forecast.earliest is None:
        return " ".join(parts)
    most = ["up to"] if pool.at_least else []
    times = f"{forecast.earliest:%H:%M}+" if forecast.latest is None else _range(forecast.earliest, forecast.latest)
    return " ".join([*parts, *most, formatting.short(pool.left), "left", f"{times}Z"])


UNSURE = "Not all of the days before could be read, so the pools may be larger than assumed."
"""What is to be said where a day that is not known could prove another size."""


def missing(left_out: int) -> str:
    """Return what is to be said of pools that are not known as a whole; so many rows of the day were `left_out`."""
    if not left_out:
        return "only a part of the day could be read; the figures may be wrong."
    return f"{rows_of(left_out, 'the day')}: at least so much is used."

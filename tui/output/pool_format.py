"""The pools in a form of the user's own: `{large.percent}% {large.left}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from tui.domain import formatting
from tui.domain.pool_status import PoolStatus
from tui.domain.time import until_reset
from tui.errors import BadSettings

FIELDS: Mapping[str, str] = {
    "percent": "how much is used, in whole percent, rounded down",
    "free": "free tokens that are used, short",
    "free_tokens": "the same as a whole number",
    "left": "tokens that are left, short",
    "left_tokens": "the same as a whole number",
    "limit": "how large it is, short",
    "limit_tokens": "the same as a whole number",
    "billed": "billed tokens of its models, short",
    "outlook": "lasts, runs out, spent, or unknown",
    "runs_out_in": "how long it lasts at this rate, as 42m; - where it lasts, or nobody knows",
    "runs_out_at": "when that is, as 16:30, in UTC; - likewise",
    "rate": "tokens a minute, short; - where nobody knows",
    "may_use": "tokens a minute that would last until the reset, short; - likewise",
    "resets_in": "how long it is until it is full again",
}
"""What stands behind a pool's name and a dot."""

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
NONE = "-"


def check(form: str, pools: Sequence[str]) -> None:
    """Refuse a form with names that there are not.

    Raises:
        BadSettings: with a list of those that there are.
    """
    for found in _FIELD.finditer(form):
        if found[0] in {"{{", "}}"}:
            continue
        pool, _, field = (found[1] or "").partition(".")
        if pool not in pools or field not in FIELDS:
            known = ", ".join(f"{{{pools[0]}.{name}}}" for name in FIELDS)
            raise BadSettings(
                f"--format has no {found[0]}.", f"There are {known}, and the same of {', '.join(pools[1:])}."
            )


def formatted(form: str, statuses: Sequence[PoolStatus], now: datetime) -> str:
    """Return the pools in this form, which was checked; `{{` and `}}` are braces."""
    known = {status.pool.name: _fields(status, now) for status in statuses}

    def value(found: re.Match[str]) -> str:
        if found[0] in {"{{", "}}"}:
            return found[0][0]
        pool, _, field = found[1].partition(".")
        return known[pool][field]

    return _FIELD.sub(value, form)


def _fields(status: PoolStatus, now: datetime) -> dict[str, str]:
    pool, forecast = status.pool, status.forecast
    ends = None if pool.spent else forecast.earliest
    return {
        "percent": str(pool.whole_percent),
        "free": formatting.short(pool.free),
        "free_tokens": str(pool.free),
        "left": formatting.short(pool.left),
        "left_tokens": str(pool.left),
        "limit": formatting.short(pool.limit.tokens),
        "limit_tokens": str(pool.limit.tokens),
        "billed": formatting.short(pool.eligible_billed),
        "outlook": status.outlook.value,
        "runs_out_in": NONE if ends is None else formatting.duration(ends - now),
        "runs_out_at": NONE if ends is None else f"{ends:%H:%M}",
        "rate": NONE if forecast.pace is None else formatting.short(forecast.pace),
        "may_use": NONE if forecast.sustainable is None else formatting.short(forecast.sustainable),
        "resets_in": formatting.duration(until_reset(now)),
    }

"""What happened, as a sentence for people and as facts for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.domain import formatting, sanitize
from tui.domain.alerts import Alert
from tui.domain.costs import dollars
from tui.domain.what import What


def sentence(alert: Alert, profile: str = "") -> str:
    """Return what happened, in one sentence, with the profile before it where that has a name."""
    return _sentence(alert) if profile in {"", "default"} else f"{profile}: {_sentence(alert)}"


def _sentence(alert: Alert) -> str:
    crossing = alert.crossing
    pool, left = crossing.pool, f"{formatting.full(alert.left)} tokens left"
    match alert.what:
        case What.THRESHOLD:
            is_stuck = alert.percent < crossing.threshold  # spent below its limit, which counts as all thresholds
            at = f"past {crossing.threshold}%" if is_stuck else f"at {alert.percent}%"
            more = ", which it does not give (est.)" if is_stuck else ""
            return f"{pool} is {at} of today's free tokens, {left}{more}."
        case What.RUNS_OUT:
            when = "" if alert.ends is None else f" at {alert.ends:%H:%M} UTC (est.),"
            return f"{pool} runs out{when} before the reset, {left}."
        case What.RECOVERED:
            return f"{pool} lasts until the reset again, {left}."
        case What.SPENT:
            return f"{pool} is spent: what is used now is billed."
        case What.RESET:
            return "A new UTC day has begun, and with it the pools of free tokens."
        case What.SPEND_LIMIT:
            so_far, limit = (dollars(amount) if amount is not None else "?" for amount in (alert.cost, alert.limit))
            return f"The month has cost {so_far}, {alert.percent}% of {limit}."
        case What.NOTHING_FREE:
            billed = f"{formatting.full(alert.tokens)} tokens were billed"
            return f"{pool}: nothing was free for 30 minutes of use, {billed}, and {left} of today's free ones."
        case What.PROJECT_BILLED:
            since = "" if alert.since is None else f" since {alert.since:%H:%M} UTC"
            project, billed = (
                sanitize.clean(alert.name or crossing.project),
                f"{formatting.full(alert.tokens)} tokens",
            )
            return f"{project} is billed{since} for models of {pool} ({billed}), where it had free ones; {left}."
        case What.SPIKE:
            used, usual = formatting.full(alert.tokens), formatting.full(alert.usual)
            return f"{used} tokens in the last hour; at this time of the day it is usually {usual}."


_OF_USAGE = {What.NOTHING_FREE, What.PROJECT_BILLED}

Facts = Mapping[str, Any]
"""What happened, by the names that JSON and the environment have for it."""


def facts(alert: Alert, profile: str) -> Facts:
    """Return what happened in a profile, for programs; what an event does not tell is None."""
    crossing = alert.crossing
    is_pool, is_money = bool(crossing.pool), alert.what is What.SPEND_LIMIT
    return {
        "event": alert.what.value,
        "profile": profile,
        "date": formatting.day(crossing.day),
        "pool": crossing.pool or None,
        "threshold": crossing.threshold or None,
        "percent": alert.percent if is_money or (is_pool and alert.what not in _OF_USAGE) else None,
        "left": alert.left if is_pool else None,
        "spent": alert.spent if is_pool else None,
        "project": crossing.project or None,
        "tokens": alert.tokens or None,
        "usual": alert.usual if alert.what is What.SPIKE else None,
        "since": None if alert.since is None else formatting.instant(alert.since),
        "ends": None if alert.ends is None else formatting.instant(alert.ends),
        "cost": None if alert.cost is None else float(alert.cost),
        "limit": None if alert.limit is None else float(alert.limit),
        "message": sentence(alert, profile),
    }


def environment(found: Facts) -> dict[str, str]:
    """Return facts as variables of a command: `OAI_USAGE_POOL` and others, without those that are not told."""
    return {f"OAI_USAGE_{name.upper()}": _written(value) for name, value in found.items() if value is not None}


def _written(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)

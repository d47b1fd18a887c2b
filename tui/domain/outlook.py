"""Whether a pool lasts until its reset at 00:00 UTC."""

from __future__ import annotations

from enum import Enum

from tui.domain.forecast import Forecast
from tui.domain.pools import PoolDay


class Outlook(Enum):
    """How a pool goes on until the reset."""

    SPENT = "spent"
    RUNS_OUT = "runs out"
    LASTS = "lasts"
    UNKNOWN = "unknown"


def outlook_of(pool: PoolDay, forecast: Forecast) -> Outlook:
    """Return how a pool goes on at the mean rate of the last hour; of what is not measured nothing is known."""
    if pool.spent:
        return Outlook.SPENT
    if not pool.measured or forecast.projected_percent is None:
        return Outlook.UNKNOWN
    return Outlook.RUNS_OUT if forecast.projected_percent >= 100 else Outlook.LASTS

"""Why tokens of a day were billed, from what the store knows of its hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.domain.costs import Cost, by_model, charges
from tui.domain.diagnosis import Diagnosis, diagnose
from tui.domain.kinds import HOSTED_TOOLS
from tui.domain.pools import limits, pool_days
from tui.domain.prices import Prices
from tui.domain.rows import Row
from tui.domain.time import DAY, Window, midnight
from tui.domain.usage import Bucket
from tui.engine import plan
from tui.engine.select import is_read_whole, notes_of
from tui.engine.store import Store
from tui.errors import NotKept, Unreadable
from tui.sources.base import BY_MODEL, Query

if TYPE_CHECKING:
    from tui.engine.state import State


def day_of_hours(store: Store, now: datetime, day: datetime) -> Bucket:
    """Return a day as its hours tell it."""
    return Bucket(day, tuple(row for hour in store.get(plan.hours(day, now)).values() for row in hour.rows))


def diagnosis(
    state: State,
    now: datetime,
    day: datetime,
    model: str | None = None,
    prices: Prices | None = None,
    hour: datetime | None = None,
) -> Diagnosis:
    """Return why tokens of a day were billed, or those of one model or hour, and est. what they cost at these prices.

    Where a model has none, what the costs of that day tell of it is taken.

    Raises:
        NotKept: where the API keeps the hours no longer.
        Unreadable: where none of them could be read.
    """
    store, catalogue, settings = state.store, state.catalogue, state.admin_settings
    query = plan.hours(day, now)
    hours = tuple(store.get(query).values())
    if not hours and store.not_kept(query):
        raise NotKept(
            f"The API does not keep the hours of {day:%Y-%m-%d} any more, and the archive does not have them. "
            "Why tokens of that day were billed cannot be told."
        )
    if not hours:
        raise Unreadable(f"The hours of {day:%Y-%m-%d} could not be read: the answer does not hold them.")
    history = Query(plan.history_window(now), BY_MODEL)
    rows = tuple(row for hour in hours for row in hour.rows)
    limit = limits(catalogue, (*store.get(history).values(), Bucket(day, rows)))
    is_whole = is_read_whole(store, query)
    pools = pool_days(rows, catalogue, limit, hours, partial=not is_whole or bool(store.not_kept(query)))
    window = Window(day, day + DAY, running=day == midnight(now))
    tools = {kind: Query(window, ("project_id",), kind) for kind in HOSTED_TOOLS}
    calls = {HOSTED_TOOLS[kind]: _calls(store.get(tool).get(day)) for kind, tool in tools.items()}
    knows_limits = plan.history_is_complete(store, catalogue, now) or all(
        each.source != "assumed" for each in limit.values()
    )

    charged = _charged(state.costs.of(day) or (), rows)

    def cost(row: Row) -> Decimal | None:
        is_regional = row.project_id is not None and settings.region(row.project_id) is not None
        listed = None if prices is None else prices.cost(row, day.date(), regional=is_regional)
        mean = charged.get(row.model)
        return listed if listed is not None or mean is None else mean * row.tokens

    return replace(
        diagnose(hours, pools, catalogue, day, model, calls, cost, hour),
        tools_known=all(is_read_whole(store, tool) for tool in tools.values()),
        tools_kept=not any(store.not_kept(tool) for tool in tools.values()),
        hours_not_kept=len(store.not_kept(query)),
        complete=is_whole and knows_limits,
        notes=notes_of(store, history),
    )


def _charged(lines: Iterable[Cost], rows: Iterable[Row]) -> dict[str | None, Decimal]:
    """Return what a billed token of each model cost on a day, in dollars: the mean of input and output."""
    billed: dict[str | None, int] = {}
    for row in rows:
        if not row.is_free:
            billed[row.model] = billed.get(row.model, 0) + row.tokens
    return {model: amount / billed[model] for model, amount in by_model(charges(lines)).items() if billed.get(model)}


def _calls(bucket: Bucket | None) -> dict[str, int]:
    """Return the calls of each project."""
    projects: dict[str, int] = {}
    for row in bucket.rows if bucket is not None else ():
        projects[row.project_id or ""] = projects.get(row.project_id or "", 0) + row.amount
    return projects

"""What a month cost, and its usage, which tells what its free tokens are worth: read for a command."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import Struct, structs

from tui.domain.costs import Costs, costs_window, month_of
from tui.domain.directory import Directory
from tui.domain.time import DAY, Window, next_month
from tui.engine.engine import Answer, Engine
from tui.errors import TuiError


class MoneyAnswer(Struct, frozen=True):
    """The costs and the usage of a month as of `at`: now, or the last moment of one that `is_over`."""

    costs: Costs
    usage: Answer
    directory: Directory
    at: datetime
    is_over: bool


async def _read_before(engine: Engine, first: datetime, end: datetime) -> Costs:
    """Read the days of the month before that are not read anyway; without them there is nothing to stand beside."""
    window = Window((first - DAY).replace(day=1), min(first, end))
    try:
        return await engine.read_costs(window)
    except TuiError as error:
        return Costs(problem=f"The month before, beside which this one would stand, was not read. {error.sentence}")


async def read_money(engine: Engine, first: datetime | None = None) -> MoneyAnswer:
    """Read what this month cost so far, or the one that begins with the day `first`.

    Raises:
        BadSettings: where nobody can be asked what it cost.
        TuiError: where costs cannot be read. Usage or names that cannot be read are only said to be missing.
    """
    now = engine.session.clock()
    is_over = first is not None and first < month_of(now).start
    at = now if first is None or not is_over else next_month(first) - timedelta(microseconds=1)
    window = costs_window(at, 0)
    days = Window(month_of(at).start, window.end, running=not is_over)
    costs, usage, directory, before = await asyncio.gather(
        engine.read_costs(days if is_over else window),
        engine.read_usage(days),
        engine.read_names(),
        _read_before(engine, days.start, (days if is_over else window).start),
    )
    costs = replace(costs, days={**before.days, **costs.days}, incomplete=costs.incomplete | before.incomplete)
    if before.problem is not None:  # which costs nothing of the month itself
        usage = structs.replace(usage, notes=usage.notes.noted(before.problem))
    return MoneyAnswer(costs, usage, directory, at, is_over)

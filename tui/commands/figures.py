"""The figures of the pools and the money that `serve` and `export` give as gauges."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tui.domain.admin_settings import Question, Topic
from tui.domain.costs import month_of, total
from tui.domain.pool_status import pool_statuses
from tui.domain.time import midnight
from tui.engine import select
from tui.engine.engine import Engine
from tui.engine.state import State
from tui.errors import TuiError
from tui.output.gauges import Figures


def figures_of(state: State, now: datetime, budget: Decimal | None) -> Figures:
    """Return what is known; of another day's pools only when they were read."""
    day, found = midnight(now), state.snapshot.pool_inputs
    lines = None if state.costs.is_at_least(day) else state.costs.of(day)
    read_at = None if found is None else found.today.read_at  # nobody notes it without an archive
    return Figures(
        day,
        select.pools_of_today(state, now),
        None if lines is None else total(lines),
        select.month_of(state, now, budget),
        select.month_limit(state, budget),
        _is_up(state),
        read_at or state.days.fetched_at,
    )


def _is_up(state: State) -> bool | None:
    """Return whether the last reading succeeded, its newest part at least; None before one has ended.

    What the archive knew was none.
    """
    days = state.days
    if days.failure is not None:
        return False
    return True if days.fresh or days.missing is not None or state.snapshot.pools_are_read else None


async def read_figures(engine: Engine) -> tuple[Figures, tuple[str, ...]]:
    """Read the pools of today and the money of the month; return what is known of them, and why not all is."""
    now = engine.session.clock()
    (pools, problems), more = await asyncio.gather(_read_pools(engine), _read_money(engine, now))
    known = figures_of(engine.state, now, engine.session.budget)
    return replace(known, pools=pools.pools, read_at=pools.read_at), (*problems, *more)


async def _read_pools(engine: Engine) -> tuple[Figures, tuple[str, ...]]:
    session = engine.session
    day = midnight(session.clock())
    try:
        answer = await engine.read_pools()
    except TuiError as error:
        return Figures(day), (f"The pools could not be read. {error.sentence}",)
    found, problem = answer.pool_inputs, answer.problem
    statuses = pool_statuses(found, engine.state.catalogue, answer.at)
    read_at = found.today.read_at or (answer.at if session.asks else None)
    return Figures(day, statuses, read_at=read_at), (*found.notes, *([] if problem is None else [problem.sentence]))


async def _read_money(engine: Engine, now: datetime) -> tuple[str, ...]:
    """Read what the month cost, and its limit; return what went wrong with the costs."""
    session = engine.session
    if session.cost_source is None:
        return ()
    if session.budget is None:
        await engine.read_settings([Question(Topic.SPEND_LIMIT)])
    problem = (await engine.read_costs_if_any(month_of(now))).problem
    return () if problem is None else (problem,)

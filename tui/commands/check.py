"""`oai-usage-tui check`: the exit status tells a workload whether a pool has room."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.commands.messages import tell
from tui.domain import formatting
from tui.domain.admin_settings import Question, Topic
from tui.domain.catalogue import Catalogue
from tui.domain.costs import Month, costs_window, dollars
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolInputs, pool_statuses
from tui.domain.pools import PoolDay
from tui.domain.time import until_reset
from tui.engine import select
from tui.engine.engine import Engine
from tui.engine.plan import PoolParts
from tui.errors import UNKNOWN, ApiError
from tui.output.pools import NOT_SEEN, more, tenths
from tui.system import streams

BELOW, ABOVE, UNTOLD = 0, 1, UNKNOWN
EVERY = timedelta(seconds=60)
"""How often `--wait` asks: the API counts minutes late anyway."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Which pool, and where "above" begins: at so much percent used, or when less than so many tokens are left.

    Or where it does not last `until_reset`, at the mean rate of the last hour.
    """

    pool: str
    max_percent: float | None = None
    min_left: int | None = None
    until_reset: bool = False

    def passed(self, pool: PoolDay) -> bool:
        """Return whether the pool is at or above the bound."""
        if pool.spent:
            return True
        if self.max_percent is not None:
            return pool.percent >= self.max_percent
        return self.min_left is not None and pool.left < self.min_left


async def check(engine: Engine, bound: Bound) -> int:
    """Say on stderr how the pool stands, and return the exit status.

    Raises:
        TuiError: where it cannot be read.
    """
    verdict = await _judged(engine, bound)
    streams.warn(verdict.words(engine.session.clock()))
    return verdict.status


async def wait(engine: Engine, bound: Bound, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> int:
    """Return once the pool is below the bound; or at once, if it cannot be told at the first look.

    What passes by itself is waited out, and so is an answer in between that tells nothing. It is said once each.

    Raises:
        TuiError: where the API will not answer, or cannot be reached at the first look.
    """
    verdict = await _judged(engine, bound)
    said = ""
    first = True
    while True:
        if verdict.told != said:
            streams.warn(verdict.words(engine.session.clock()))
            said = verdict.told
        if verdict.status == BELOW or (first and verdict.status == UNTOLD):
            return verdict.status
        if first and sys.stderr.isatty():
            streams.warn(_waits(engine.session.clock()))
        first = False
        await sleep(max(EVERY.total_seconds(), verdict.pause))
        try:
            verdict = await _judged(engine, bound)
        except ApiError as error:
            if not error.may_pass:
                raise
            verdict = Verdict(ABOVE, f"{error.sentence} Waiting.", pause=error.retry_after or 0.0)


def _waits(now: datetime) -> str:
    """Return that it is waited, and until when: a new day's pool is below any bound."""
    reset = formatting.duration(until_reset(now))
    return (
        f"Waiting until it has room, at the latest by its reset at 00:00 UTC, in {reset}. It is asked once a minute."
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The exit status, what is to be said, and for how many seconds the API asks to be left alone."""

    status: int
    told: str
    has_countdown: bool = False
    pause: float = 0.0

    def words(self, now: datetime) -> str:
        """Return what is to be said, with the countdown to the reset."""
        return f"{self.told}; resets in {formatting.duration(until_reset(now))}." if self.has_countdown else self.told


async def _read(engine: Engine, bound: Bound) -> PoolInputs:
    pool_inputs = (await engine.read_pools(parts=PoolParts(minutes=bound.until_reset))).pool_inputs
    tell(*pool_inputs.notes)
    return pool_inputs


async def _judged(engine: Engine, bound: Bound) -> Verdict:
    pool_inputs, catalogue = await _read(engine, bound), engine.state.catalogue
    if bound.until_reset:
        return _until_reset(pool_inputs, catalogue, bound, engine.session.clock())
    pool = next(pool for pool in pool_inputs.pools(catalogue) if pool.name == bound.pool)
    status, doubts = decide(pool, bound, pool_inputs, catalogue)
    if status == UNTOLD:
        return Verdict(UNTOLD, f"{pool.name}: it cannot be told: {'; '.join(doubts)}.")
    state = ", spent" if pool.spent else ""
    least, most = ("at least ", "at most ") if doubts else ("", "")
    why = f" ({'; '.join(doubts)})" if doubts else ""
    return Verdict(
        status,
        f"{pool.name}: {least}{_percent(pool, bound)}% used{why}, {most}{formatting.full(pool.left)} "
        f"of {formatting.full(pool.limit.tokens)} left ({pool.limit.source} limit){state}",
        has_countdown=True,
    )


def _percent(pool: PoolDay, bound: Bound) -> float:
    """Return how much of the pool is used, as `pools` says it, or to one decimal as the bound has one."""
    is_whole = not (bound.max_percent or 0) % 1
    return pool.whole_percent if is_whole else tenths(pool.free, pool.limit.tokens)


_STATUS = {Outlook.LASTS: BELOW, Outlook.RUNS_OUT: ABOVE, Outlook.SPENT: ABOVE, Outlook.UNKNOWN: UNTOLD}


def _until_reset(pool_inputs: PoolInputs, catalogue: Catalogue, bound: Bound, now: datetime) -> Verdict:
    """Return whether the pool lasts until its reset; a pool that may be larger than assumed may last as well."""
    statuses = pool_statuses(pool_inputs, catalogue, now)
    status = next(each for each in statuses if each.pool.name == bound.pool)
    outlook = status.outlook
    is_sure = pool_inputs.knows_limits(catalogue) and (pool_inputs.whole or outlook is Outlook.SPENT)
    if outlook is Outlook.UNKNOWN or not is_sure:
        why = NOT_SEEN if not status.pool.measured else "too little of today could be read"
        return Verdict(UNTOLD, f"{bound.pool}: it cannot be told: {why}.")
    left = f"{formatting.full(status.pool.left)} of {formatting.full(status.pool.limit.tokens)} left"
    ends = status.forecast.earliest
    when = f" est. at {ends:%H:%M} UTC" if outlook is Outlook.RUNS_OUT and ends is not None else ""
    return Verdict(_STATUS[outlook], f"{bound.pool} {_SAYS[outlook]}{when}, {left}", has_countdown=True)


_SAYS = {Outlook.LASTS: "lasts", Outlook.RUNS_OUT: "runs out", Outlook.SPENT: "is spent"}


async def check_month(engine: Engine) -> int:
    """Say whether the month stays below its limit, and return the exit status.

    Raises:
        TuiError: where costs cannot be read.
    """
    session, now = engine.session, engine.session.clock()
    costs = await engine.read_costs(costs_window(now, 0))
    if session.budget is None:
        await engine.read_settings([Question(Topic.SPEND_LIMIT)])
    found = select.month_of(engine.state, now, session.budget)
    tell(costs.problem)
    status, words = decide_month(found)
    streams.warn(f"month: {words}.")
    return status


def decide_month(month: Month | None) -> tuple[int, str]:
    """Return the exit status, and what is known of the month. What is not known yet can only add to it."""
    if month is None or not month.budget:
        return UNTOLD, "it cannot be told: no limit is known (monthly_budget in config.toml sets one)"
    so_far = f"{dollars(month.so_far)} of {dollars(month.budget)}"
    if month.so_far >= month.budget:
        return ABOVE, f"{so_far}, at or over the limit"
    if month.expected is None or month.unnamed or month.at_least:
        return UNTOLD, f"at least {so_far}; how it ends cannot be told: not all of its costs are known"
    ends = f"est. {dollars(month.expected)} at its end"
    return (ABOVE if month.expected >= month.budget else BELOW), f"{so_far}, {ends}"


def decide(pool: PoolDay, bound: Bound, pool_inputs: PoolInputs, catalogue: Catalogue) -> tuple[int, tuple[str, ...]]:
    """Return the exit status, and why the pool's figures may not be the whole truth.

    What is known of a day's use is the least of it: a pool that is above the bound stays so, whatever is missing, and
    one that is below is only so where nothing is. A pool that may be larger than assumed is below as well where it is
    below the bound of the assumed one, and cannot be told of where it is above.
    """
    if not pool.measured:
        billed = formatting.full(pool.eligible_billed)
        return UNTOLD, (f"{NOT_SEEN} ({billed} tokens of its models were billed)",)
    if not pool_inputs.knows_limits(catalogue) and bound.passed(pool):
        return UNTOLD, ("only a part of the days from which its size is inferred could be read",)
    doubts = []
    if pool.at_least:
        doubts.append(more(pool))
    elif not pool_inputs.complete:
        doubts.append("only a part of the day could be read")
    if bound.passed(pool):
        return ABOVE, tuple(doubts)
    return (UNTOLD if doubts else BELOW), tuple(doubts)

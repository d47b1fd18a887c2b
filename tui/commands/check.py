"""`oai-usage-tui check`: the exit status tells a workload whether a pool has room."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tui.domain import humanize
from tui.domain.catalogue import Catalogue
from tui.domain.pools import PoolDay
from tui.domain.reading import Evidence
from tui.domain.source import Source
from tui.domain.window import until_reset
from tui.errors import ApiError
from tui.report.gaps import rows_left_out
from tui.report.pools import NOT_SEEN, tenths
from tui.session.pool_reading import Beside, read_today

BELOW, ABOVE, UNTOLD = 0, 1, 5
EVERY = timedelta(seconds=60)
"""How often `--wait` asks: the API counts minutes late anyway."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Which pool, and where "above" begins: at so much percent used, or when less than so many tokens are left."""

    pool: str
    max_percent: float | None = None
    min_left: int | None = None

    def passed(self, pool: PoolDay) -> bool:
        """Return whether the pool is at or above the bound."""
        if pool.spent:
            return True
        if self.max_percent is not None:
            return pool.percent >= self.max_percent
        return self.min_left is not None and pool.left < self.min_left


@dataclass(frozen=True, slots=True)
class Check:
    """One check: of what, from where, by which clock, and how to wait."""

    source: Source
    catalogue: Catalogue
    bound: Bound
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]


async def check(this: Check) -> int:
    """Say on stderr how the pool stands, and return the exit status.

    Raises:
        TuiError: where it cannot be read.
    """
    verdict = _judged(await _read(this, None), this)
    _say(verdict.words(this.clock()))
    return verdict.status


async def wait(this: Check) -> int:
    """Return once the pool is below the bound; or at once, if it cannot be told at the first look.

    What passes by itself is waited out, and so is an answer in between that tells nothing. It is said once each.

    Raises:
        TuiError: where the API will not answer, or cannot be reached at the first look.
    """
    evidence = await _read(this, None)
    verdict = _judged(evidence, this)
    said = ""
    first = True
    while True:
        if verdict.told != said:
            _say(verdict.words(this.clock()))
            said = verdict.told
        if verdict.status == BELOW or (first and verdict.status == UNTOLD):
            return verdict.status
        first = False
        await this.sleep(max(EVERY.total_seconds(), verdict.pause))
        try:
            evidence = await _read(this, evidence)
            verdict = _judged(evidence, this)
        except ApiError as error:
            if not error.may_pass:
                raise
            verdict = Verdict(ABOVE, f"{error.sentence} Waiting.", pause=error.retry_after or 0.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The exit status, what is to be said, and for how many seconds the API asks to be left alone."""

    status: int
    told: str
    has_countdown: bool = False
    pause: float = 0.0

    def words(self, now: datetime) -> str:
        """Return what is to be said, with the countdown to the reset."""
        return f"{self.told}; resets in {humanize.duration(until_reset(now))}." if self.has_countdown else self.told


async def _read(this: Check, known: Evidence | None) -> Evidence:
    evidence, _ = await read_today(this.source, this.catalogue, this.clock, known=known, beside=Beside(minutes=False))
    return evidence


def _judged(evidence: Evidence, this: Check) -> Verdict:
    pool = next(pool for pool in evidence.pools(this.catalogue) if pool.name == this.bound.pool)
    if not pool.measured:
        billed = humanize.full(pool.eligible_billed)
        return Verdict(
            UNTOLD, f"{pool.name}: it cannot be told: {NOT_SEEN} ({billed} tokens of its models were billed)."
        )
    # What is missing can only add to what is used; but the limit must be known as well as it can be.
    is_over = this.bound.passed(replace(pool, stuck_since=None))
    if not evidence.whole and not (is_over and evidence.history_complete):
        why = rows_left_out([evidence.today]) or "only a part of the day could be read"
        return Verdict(UNTOLD, f"{pool.name}: it cannot be told: {why}.")
    least, most = ("", "") if evidence.whole else ("at least ", "at most ")
    state = ", spent" if pool.spent else ""
    return Verdict(
        ABOVE if this.bound.passed(pool) else BELOW,
        f"{pool.name}: {least}{tenths(pool.free, pool.limit.tokens)}% used, {most}{humanize.full(pool.left)} of "
        f"{humanize.full(pool.limit.tokens)} left ({pool.limit.source} limit){state}",
        has_countdown=True,
    )


def _say(words: str) -> None:
    """Say it, if anybody listens: the exit status is the answer."""
    with suppress(OSError, ValueError):
        sys.stderr.write(words + "\n")
        sys.stderr.flush()

"""Runs for tests: an API that counts late, what is kept of them, and the waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import timedelta

from tests.support.builders import CATALOGUE, FREE, NOW, row
from tests.support.live import Time
from tui.domain.rows import regrouped
from tui.domain.runs import Run
from tui.domain.time import Width
from tui.domain.usage import Bucket
from tui.engine.engine import Engine
from tui.engine.session import Session
from tui.facts.prices import prices
from tui.sources.base import Page, Query

MINUTE = timedelta(minutes=1)


class Late:
    """An API that counts 100 free and 10 billed tokens each minute, so many minutes late."""

    def __init__(self, clock: Time, late: int = 20) -> None:
        self.clock, self.late = clock, late
        self.queries: list[Query] = []
        self.error: Exception | None = None

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        self.queries.append(query)
        if self.error is not None:
            raise self.error
        through, read_at = Width.MINUTE.floor(self.clock() - self.late * MINUTE), self.clock()
        found = []
        for start in query.window.starts():
            count = max(0, (min(start + query.window.width.span, through) - start) // MINUTE)
            rows = [
                row("gpt-6-sol", 90 * count, 10 * count, count, service_tier=FREE),
                row("gpt-6-sol", 9 * count, count, count, service_tier="default"),
            ]
            found.append(Bucket(start, regrouped(rows if count else (), query.group_by), read_at=read_at))
        yield Page(tuple(found))


def opened(late=20, **options):
    clock = Time()
    source = Late(clock, late)
    return clock, source, Engine(Session(source, clock, 6, CATALOGUE, prices=prices(None), **options))


def over(minutes: int = 3, **fields) -> Run:
    return Run("r1", "make eval", "command", NOW - minutes * MINUTE, NOW, status=0, **fields)


def sleeping(clock: Time):
    async def sleep(seconds: float) -> None:
        clock.now += timedelta(seconds=seconds)

    return sleep


class Kept:
    def __init__(self) -> None:
        self.kept: list[Run] = []

    def going_on(self, *_):
        return nullcontext(lambda: None)

    def keep(self, run: Run) -> None:
        self.kept.append(run)

    def runs(self) -> tuple[Run, ...]:
        return tuple(self.kept[-1:])

    def forget(self, run: Run) -> None:
        self.kept = [each for each in self.kept if each.id != run.id]

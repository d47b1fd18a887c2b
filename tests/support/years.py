"""A year of days, who knows them, and what the calendar shows of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from tests.support.builders import DAY, FREE, TODAY, Memory, day, row
from tests.support.dashboard import Dashboard
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket
from tui.sources.base import CachedBucket, Page, Query


def of_day(ago: int) -> Bucket:
    """Days of four sizes, half of each billed; ten days ago nothing was free, five days ago nothing was used."""
    tokens = (1 + ago % 4) * 100_000
    if ago == 5:
        return day(ago)
    if ago == 10:
        return day(ago, row("gpt-6-sol", tokens, 0, service_tier="default"))
    used = [row("gpt-6-sol", tokens - 7, 0, service_tier=FREE), row("o3", tokens, 0, service_tier="default")]
    return day(ago, *used, row("gpt-5.4-mini" if ago <= 20 else "gpt-6-sol", 7, 0, service_tier=FREE))


YEAR = [of_day(ago) for ago in range(380)]


class Archived:
    """An archive that knows days before the last hundred."""

    organization = "org-test"

    def cached(self, query: Query) -> dict[datetime, CachedBucket]:
        if query.window.width is not Width.DAY:
            return {}
        known = (bucket for bucket in YEAR[100:] if bucket.start in query.window)
        return {each.start: CachedBucket(each, TODAY - DAY) for each in known}


class Paged(Memory):
    """An API that answers a window of the year only when it is let."""

    def __init__(self, *buckets: Bucket) -> None:
        super().__init__(*buckets)
        self.allowed = 0
        self.asked: list[Window] = []

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        is_of_the_year = query.window.start < TODAY - 40 * DAY or query.window.days_before_last == 30
        if is_of_the_year and query.window.width is Width.DAY:
            self.asked.append(query.window)
            while not self.allowed:
                await asyncio.sleep(0.005)
            self.allowed -= 1
            if self.error is not None:
                raise self.error
        async for page in super().pages(query):
            yield page


def calendar(board: Dashboard) -> list[str]:
    """The lines of the weekdays."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    lines = [line.strip("│|").strip() for line in board.text().splitlines()]
    return [next(line for line in lines if line.startswith((f"{name} ", f"{name}["))) for name in names]


def signs(board: Dashboard) -> set[str]:
    return {sign for line in calendar(board) for sign in line[3:]} - set(" []!▲+^")

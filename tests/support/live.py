"""A dashboard while time goes on."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from tests.support.archives import archive
from tests.support.builders import NOW, QUICK, loopback
from tests.support.dashboard import Dashboard, dashboard
from tests.support.demo_api import Served
from tui.engine.clock import Clock
from tui.sources.archive.buckets import Identity
from tui.sources.archive.read_through import ReadThrough
from tui.sources.openai.api import Api
from tui.sources.openai.client import Client


class Time:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    async def goes(self, board: Dashboard, **span: float) -> None:
        """Let time pass, and the dashboard notice."""
        self.now += timedelta(**span)
        board.screen._tick()
        await board.settle()


@contextlib.asynccontextmanager
async def served(
    api: Served, tmp_path, local: Time | None = None, **options
) -> AsyncIterator[tuple[Dashboard, Time]]:
    """The dashboard of an API on a port, with an archive, as the program puts it together."""
    time = local or Time(api.now)
    clock = Clock(time)
    async with Client(Api(loopback(api.port), "sk-admin-x", retry_policy=QUICK, on_date=clock.on_date)) as client:
        through = ReadThrough(client, archive(tmp_path), Identity(api.base_url, "sk-admin-x"), clock)
        async with dashboard(
            through, clock=clock, memory=through, ahead=lambda: clock.ahead, **{"days": 14, **options}
        ) as board:
            yield board, time

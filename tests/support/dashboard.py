"""A dashboard in a test: driven with keys, waited for without sleeping, read as text."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any

from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from tests.support.builders import CATALOGUE, NOW
from tui.domain.catalogue import Catalogue
from tui.engine.organizations import Organizations
from tui.engine.session import Session
from tui.sources.base import Source
from tui.ui.actions import ACTIONS
from tui.ui.actions.action import Action
from tui.ui.app import Appearance, UsageApp
from tui.ui.dashboard import DashboardScreen
from tui.ui.widgets.usage_table import UsageTable


class Dashboard:
    """The running application and the hand on its keys."""

    def __init__(self, app: UsageApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> DashboardScreen:
        return next(each for each in self.app.screen_stack if isinstance(each, DashboardScreen))

    @property
    def table(self) -> UsageTable:
        return self.screen.query_one(UsageTable)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def press_only(self, *keys: str) -> None:
        """Press, and do not wait for what follows."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        for screen in self.app.screen_stack:
            if isinstance(screen, DashboardScreen):
                await screen.engine.idle()
                for engine in screen.organizations.engines.values() if screen.organizations else ():
                    await engine.idle()
        with contextlib.suppress(WorkerCancelled):
            await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    def text(self) -> str:
        """The whole screen as lines of text."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip)[:width] for strip in strips[:height])

    def frame(self) -> str:
        """The words on the frame of the table that say what it shows, also where its end has no room."""
        return self.table._title.plain

    def rows(self) -> list[list[str]]:
        """The table's cells, without the bars that stand in lines of days."""
        cells = (self.table.get_row_at(row) for row in range(self.table.row_count))
        return [
            [cell.plain.rstrip(" ▇░") if place == 1 else cell.plain for place, cell in enumerate(row)]
            for row in cells
        ]


USUAL = Appearance()


@contextlib.asynccontextmanager
async def dashboard(
    source: Source,
    *,
    size: tuple[int, int] = (120, 40),
    days: int = 6,
    clock: Callable[[], datetime] = lambda: NOW,
    place: str | None = None,
    is_static: bool = False,
    settle: bool = True,
    live: int | None = 60,
    appearance: Appearance = USUAL,
    actions: Sequence[Action] = ACTIONS,
    catalogue: Catalogue = CATALOGUE,
    organizations: Organizations | None = None,
    **options: Any,
) -> AsyncIterator[Dashboard]:
    run = Session(source, clock, days, catalogue, place, is_static, live=live, **options)
    app = UsageApp(run, appearance=appearance, actions=actions, organizations=organizations)
    async with app.run_test(size=size, notifications=True) as pilot:
        board = Dashboard(app, pilot)
        if settle:
            await board.settle()
            await board.settle()
        yield board

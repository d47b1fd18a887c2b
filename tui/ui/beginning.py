"""The beginning: nothing is sent before the first frame is whole, and nothing is read before that is drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.ui import plot
from tui.ui.workers import reports_faults

if TYPE_CHECKING:
    from textual.driver import Driver

    from tui.ui.dashboard import DashboardScreen


class FirstFrame:
    """Holds back what is drawn, where the driver can; `over_a_frame` of the last time, until something was read.

    What is not read yet would be a hole in that frame. A key that was pressed meanwhile is not kept waiting.
    """

    def __init__(self, driver: Callable[[], Driver | None], *, over_a_frame: bool) -> None:
        self._driver, self._over_a_frame = driver, over_a_frame
        self._is_drawn = self._is_key_pressed = False

    def hold(self, screen: DashboardScreen) -> None:
        """Send nothing until the first frame is whole; what is loaded for reading would keep that waiting."""
        hold = getattr(self._driver(), "hold", None)
        if hold is None or self._over_a_frame:
            screen.is_drawn.set()

        def then() -> None:
            screen.refresh()
            screen.call_after_refresh(screen.is_drawn.set)

        if hold is not None:
            hold(then)

    def drawn(self, *, is_read: bool) -> None:
        """Let the terminal show what was drawn."""
        self._is_drawn = True
        if is_read or self._is_key_pressed or not self._over_a_frame:
            self._release()

    def key_pressed(self) -> None:
        """Let the terminal show what was drawn until the first key."""
        if not self._is_key_pressed:
            self._is_key_pressed = True
            if self._is_drawn:
                self._release()

    def _release(self) -> None:
        release = getattr(self._driver(), "release", None)
        if release is not None:
            release()


def begin(screen: DashboardScreen) -> None:
    """Read, once what the archive knew is plotted: loading all that reads takes longer than what plots."""
    screen.run_worker(_begun(screen), exit_on_error=False, description="begin")


@reports_faults
async def _begun(screen: DashboardScreen) -> None:
    if screen.state.has_data:
        with suppress(Exception):  # whatever a chart's library does, the numbers are read; the charts say so
            await asyncio.to_thread(plot.load)
    await screen.is_drawn.wait()
    screen.engine.begin()
    await screen.engine.idle()
    screen.call_after_refresh(screen.post_message, screen.Drawn(is_read=True))

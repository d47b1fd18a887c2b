"""A driver that draws twice, whole and by differences."""

from __future__ import annotations

import asyncio

from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size

from tests.support.cells import Seen
from tui.ui.terminal.canvas import Canvas
from tui.ui.terminal.diff_driver import SYNC_END, SYNC_START


class Recorder(Driver):
    """A driver whose terminal is two: one that gets what Textual writes, one that gets differences."""

    size = (120, 40)

    def __init__(self, app, **options) -> None:
        super().__init__(app, **options)
        self.begin()

    def begin(self) -> None:
        self.plain, self.thrifty, self.canvas = Seen(*self.size), Seen(*self.size), Canvas(*self.size)
        self.not_understood: list[str] = []

    def forget(self) -> None:
        self.canvas.forget()

    def write(self, data: str) -> None:
        if data in {SYNC_START, SYNC_END} or data.startswith(("\x1b]", "\x07", "\x1b[?")):
            return
        self.plain.feed(data)
        if self.canvas.draw(data) is None:
            self.not_understood.append(data)
        self.thrifty.feed(self.canvas.difference())

    def start_application_mode(self) -> None:
        size = Size(*self.size)
        asyncio.get_running_loop().call_soon(lambda: self._app.post_message(Resize(size, size)))

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...

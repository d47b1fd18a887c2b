"""The terminal driver that sends only what differs: over SSH, what is drawn again is waited for.

It keeps the cells that it has sent. Where the line is slow, frames are not queued: what is sent next is the
difference to the newest one. What it does not understand is passed on as it is, and makes it forget what it holds,
unless that is known not to touch the screen.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, cast

from tui.ui.terminal.canvas import Canvas
from tui.ui.terminal.driver import ASKED_CELLS, ASKED_ROW, HOW_WIDE, WHO, TerminalDriver
from tui.ui.terminal.standing import Standing

if TYPE_CHECKING:
    from textual.drivers._writer_thread import WriterThread

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
"""Between the two, a terminal that knows them shows nothing half drawn."""

_ENTER = "\x1b[?1049h"
_SCREEN_MODES = ("1049", "1047", "47")
_HARMLESS = re.compile(
    r"(?:\x1b\[\?(?!1049|1047|47)\d+(?:[hl]|\$p)|\x1b\[[<>=]?\d*u|\x07|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1bPtmux;(?:[^\x1b]|\x1b\x1b)*\x1b\\)+"
)
"""Modes, questions, the bell, the clipboard, notifications and the title: nothing that moves or changes a cell."""

_A_PIECE = 200
"""Characters that arrive in one piece, so that nothing half drawn is seen of them."""

_LONGEST_HOLD, _LONGEST_HOLD_OVER_A_FRAME = 0.5, 2.0
"""Seconds until what is held is sent, whether or not anybody says that it is whole."""

_GRACE = 2.0
"""Seconds that the last bytes have to get out, when the program ends."""


class DiffDriver(TerminalDriver):
    """Textual's driver for Linux and macOS, which writes differences."""

    _canvas: Canvas | None = None
    _standing: Standing | None = None
    _place: tuple[int, int] | None = None
    _is_synchronized = False
    _is_behind = False
    _is_moved = False
    is_held = False
    """Whether what is drawn is sent later."""

    _then: Callable[[], object]

    def start_application_mode(self) -> None:
        """Take the terminal. Nothing is known of what it shows, unless a frame stands there already."""
        self.forget()
        standing = self._take_standing()
        self._standing = standing if standing is not None and standing.take_over() else None
        if self._standing is not None:
            self._adopt(self._standing)
        try:
            super().start_application_mode()
        except BaseException:
            self._give_back_half_taken()
            raise
        if self._standing is not None:
            self.attrs_before, self._standing = self._standing.line, None
        if not self._is_taken or self._writer_thread is None or self._file is None:
            return
        self._writer_thread.stop()
        loop = asyncio.get_running_loop()
        writer = _Writer(self._file, lambda: loop.call_soon_threadsafe(self._catch_up))
        writer.start()
        self._writer_thread = cast("WriterThread", writer)

    def _give_back_half_taken(self) -> None:
        """Give the terminal back after a fault while it was taken: Textual does so only for later ones."""
        if self._standing is not None:
            self.attrs_before, self._standing = self._standing.line, None
        if self._writer_thread is not None:
            self.stop_application_mode()
            self.close()

    def _take_standing(self) -> Standing | None:
        found: Standing | None = getattr(self._app, "take_standing", lambda: None)()
        return found

    def _sigtstp_application(self, *args: object) -> None:
        """Stop; a frame that stands still is taken away before."""
        standing = None if self._is_taken else self._take_standing()
        if standing is not None:
            standing.give_back()
        super()._sigtstp_application(*args)

    def _adopt(self, standing: Standing) -> None:
        """Begin from the cells that the terminal shows."""
        canvas = self._fitting()
        is_fitting = canvas is not None and (canvas.width, canvas.height) == standing.size
        if canvas is not None and is_fitting and not canvas.adopt(standing.frame):
            self.forget()

    def ask(self) -> None:
        """Ask the terminal; the cells that are taken for it are written again at once."""
        if self._standing is None or self._canvas is None:
            super().ask()
            return
        self._canvas.doubt(ASKED_ROW - 1, ASKED_CELLS)
        super().write(f"{HOW_WIDE}{self._canvas.difference()}{WHO}")

    def shown(self) -> Canvas | None:
        """Return what the terminal shows; None where that is not known, or is about to change."""
        is_behind = self.is_held or self._is_behind or self._canvas is None
        return None if is_behind or self._canvas is None else self._canvas.shown()

    def hold(self, then: Callable[[], object]) -> None:
        """Send nothing yet: what is drawn is on its way to its place, and would be sent twice. `then` draws it."""
        self.is_held, self._then = True, then
        is_over_a_frame = self._canvas is not None and self._canvas.shown() is not None
        longest = _LONGEST_HOLD_OVER_A_FRAME if is_over_a_frame else _LONGEST_HOLD
        asyncio.get_running_loop().call_later(longest, self.release)

    def release(self) -> None:
        """Send what was drawn, and what will be."""
        if self.is_held:
            self.is_held = False
            self._then()
            self._catch_up()

    def forget(self) -> None:
        """Draw everything at the next frame, as after something else has written to the terminal."""
        self._canvas, self._place = None, None

    def write(self, data: str) -> None:
        """Write a frame, as far as it differs, or anything else."""
        if data in {SYNC_START, SYNC_END}:
            self._is_synchronized = True
            return
        if data == _ENTER and self._standing is not None:
            return  # entered already: to do so again would clear it
        canvas, data = self._fitting(), self.fitted(data)
        place = canvas.draw(data) if canvas is not None and data.startswith("\x1b[") else None
        if place is None:
            self._pass_on(data)
            return
        self._is_behind = True
        if self._place != place:
            self._place, self._is_moved = place, True
        self._catch_up()

    def _fitting(self) -> Canvas | None:
        """Return the cells of a terminal that is as large as the application takes it to be."""
        width, height = self._app.size
        if self._canvas is None or (self._canvas.width, self._canvas.height) != (width, height):
            self._canvas = Canvas(width, height) if width and height else None
        return self._canvas

    def _catch_up(self) -> None:
        """Send what differs, unless the line is still busy with what was sent before."""
        writer = self._writer_thread
        is_busy = self.is_held or getattr(writer, "is_busy", False)
        if not self._is_behind or self._canvas is None or writer is None or is_busy:
            return
        self._is_behind = False
        difference = self._canvas.difference()
        if self._is_moved and self._place is not None:  # input methods open where the cursor stands, seen or not
            difference += f"\x1b[{self._place[0] + 1};{self._place[1] + 1}H"
        self._is_moved = False
        if difference:
            is_together = self._is_synchronized and len(difference) > _A_PIECE
            writer.write(f"{SYNC_START}{difference}{SYNC_END}" if is_together else difference)

    def _pass_on(self, data: str) -> None:
        if not _HARMLESS.fullmatch(data):
            if any(f"?{mode}" in data for mode in _SCREEN_MODES):
                data = f"\x1b[m{data}"
            self.forget()
        super().write(data)


class _Writer(threading.Thread):
    """Writes to the terminal in the background, and says when it is done with all there was.

    It never makes the one who writes wait: what cannot be written yet is kept.
    """

    def __init__(self, file: IO[str], done: Callable[[], object]) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._file, self._done = file, done
        self._waiting: list[str] = []
        self._turn = threading.Condition()
        self._is_writing = self._is_ending = False

    @property
    def is_busy(self) -> bool:
        """Return whether there is something that has not been written yet."""
        return bool(self._waiting) or self._is_writing

    def write(self, text: str) -> None:
        """Write soon, after all that was to be written before."""
        with self._turn:
            self._waiting.append(text)
            self._turn.notify()

    def isatty(self) -> bool:
        """Stand for the terminal."""
        return True

    def fileno(self) -> int:
        """Return the terminal's number."""
        return self._file.fileno()

    def flush(self) -> None:
        """Do nothing: all is written as soon as it can be."""

    def run(self) -> None:
        """Write until the end."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._waiting or self._is_ending)
                if not self._waiting:
                    return
                text, self._waiting, self._is_writing = "".join(self._waiting), [], True
            self._file.write(text)
            self._file.flush()
            self._is_writing = False
            if not self._waiting and not self._is_ending:
                try:
                    self._done()
                except RuntimeError:  # the loop is closed: nobody has anything to add
                    return

    def stop(self) -> None:
        """End when all is written, or when that takes too long: nobody reads there any more."""
        with self._turn:
            self._is_ending = True
            self._turn.notify()
        self.join(_GRACE)

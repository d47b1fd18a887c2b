"""The terminal driver: Textual's own for this platform, but for what it does when the terminal is not as usual."""

from __future__ import annotations

import io
import select
import signal
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Any, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from tui.ui.terminal.ascii import plain
from tui.ui.terminal.input import TerminalInput
from tui.ui.terminal.output import TerminalOutput

_A_MOMENT = 0.1
"""Seconds to wait for a key at a time: a part of a sequence that nothing follows is taken for a key of its own."""

_AT_ONCE = 4096

ASKED_ROW, ASKED_CELLS = 2, 4
"""Not the first: in that, an answer about the cursor's place can be the key F3 as well."""

HOW_WIDE = f"\x1b[{ASKED_ROW};1H\x1b[8m●█\x1b[m\x1b[6n\x1b[{ASKED_ROW};1H"
"""Asks how far two characters of the drawing go, which are not seen, and to be written over."""

WHO = "\x1b[>q"
"""Asks what the terminal calls itself (XTVERSION)."""

_WIDE = {4, 5}
"""The cursor's columns behind them where one of them, or both, take two cells, as with East Asian settings."""


class TerminalDriver(LinuxDriver):
    """Goes on where Textual's driver ends the program, and ends it where that one would go on for ever.

    A byte from the keyboard that is not UTF-8 is dropped. A terminal that is gone ends the program as a hang-up does,
    which not every terminal sends. When the process goes on after a stop that it did not see coming (SIGSTOP, a
    debugger), the terminal is taken anew. It is not stopped before it has begun, and leaves no mode of the mouse
    behind. An application that `is_ascii` is drawn in ASCII.
    """

    _is_taken = False
    _is_asked = False
    _is_stopped = False
    """Whether the terminal was given back for a stop. Textual's own mark is also set while it is taken again."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = cast("Any", TerminalOutput(self._file, self._lose))

    def write(self, data: str) -> None:
        """Write what the application draws, or anything else."""
        super().write(self.fitted(data))

    def fitted(self, data: str) -> str:
        """Return what the terminal can show of this."""
        return plain(data) if getattr(self._app, "is_ascii", False) else data

    def run_input_thread(self) -> None:
        """Read keys until the driver is stopped, or the terminal is gone."""
        keys = TerminalInput(self._take_place, self._take_name)
        decode = getincrementaldecoder("utf-8")("surrogateescape").decode
        keyboard = io.FileIO(self.fileno, closefd=False)
        while not self.exit_event.is_set():
            try:
                is_ready = bool(select.select([keyboard], [], [], _A_MOMENT)[0])
                data = keyboard.read(_AT_ONCE) if is_ready else None
            except (OSError, ValueError):
                data = b""
            if data == b"":  # the end of the file, for ever
                self._lose()
                return
            now = time.monotonic()
            for message in keys.feed(decode(data), now) if data else keys.tick(now):
                self.process_message(message)

    def _lose(self) -> None:
        """End the program, from any thread: the terminal is gone."""
        with suppress(RuntimeError):  # the loop is closed: it has ended
            self._loop.call_soon_threadsafe(self._hang_up)

    def _hang_up(self) -> None:
        """Do what a hang-up does, unless the program is being ended already: a second signal ends it by force."""
        if getattr(self._app, "ended_by", None) is None and callable(signal.getsignal(signal.SIGHUP)):
            signal.raise_signal(signal.SIGHUP)

    def start_application_mode(self) -> None:
        """Take the terminal, unless the program is in the background; ask it once how wide it draws."""
        before = self._writer_thread
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._is_taken = self._writer_thread is not before
        if self._is_taken and not self._is_asked and not getattr(self._app, "is_ascii", False):
            self._is_asked = True
            self.ask()

    def ask(self) -> None:
        """Ask the terminal how wide it draws, and what it calls itself."""
        self.write(f"{HOW_WIDE}\x1b[2K{WHO}")

    def _take_place(self, row: int, column: int) -> None:
        """Take the answer about the cursor's place, in the thread of the keys."""
        if self._is_asked and row == ASKED_ROW and column in _WIDE:
            self._loop.call_soon_threadsafe(getattr(self._app, "draw_in_ascii", lambda: None))

    def _take_name(self, name: str) -> None:
        """Take what the terminal calls itself, in the thread of the keys."""
        self._loop.call_soon_threadsafe(setattr, self._app, "terminal_name", name)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self._is_taken = False
        super().stop_application_mode()

    def suspend_application_mode(self) -> None:
        """Give the terminal back for a while, if it has been taken."""
        if self._is_taken:
            super().suspend_application_mode()

    def _sigtstp_application(self, *args: object) -> None:
        """Stop; where the terminal has not been taken yet, there is nothing to give back and to take again."""
        if self._is_taken:
            self._is_stopped = True
            super()._sigtstp_application(*args)
        else:
            signal.raise_signal(signal.SIGSTOP)

    def _sigcont_application(self, *args: object) -> None:
        """Go on: take the terminal that was given back before the stop, or take it anew."""
        if self._is_stopped:
            self._is_stopped = False
            super()._sigcont_application(*args)
        elif self._is_taken:
            self._loop.call_soon_threadsafe(self._retake)

    def _retake(self) -> None:
        """Take the terminal anew and draw everything: whoever stopped the program may have changed it meanwhile."""
        if self._is_taken and self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()

    def _disable_mouse_support(self) -> None:
        """Switch the mouse off, and its unit back from pixels to cells."""
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")

"""The foreground of the terminal, lent to another process group as a shell lends it to a job."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

try:
    import termios
except ImportError:  # a platform without job control
    termios = None  # type: ignore[assignment]


class Foreground:
    """`with Foreground(group)`: the group has the terminal, if there is one and it is ours to lend.

    Only a group in the foreground may read the terminal, and gets what is typed as signals (ctrl+c, ctrl+z).
    Afterwards the terminal is as it was, also where a command left it without echo.
    """

    def __init__(self, group: int) -> None:
        self._group = group
        self._terminal: int | None = None
        self._attributes: list[Any] | None = None
        self.is_lent = False
        """Whether the group has, or had, the terminal."""

    def __enter__(self) -> Self:
        if termios is not None:
            with suppress(OSError):
                self._terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        if self._terminal is not None:
            with suppress(OSError, termios.error):
                self._attributes = termios.tcgetattr(self._terminal)
            self._lend()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal is not None:
            self._take_back()
            os.close(self._terminal)

    def stop_along(self, number: int) -> None:
        """Stop ourselves by the signal that the terminal stopped the group with; when we go on, so does the group."""
        is_late = number in {signal.SIGTTIN, signal.SIGTTOU} and self._is_with(self._group)
        if number not in {signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}:
            return  # whoever stopped it lets it go on
        if not is_late:  # else it asked for the terminal just before it was lent
            self._take_back()
            os.killpg(os.getpgrp(), number)
            self._lend()
        with suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGCONT)

    def _lend(self) -> None:
        if self._is_with(os.getpgrp()):
            self._hand(self._group)
            self.is_lent = True
            # What it asked of the terminal before has stopped it.
            with suppress(OSError):
                os.killpg(self._group, signal.SIGCONT)

    def _take_back(self) -> None:
        """Take the terminal back; whoever else of our group wanted it meanwhile was stopped, and goes on."""
        if self._terminal is not None and self._is_with(self._group):
            self._hand(os.getpgrp())
            if self._attributes is not None:
                with suppress(OSError, termios.error):
                    termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._attributes)
            with suppress(OSError):
                os.killpg(os.getpgrp(), signal.SIGCONT)

    def _is_with(self, group: int) -> bool:
        if self._terminal is None:
            return False
        try:
            return os.tcgetpgrp(self._terminal) == group
        except OSError:  # the terminal is gone
            return False

    def _hand(self, group: int) -> None:
        """Make a group the foreground. From the background that would stop us, if the signal were not blocked."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            with suppress(OSError):
                os.tcsetpgrp(self._terminal or 0, group)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

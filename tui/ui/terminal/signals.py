"""Gives the terminal back when the program is told to end from outside."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from tui.ui.app import UsageApp

_TOLD = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
_GRACE = 3
"""Seconds for an orderly end; a terminal that nobody reads any more can make that impossible."""


@contextmanager
def ended_by_signals(app: UsageApp, at_last: Callable[[], object]) -> Iterator[None]:
    """End the application in order at a signal, and by force where it does not; its status is 128 + the signal.

    `at_last` is done before it is ended by force: in order, it would have been done already.
    """
    loop = asyncio.get_running_loop()

    def told(number: int, _: FrameType | None) -> None:
        def force(*_: object) -> None:
            at_last()
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

        app.ended_by = number
        signal.signal(number, force)
        if hasattr(signal, "alarm"):
            signal.signal(signal.SIGALRM, force)
            signal.alarm(_GRACE)
        loop.call_soon_threadsafe(lambda: app.exit(return_code=128 + number))

    numbers = [getattr(signal, name) for name in _TOLD if hasattr(signal, name)]
    before = {number: signal.signal(number, told) for number in numbers}
    try:
        yield
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)

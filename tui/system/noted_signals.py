"""Signals that are noted instead of ending us, while something runs that has to be ended in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


@contextmanager
def noted(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Note these signals as they come; those that were ignored stay so, and afterwards all are as they were.

    Only the main thread can do that: elsewhere none is noted.
    """
    told: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler not in {signal.SIG_IGN, None}}
    for number in before:
        signal.signal(number, lambda number, _: told.append(number))
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

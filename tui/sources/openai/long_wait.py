"""Tells of a host that lets somebody wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONG = 5.0
"""Seconds after which a person wonders what goes on."""

OnLongWait = Callable[[str], object]
"""Is told the host, once for each request that takes so long, its retries and their pauses included."""


@contextmanager
def told(on_long_wait: OnLongWait | None, host: str) -> Iterator[None]:
    """Tell of the host if the block is not done by then."""
    if on_long_wait is None:
        yield
        return
    telling = asyncio.get_running_loop().call_later(LONG, on_long_wait, host)
    try:
        yield
    finally:
        telling.cancel()

"""Which errors to try again, and when."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import stamina
from stamina.instrumentation import set_on_retry_hooks

from tui.errors import RateLimited, ServerFailed, TimedOut, Unreachable

set_on_retry_hooks([])  # stamina reports each retry on stderr, where the dashboard draws

_PASSING = (RateLimited, ServerFailed, TimedOut, Unreachable)


@dataclass(frozen=True, slots=True)
class Patience:
    """How hard to try: attempts, seconds in all, seconds for one attempt, and the first pause.

    Pauses double from `pause` to `longest_pause` seconds, with as much jitter as the first pause.
    """

    attempts: int = 5
    total: float = 60.0
    attempt: float = 120.0
    pause: float = 0.5
    longest_pause: float = 15.0


async def attempts(patience: Patience) -> AsyncIterator[stamina.Attempt]:
    """Yield attempts to make inside `with`; one that succeeds, or fails for good, ends them.

    A server's `Retry-After` (in `error.retry_after`) is obeyed, unless it is longer than the time left: then the
    error is final at once, instead of a wait that nobody asked for.
    """
    started = time.monotonic()

    def wait(error: Exception) -> bool | float:
        if not isinstance(error, _PASSING):
            return False
        if error.retry_after is None:
            return True
        left = patience.total - (time.monotonic() - started)
        return error.retry_after if error.retry_after <= left else False

    async for attempt in stamina.retry_context(
        on=wait,
        attempts=patience.attempts,
        timeout=patience.total,
        wait_initial=patience.pause,
        wait_max=patience.longest_pause,
        wait_jitter=patience.pause,
    ):
        yield attempt

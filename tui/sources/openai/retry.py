"""Which errors to try again, and when."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import stamina
from stamina.instrumentation import set_on_retry_hooks

from tui.errors import ApiError

set_on_retry_hooks([])  # stamina reports each retry on stderr, where the dashboard draws


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How hard to try: attempts, seconds in all and for one attempt, and the first pause.

    Pauses double from `pause` to `longest_pause` seconds, with as much jitter as the first pause.
    """

    attempts: int = 5
    total: float = 90.0
    attempt: float = 60.0
    pause: float = 0.5
    longest_pause: float = 15.0


class Attempts:
    """One request's attempts: `async for attempt in trial.attempts(): with attempt: ...`."""

    def __init__(self, retry_policy: RetryPolicy) -> None:
        self._retry_policy = retry_policy
        self._began = time.monotonic()

    @property
    def time_left(self) -> float:
        """Return the seconds that the next attempt may take: those of one attempt, or what is left of all."""
        left = self._retry_policy.total - (time.monotonic() - self._began)
        return max(0.0, min(self._retry_policy.attempt, left))

    def attempts(self) -> AsyncIterator[stamina.Attempt]:
        """Return attempts to make; one that succeeds, or fails for good, ends them."""
        return aiter(
            stamina.retry_context(
                on=self._wait,
                attempts=self._retry_policy.attempts,
                timeout=self._retry_policy.total,
                wait_initial=self._retry_policy.pause,
                wait_max=self._retry_policy.longest_pause,
                wait_jitter=self._retry_policy.pause,
            )
        )

    def _wait(self, error: Exception) -> bool | float:
        """Return whether to try again, or after how many seconds.

        A server's `Retry-After` is obeyed, unless it is longer than the time left: then the error is final at once,
        instead of a wait that nobody asked for.
        """
        if not isinstance(error, ApiError) or not error.may_pass:
            return False
        if error.retry_after is None:
            return True
        left = self._retry_policy.total - (time.monotonic() - self._began)
        return error.retry_after if error.retry_after <= left else False

"""When to refresh next. Pure: moments in, moments out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tui.errors import ApiError, RateLimited

STEPS = (15, 30, 60, 120, 300, 600)
LONGEST = timedelta(minutes=10)
"""The longest pause after errors, unless the API asks for more."""

_PATIENCE_ASKED_FOR = timedelta(hours=1)
"""The longest pause that the API is granted."""


@dataclass(frozen=True, slots=True)
class RefreshTimer:
    """When a live dashboard refreshes: every so many seconds, unless it is off or asleep.

    It is that of the days and the pools, whatever is looked at; hours and minutes are read along with them.
    It waits `wait` from `since` on; `failures` is how many refreshes have failed in a row.
    """

    every: int
    on: bool = True
    asleep: bool = False
    since: datetime | None = None
    wait: timedelta = timedelta(0)
    failures: int = 0

    def is_due(self, now: datetime) -> bool:
        """Return whether it is time. A clock that was set back makes it due as well, instead of late."""
        if not self.on or self.asleep or self.since is None:
            return False
        return not self.since <= now < self.since + self.wait

    @property
    def until(self) -> datetime | None:
        """Return when the next refresh is due."""
        return None if self.since is None or not self.on or self.asleep else self.since + self.wait

    def succeeded(self, now: datetime) -> RefreshTimer:
        """Return the timer after a refresh that read everything."""
        return replace(self, since=now, wait=timedelta(seconds=self.every), failures=0)

    def failed(self, now: datetime, error: Exception) -> RefreshTimer:
        """Return the timer after a refresh that failed: each time the pause doubles, up to ten minutes.

        A try of the user's own while that is waited for changes nothing, unless the API asks for more.
        """
        if self.failures and self.until is not None and now < self.until and now + _granted(error) <= self.until:
            return self
        wait = backoff(self.every, self.failures + 1, error)
        return replace(self, since=now, wait=wait, failures=self.failures + 1)

    def toggled(self, now: datetime) -> RefreshTimer:
        """Return the timer switched off, or on, and then due at once."""
        return replace(self, on=not self.on, since=now, wait=timedelta(0))

    def suspended(self) -> RefreshTimer:
        """Return the timer while nobody looks."""
        return replace(self, asleep=True)

    def resumed(self) -> RefreshTimer:
        """Return the timer when somebody looks again; what was due meanwhile is due now."""
        return replace(self, asleep=False)

    def stepped(self, direction: int, now: datetime) -> RefreshTimer:
        """Return the timer with the next longer (1) or shorter (-1) time between refreshes."""
        others = [step for step in STEPS if (step - self.every) * direction > 0]
        if not others:
            return self
        every = min(others) if direction > 0 else max(others)
        wait = self.wait if self.failures else timedelta(seconds=every)
        return replace(self, every=every, since=self.since or now, wait=wait)


def backoff(every: int, failures: int, error: Exception) -> timedelta:
    """Return how long to wait after so many failures in a row, where a refresh is due every so many seconds."""
    doubled = timedelta(seconds=every * 2 ** min(failures, 10))
    return max(min(doubled, LONGEST), _granted(error))


def asks_to_wait(error: Exception) -> bool:
    """Return whether the API asked for a pause with all requests, and not only with this one."""
    return isinstance(error, RateLimited) or (isinstance(error, ApiError) and error.retry_after is not None)


def _granted(error: Exception) -> timedelta:
    asked = error.retry_after if isinstance(error, ApiError) and error.retry_after is not None else 0.0
    return min(timedelta(seconds=asked), _PATIENCE_ASKED_FOR)

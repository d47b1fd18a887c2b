"""What time it is: this machine's clock, put right by the API's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from tui.domain.time import midnight
from tui.errors import TuiError

T = TypeVar("T")

NOTICED = timedelta(seconds=5)
"""The `Date` of an answer has whole seconds and is as old as its way here: less than this is no difference."""

_NONE = timedelta(0)


class Clock:
    """UTC as the API counts it. What day "today" is decides which pools are shown, and the API is who resets them."""

    def __init__(self, local: Callable[[], datetime]) -> None:
        self._local = local
        self.ahead = _NONE
        """How far this machine's clock is ahead of the API's, as of the last answer."""

    def __call__(self) -> datetime:
        """Return the time."""
        return self._local() - self.ahead

    def later(self) -> Callable[[], datetime]:
        """Return what tells what time it is now, later, when an answer may have put this clock right."""
        local = self._local()
        return lambda: local - self.ahead

    def on_date(self, date: datetime) -> None:
        """Take the time from an answer that has just arrived."""
        ahead = self._local() - date.astimezone(UTC)
        if abs(ahead - self.ahead) >= NOTICED:
            self.ahead = ahead if abs(ahead) >= NOTICED else _NONE


async def of_today(clock: Callable[[], datetime], work: Callable[[datetime], Awaitable[T]]) -> tuple[T, datetime]:
    """Return what the work finds for the time that it is, and that time.

    Its answers can show that today is another day than this machine believes. Then it is done once more.

    Raises:
        TuiError: the work's own.
    """
    now = clock()
    try:
        found = await work(now)
    except TuiError:
        if midnight(clock()) == midnight(now):
            raise
    else:
        if midnight(clock()) == midnight(now):
            return found, now
    now = clock()
    return await work(now), now

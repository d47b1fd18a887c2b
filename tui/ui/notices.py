"""Notes on the screen: one at a time, for a while, until Escape takes it away."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Severity = Literal["information", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What to say, and for how many seconds."""

    words: str
    severity: Severity
    seconds: float


class Timer(Protocol):
    """What can be stopped."""

    def stop(self) -> None:
        """Stop it."""


class Notices:
    """Decides which note stands: what answers a key replaces the one before, all else waits for its turn.

    `show` puts a note in the place of the one that stands, or none; `later` calls back after so many seconds.
    """

    def __init__(
        self, show: Callable[[Notice | None], object], later: Callable[[float, Callable[[], object]], Timer]
    ) -> None:
        self._show, self._later = show, later
        self._shown: Notice | None = None
        self._waiting: deque[Notice] = deque()
        self._timer: Timer | None = None

    def add(self, notice: Notice, *, waits: bool = False) -> None:
        """Show a note, or let it wait until the one that stands is gone. None is there twice."""
        if not waits or self._shown is None or self._shown.words == notice.words:
            self._stand(notice)
        elif notice not in self._waiting:
            self._waiting.append(notice)

    @property
    def stands(self) -> bool:
        """Whether there is one now."""
        return self._shown is not None

    def dismiss(self) -> bool:
        """Take away the note that stands, and return whether there was one; the next one comes."""
        if self._shown is None:
            return False
        self._stand(self._waiting.popleft() if self._waiting else None)
        return True

    def _stand(self, notice: Notice | None) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._shown = notice
        self._show(notice)
        self._timer = None if notice is None else self._later(notice.seconds, self.dismiss)

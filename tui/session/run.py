"""What one run of the program is about: where its data come from, and what was asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.source import Source
from tui.domain.window import Window, last_days
from tui.session.alerts import Alert


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `place` names where the data come from, when that is not OpenAI: "demo", a host, a file.

    `stands_still` says that the clock does: the data are from a file, and nothing will reset. At `thresholds`, in
    percent, a pool is told of: by a bell, and by `on_alert`, which returns what went wrong, if anything did.
    """

    source: Source
    clock: Callable[[], datetime]
    days: int
    catalogue: Catalogue
    place: str | None = None
    stands_still: bool = False
    thresholds: tuple[int, ...] = (80, 95, 100)
    bell: bool = True
    on_alert: Callable[[Alert], Awaitable[str | None]] | None = None

    def window(self) -> Window:
        """Return the window as of now."""
        return last_days(self.clock(), self.days)

"""What one run of the program is about: where its data come from, and what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.source import Source
from tui.domain.window import Window, last_days


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `place` names where the data come from, when that is not OpenAI: "demo", a host, a file.

    `stands_still` says that the clock does: the data are from a file, and nothing will reset.
    """

    source: Source
    clock: Callable[[], datetime]
    days: int
    catalogue: Catalogue
    place: str | None = None
    stands_still: bool = False

    def window(self) -> Window:
        """Return the window as of now."""
        return last_days(self.clock(), self.days)

"""The terminal as a file to write to, which outlives the terminal."""

from __future__ import annotations

import io
import select
from collections.abc import Callable
from typing import TextIO

_A_MOMENT = 1.0
"""Seconds to wait at a time for a terminal that takes nothing now."""


class TerminalOutput:
    """Writes text to the descriptor of a file, all of it, and never raises.

    What cannot be written because the terminal is gone is dropped, and `lost` is called, once. Nothing is kept in
    a buffer that Python would try to write on its way out. A terminal that another program has made non-blocking is
    waited for.
    """

    def __init__(self, file: TextIO, lost: Callable[[], object]) -> None:
        self._raw = io.FileIO(file.fileno(), "w", closefd=False)
        self._encoding = file.encoding or "utf-8"
        self._lost = lost
        self._is_lost = False

    def write(self, text: str) -> int:
        """Write all of the text, or drop it."""
        data = memoryview(text.encode(self._encoding, "replace"))
        while data and not self._is_lost:
            try:
                written: int | None = self._raw.write(data)
                if written is None:
                    select.select([], [self._raw], [], _A_MOMENT)
            except (OSError, ValueError):
                self._is_lost = True
                self._lost()
            else:
                data = data[written or 0 :]
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""

    def isatty(self) -> bool:
        """Return whether it is a terminal, still."""
        return self._raw.isatty()

    def fileno(self) -> int:
        """Return the number of the descriptor."""
        return self._raw.fileno()

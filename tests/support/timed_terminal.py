"""A program in a pseudo-terminal whose bytes are counted and whose answers are timed, for the benchmark."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Self

from tests.support.terminal import Terminal


class TimedTerminal(Terminal):
    """What a program sends, and when. No screen is made of it: that would take the time which is measured."""

    def __enter__(self) -> Self:
        self.began = time.perf_counter()
        return super().__enter__()

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        super().__exit__()

    def _take(self, data: bytes) -> None:
        self.received += data
        self.last_read = time.perf_counter()
        if b"\x1b[?2026$p" in data:
            self.press("\x1b[?2026;2$y")

    def seconds_until(self, mark: str) -> float:
        """Read until this was sent, and return how long after the start."""
        while mark.encode() not in re.sub(rb"\x1b\[[\d;]*[A-Za-z]", b"", bytes(self.received)):
            if not self.read(20):
                raise TimeoutError(f"{self._arguments} did not show {mark!r}")
        return time.perf_counter() - self.began

    def quiet(self, seconds: float = 0.7) -> int:
        """Read until nothing came for so long, and return how many bytes came."""
        before = len(self.received)
        while self.read(seconds):
            pass
        return len(self.received) - before

    def answer(self, keys: str) -> tuple[float, int, float]:
        """Press, and return when the first byte came, in seconds, how many came in all, and when the last came."""
        self.quiet(0.3)
        before, began = len(self.received), time.perf_counter()
        self.press(keys)
        self.read(10)
        first = time.perf_counter() - began
        self.quiet()
        return first, len(self.received) - before, self.last_read - began

    def kilobytes(self, name: str) -> int:
        """Return what the system says of the process's memory: `VmHWM` is the most that it held."""
        found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0

    def seconds_used(self) -> float:
        """Return how much of a processor it has used."""
        parts = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

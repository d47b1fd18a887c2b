"""A program in a pseudo-terminal whose bytes are counted and whose answers are timed, for the benchmark."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import time
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ
from typing import Self


class Program:
    """One program in a pseudo-terminal: what it sends, and when."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self._arguments, self._environment = arguments, environment
        self.received = bytearray()

    def __enter__(self) -> Self:
        self.began = time.perf_counter()
        self.child, self.terminal = pty.fork()
        if self.child == 0:  # pragma: no cover
            told = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **self._environment}
            os.execvpe(self._arguments[0], self._arguments, told)
        ioctl(self.terminal, TIOCSWINSZ, pack("HHHH", 40, 120, 0, 0))
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.child, signal.SIGHUP)  # as when the line drops
        with contextlib.suppress(OSError):  # the terminal is gone with the program
            self.quiet(2)
        os.waitpid(self.child, 0)
        os.close(self.terminal)

    def read(self, seconds: float) -> bool:
        """Read what there is within so many seconds, and return whether there was anything."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        data = os.read(self.terminal, 65_536)
        self.received += data
        if b"\x1b[?2026$p" in data:
            os.write(self.terminal, b"\x1b[?2026;2$y")
        return True

    def until(self, mark: str) -> float:
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

    def press(self, keys: str) -> tuple[float, int]:
        """Press, and return after how many seconds the first byte came, and how many in all."""
        self.quiet(0.3)
        before, began = len(self.received), time.perf_counter()
        os.write(self.terminal, keys.encode())
        self.read(10)
        first = time.perf_counter() - began
        self.quiet()
        return first, len(self.received) - before

    def status(self, name: str) -> int:
        """Return a number that the system keeps of the process, in its own unit."""
        found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{self.child}/status").read_text(), re.MULTILINE)
        return int(found[1]) if found else 0

    def seconds_used(self) -> float:
        """Return how much of a processor it has used."""
        parts = Path(f"/proc/{self.child}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

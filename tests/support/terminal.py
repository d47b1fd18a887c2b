"""A program in a pseudo-terminal, read as a person reads it: as a screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from typing import Self

import pyte

from tests.support.cells import cells

PATIENCE = 30.0


class Terminal:
    """`with Terminal([command, ...]) as terminal`: keys in, screen out.

    One that is not `controlling` sends no signals: not at a key, and not when it goes.
    """

    def __init__(
        self,
        arguments: list[str],
        size: tuple[int, int] = (120, 40),
        *,
        controlling: bool = True,
        **environment: str,
    ) -> None:
        self._is_controlling = controlling
        self._arguments = arguments
        self._environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        self._size = size
        self._pyte = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._pyte)
        self.received = bytearray()
        self.status: int | None = None

    def __enter__(self) -> Self:
        self.pid, self._master = pty.fork()
        if self.pid == 0:  # pragma: no cover  the child becomes the program
            try:
                self._resize(0)
                if not self._is_controlling:
                    signal.signal(signal.SIGHUP, signal.SIG_IGN)
                    fcntl.ioctl(0, termios.TIOCNOTTY)
                for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
                    signal.signal(number, signal.SIG_DFL)  # who started the tests may have them ignored
                os.execvpe(self._arguments[0], self._arguments, self._environment)
            finally:
                os._exit(127)
        self._resize(self._master)
        self._line = termios.tcgetattr(self._master)
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._master >= 0:
            os.close(self._master)

    def hang_up(self) -> None:
        """Close this side: the line dropped, and nobody reads any more."""
        os.close(self._master)
        self._master = -1

    def _resize(self, descriptor: int) -> None:
        columns, lines = self._size
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        self._size = (columns, lines)
        self._pyte.resize(lines, columns)
        self._resize(self._master)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def overwrite(self, data: str) -> None:
        """Write to the terminal as another program would."""
        self._stream.feed(data.encode())

    def kill(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def text(self) -> str:
        return "\n".join(self._pyte.display)

    @property
    def cells(self) -> list[tuple[object, ...]]:
        return cells(self._pyte)

    def until(self, seen: Callable[[str], bool] | str) -> str:
        """Read until the screen shows this, and return the screen."""
        wanted = seen if callable(seen) else lambda text: seen in text
        deadline = time.monotonic() + PATIENCE
        while not wanted(self.text):
            assert time.monotonic() < deadline, f"not seen: {seen}\n{self.text}"
            self.read(0.1)
        return self.text

    def shows(self, words: str, seconds: float) -> bool:
        """Whether the screen shows this before so many seconds have passed."""
        deadline = time.monotonic() + seconds
        while words not in self.text and time.monotonic() < deadline:
            self.read(0.1)
        return words in self.text

    def look(self, seconds: float) -> None:
        """Read what comes within so many seconds."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.read(left)

    def wait(self) -> int:
        """Read until the program ends, and return its exit status (negative: the signal that ended it)."""
        deadline = time.monotonic() + PATIENCE
        while self.status is None:
            assert time.monotonic() < deadline, f"still running\n{self.text}"
            self.read(0.05)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.status = os.waitstatus_to_exitcode(status)
        while self.read(0.05):  # what it wrote last may be more than one reading takes
            pass
        return self.status

    def read(self, seconds: float) -> bool:
        """Read what there is within so many seconds, and return whether there was anything."""
        if self._master < 0:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # the other side is gone
            return False
        self._take(data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        self.received += data
        self._stream.feed(data)

    @property
    def bells(self) -> int:
        """How often the bell rang: the same byte also ends operating system commands, which are no bells."""
        return re.sub(rb"\x1b\][^\x07\x1b]*\x07", b"", bytes(self.received)).count(b"\x07")

    @property
    def kept(self) -> dict[str, object]:
        """What the program set and did not set back: modes, keyboard protocols, the line's own settings."""
        modes = {}
        for numbers, state in re.findall(rb"\x1b\[\?([\d;]+)([hl])", bytes(self.received)):
            modes |= dict.fromkeys(numbers.split(b";"), state)
        usual = {b"7": b"h", b"25": b"h"}  # lines wrap, the cursor is seen; everything else is off
        kept: dict[str, object] = {
            f"?{number.decode()}": state.decode()
            for number, state in modes.items()
            if state != usual.get(number, b"l")
        }
        pushed = len(re.findall(rb"\x1b\[>\d+u", self.received)) - len(re.findall(rb"\x1b\[<u", self.received))
        if pushed:
            kept["keyboard"] = pushed
        if termios.tcgetattr(self._master) != self._line:
            kept["line"] = termios.tcgetattr(self._master)
        return kept

    @property
    def gives_back(self) -> bool:
        """Whether the terminal is as it was before."""
        return not self.kept

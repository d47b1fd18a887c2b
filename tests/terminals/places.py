"""Where people sit: a screen session, mosh, ssh, xterm, kitty. Each takes keys and sizes, and tells what it shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Protocol

import pytest

from tests.support.terminal import Terminal

PATIENCE = 40.0
SIZE = (120, 40)

BYTES = {
    "Escape": "\x1b",
    "Return": "\r",
    "space": " ",
    "question": "?",
    "slash": "/",
    "ctrl+l": "\x0c",
    "Down": "\x1b[B",
}
"""Keys by the names that X has for them; others are themselves."""

ENVIRONMENT = {"COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}


class Place(Protocol):
    """A terminal with the program in it."""

    def press(self, key: str) -> None:
        """Press a key, by its name."""

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal as large as this."""

    def text(self) -> str:
        """Return what is shown, without colours."""

    def shown(self) -> object:
        """Return all that a person sees, to be compared with what another one shows."""


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [name for name in programs if shutil.which(name, path=path()) is None]
    return pytest.mark.skipif(bool(missing), reason=f"there is no {', '.join(missing)} here")


def path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def until(seen: Callable[[], object], what: str = "", seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"not seen: {what}"
        time.sleep(0.2)


def same(first: Place, second: Place, seen: Callable[[str], bool] | str, what: str) -> None:
    """Wait until both show this, and the same as each other, in all that a person sees."""
    shows = seen if callable(seen) else lambda text: seen in text
    deadline = time.monotonic() + PATIENCE
    while True:
        texts = first.text(), second.text()
        pair = first.shown(), second.shown()
        if all(map(shows, texts)) and pair[0] == pair[1]:
            return
        assert time.monotonic() < deadline, f"{what}: {_difference(*texts, *pair)}"
        time.sleep(0.2)


def _difference(text: str, other: str, shown: object, beside: object) -> str:
    pairs = zip_longest(text.splitlines(), other.splitlines(), fillvalue="")
    differing = [f"{one}\n{two}" for one, two in pairs if one.rstrip() != two.rstrip()]
    if differing:
        return "\n".join(["the lines differ", *differing])
    if not isinstance(shown, list) or not isinstance(beside, list) or shown == beside:
        return f"the pictures differ, or it is not seen\n{text}"
    cells = [
        f"{number}: {one}, {two}" for number, (one, two) in enumerate(zip(shown, beside, strict=True)) if one != two
    ]
    return "\n".join([f"the colours of {len(cells)} cells differ", *cells[:20]])


class InPty:
    """A program, or a client of it, in a pseudo-terminal that pyte reads."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def press(self, key: str) -> None:
        self.terminal.press(BYTES.get(key, key))

    def resize(self, columns: int, lines: int) -> None:
        self.terminal.resize(columns, lines)

    def text(self) -> str:
        while self.terminal.read(0.05):
            pass
        return self.terminal.text

    def shown(self) -> object:
        self.text()
        return self.terminal.cells


@contextmanager
def in_pty(command: list[str], folder: Path, **environment: str) -> Iterator[InPty]:
    with Terminal(command, SIZE, **(ENVIRONMENT | environment)) as terminal:
        yield InPty(terminal)


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)

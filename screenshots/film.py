"""Record the moving picture of README: the real program in a pseudo-terminal, on the demo, at a fixed moment.

`python screenshots/make.py --film` writes `film.cast`, which `asciinema play` shows, and `film.svg`, which is drawn
from it. It needs what the tests need: `pip install -e '.[test]'`.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pyte

COLUMNS, LINES = SIZE = 100, 30
NOW = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
"""Fifty minutes before the demo's large pool runs out."""

_QUIET, _QUIET_WHILE_READING = 1.0, 4.0
"""Seconds without output after which the screen is complete; some of what is read is not shown at once."""

_PATIENCE = 30.0


class Step(NamedTuple):
    """Keys that are pressed, for how many seconds what they lead to is shown, and what is said of it."""

    keys: str
    seconds: float
    words: str
    quiet: float = _QUIET


STEPS = (
    Step("", 2.6, "oai-usage-tui --demo", _QUIET_WHILE_READING),
    Step("j", 0.4, "j  a model of today"),
    Step("j", 1.6, "j  a model of today"),
    Step("3", 2.2, "3  why was it billed?"),
    Step("1", 0.6, "1  usage"),
    Step("k", 0.3, "k  today"),
    Step("k", 0.3, "k  today"),
    Step("\r", 2.2, "Enter  the hours of today"),
    Step("\x1b", 0.8, "Esc  back"),
    Step("v", 0.4, "v  another chart"),
    Step("v", 0.4, "v  another chart"),
    Step("v", 2.2, "v  how the pools fill"),
    Step("/", 0.3, "/  a filter"),
    Step("m", 0.2, "/  a filter: mini"),
    Step("i", 0.2, "/  a filter: mini"),
    Step("n", 0.2, "/  a filter: mini"),
    Step("i", 1.3, "/  a filter: mini"),
    Step("\x1b", 0.4, "Esc  back"),
    Step("4", 1.6, "4  the year", _QUIET_WHILE_READING),
    Step("2", 1.8, "2  money"),
)
"""Twenty seconds."""


def record() -> str:
    """Return the program's output as an asciicast, in which what a key leads to comes when its step begins."""
    header = {
        "version": 2,
        "width": COLUMNS,
        "height": LINES,
        "timestamp": int(NOW.timestamp()),
        "title": "oai-usage-tui --demo",
        "env": {"TERM": "xterm-256color", "SHELL": "/bin/sh"},
    }
    events: list[object] = [header]
    with tempfile.TemporaryDirectory() as home:
        pid, terminal = pty.fork()
        if pid == 0:  # the child becomes the program
            _become_the_program(home)
        try:
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            at = 0.0
            for step in STEPS:
                os.write(terminal, step.keys.encode())
                told = _until_quiet(terminal, step.quiet, "" if step.keys else "data through")
                events += [[round(at, 2), "m", step.words], [round(at, 2), "o", told]]
                at += step.seconds
            events.append([round(at, 2), "o", ""])  # so that the last step is shown as long as the others
        finally:
            os.write(terminal, b"q")
            os.close(terminal)
            os.waitpid(pid, 0)
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


def _become_the_program(home: str) -> None:
    """Run this file once more, as the program; see `_play`."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL", "PYTHONPATH"}}
    environment = kept | {"HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
    os.chdir(home)
    os.execve(sys.executable, [sys.executable, __file__], environment)  # noqa: S606  no shell is wanted


def _until_quiet(terminal: int, quiet: float, awaited: str) -> str:
    """Return what the program writes until it has no more to say, and has said what is awaited."""
    told, deadline = b"", time.monotonic() + _PATIENCE
    while select.select([terminal], [], [], quiet)[0] or awaited.encode() not in told:
        if time.monotonic() > deadline:
            raise TimeoutError(f"The program does not come to rest, or never says {awaited!r}.")
        if select.select([terminal], [], [], 0)[0]:
            told += os.read(terminal, 65_536)
    return told.decode()


class Frame(NamedTuple):
    """What the screen shows from a moment on, and what is said of it."""

    at: float
    words: str
    screen: pyte.Screen


def frames(cast: str) -> Iterator[Frame]:
    """Yield what a terminal shows that plays this cast; the screen is the same object each time."""
    screen, words = pyte.Screen(COLUMNS, LINES), ""
    stream = pyte.Stream(screen)
    for line in cast.splitlines()[1:]:
        at, kind, data = json.loads(line)
        if kind == "m":
            words = data
            continue
        stream.feed(data)
        yield Frame(at, words, screen)


def _play() -> None:
    """Be the program, on the demo; only the time is not this machine's."""
    from tui.bootstrap import sources
    from tui.cli import main

    sources.demo_clock = lambda **_: lambda: NOW  # type: ignore[assignment]
    sys.exit(main.run(["--demo"], os.environ))


def write(folder: Path) -> None:
    """Record the film and draw it."""
    from animate import animated

    cast = record()
    (folder / "film.cast").write_text(cast, encoding="utf-8")
    (folder / "film.svg").write_text(animated(frames(cast), SIZE), encoding="utf-8")


if __name__ == "__main__":
    _play()

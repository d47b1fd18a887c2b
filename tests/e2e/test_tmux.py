"""Inside tmux, what the driver that sends differences shows is what Textual's own driver shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from tests.support.cells import Seen
from tests.support.cli import COMMAND

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")

PATIENCE = 30.0

COLOURS = re.compile(r"\x1b\[[\d;]*m")

MOVES = re.compile(r"UTC|today|large|small|reset|gpt|models")
"""In lines about today, and about models, stand numbers that grow while one looks."""


class Tmux:
    """A tmux server of its own, without anybody's configuration, with the program in it."""

    def __init__(self, *arguments: str) -> None:
        self._name = f"oai-usage-test-{uuid.uuid4().hex}"
        command = shlex.join([COMMAND, "--demo", "--no-live", *arguments])
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", command)

    def _tmux(self, *arguments: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TMUX")}
        done = subprocess.run(
            ["tmux", "-L", self._name, *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def text(self, *options: str) -> str:
        return self._tmux("capture-pane", "-p", *options)

    def end(self) -> None:
        self._tmux("kill-server")


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Tmux, Tmux]]:
    """The program with each of the two drivers."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    thrifty = Tmux()
    plain = Tmux("--plain-driver")
    yield thrifty, plain
    thrifty.end()
    plain.end()


def settled(screen: str) -> list[tuple[object, ...]]:
    """What is seen of each cell, but for the clock, and for the numbers of today that grow with it."""
    seen = Seen(150, 50)
    for row, line in enumerate(screen.splitlines(), 1):
        if MOVES.search(line):
            line = "".join(COLOURS.findall(line))  # noqa: PLW2901  what follows is drawn in the last of them
        seen.feed(f"\x1b[{row};1H{line}")
    return seen.cells()


STEPS: tuple[tuple[str, Callable[[Tmux], None], Callable[[str], bool]], ...] = (
    ("the start", lambda _: None, lambda text: "· read " in text and "small ━" in text),
    ("lines further down", lambda tmux: tmux.press("G", "k", "Space"), lambda text: "▾ 11 models" in text),
    ("a dialog", lambda tmux: tmux.press("?"), lambda text: "─ Keys" in text),
    ("no dialog", lambda tmux: tmux.press("Escape"), lambda text: "─ Keys" not in text),
    (
        "fewer cells",
        lambda tmux: tmux.resize(80, 24),
        lambda text: "Enter open" in text and len(text.splitlines()) <= 24,
    ),
    ("another part", lambda tmux: tmux.press("p"), lambda text: "tokens per UTC day" in text),
    ("more cells", lambda tmux: tmux.resize(150, 50), lambda text: "▲peak" in text),
    ("drawn again", lambda tmux: tmux.press("C-l"), lambda text: "Enter open" in text),
)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_both_drivers_show_the_same_in_tmux(pair):
    for name, step, seen in STEPS:
        for tmux in pair:
            step(tmux)
        deadline, looks = time.monotonic() + PATIENCE, 0
        while not (all(seen(tmux.text()) for tmux in pair) and _same(pair)):
            assert time.monotonic() < deadline, f"{name}\n{pair[0].text()}\n{pair[1].text()}"
            time.sleep(0.3)
            looks += 1
            if looks % 20 == 0:  # one of them may have been started in the minute before
                for tmux in pair:
                    tmux.press("r")


def _same(pair: tuple[Tmux, Tmux]) -> bool:
    """Whether both show the same, and more than an empty screen. A cell that was left behind stays different."""
    thrifty, plain = [settled(tmux.text("-e", "-N")) for tmux in pair]
    return thrifty == plain and sum(str(cell[0]).isalnum() for cell in plain) > 50

"""Where people sit, what the driver that sends differences shows is what Textual's own driver shows there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from tests.terminals import demo_at, places, sessions, windows
from tests.terminals.places import Place, needs, same

Opened = Callable[[list[str], Path], AbstractContextManager[Place]]

PLACES = [
    pytest.param(places.in_pty, id="pseudo-terminal"),
    pytest.param(sessions.in_screen, id="screen", marks=needs("screen")),
    pytest.param(sessions.in_mosh, id="mosh", marks=needs("mosh-server", "mosh-client")),
    pytest.param(sessions.in_ssh, id="ssh", marks=needs("sshd", "ssh", "ssh-keygen")),
    pytest.param(windows.in_xterm, id="xterm", marks=needs("xterm", "Xvfb", "xdotool", "import")),
    pytest.param(windows.in_kitty, id="kitty", marks=needs("kitty", "Xvfb")),
]


def press(*keys: str) -> Callable[[Place], None]:
    def step(place: Place) -> None:
        for key in keys:
            place.press(key)

    return step


def size(columns: int, lines: int) -> Callable[[Place], None]:
    return lambda place: place.resize(columns, lines)


def _lines(text: str) -> int:
    return len(text.rstrip().splitlines())


STEPS: tuple[tuple[str, Callable[[Place], None], Callable[[str], bool]], ...] = (
    ("the start", press(), lambda text: "· read " in text and "small ━" in text),
    ("lines further down", press("G", "k", "space"), lambda text: "▾ 11 models" in text),
    ("a dialog", press("question"), lambda text: "─ Keys" in text),
    ("no dialog", press("Escape"), lambda text: "─ Keys" not in text and "Enter open" in text),
    ("fewer cells", size(80, 24), lambda text: "Enter open" in text and 20 < _lines(text) <= 24),
    ("another part", press("p"), lambda text: "tokens per UTC day" in text),
    ("more cells", size(150, 50), lambda text: "▲peak" in text and _lines(text) > 40),
    ("a filter", press("slash", "m", "i", "n", "i"), lambda text: "mini" in text and "nano" not in text),
    ("no filter", press("Escape"), lambda text: "nano" in text),
    ("drawn again", press("ctrl+l"), lambda text: "Enter open" in text),
)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("opened", PLACES)
def test_both_drivers_show_the_same(opened: Opened, tmp_path: Path):
    clock = tmp_path / "clock"
    demo_at.put(clock)
    with ExitStack() as stack:
        pair = [
            stack.enter_context(opened(demo_at.command(clock, "--no-live", *driver), tmp_path / name))
            for name, driver in (("own", ()), ("plain", ("--plain-driver",)))
        ]
        for name, step, seen in STEPS:
            for place in pair:
                step(place)
            same(*pair, seen, name)

"""Notifications of the terminal: escape sequences that also reach the terminal at the near end of an SSH connection.

OSC 9 is iTerm2's (https://iterm2.com/documentation-escape-codes.html), OSC 777 that of urxvt, which others took over,
and OSC 99 kitty's (https://sw.kovidgoyal.net/kitty/desktop-notifications). Inside tmux they are wrapped, so that it
passes them on (its FAQ, "the passthrough escape sequence"); it does so where `allow-passthrough` is on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from tui import PROGRAM
from tui.domain import sanitize

AUTO, OFF = "auto", "off"

_BY_NAME = {
    "iterm2": "osc9",
    "ghostty": "osc777",
    "wezterm": "osc777",
    "foot": "osc777",
    "konsole": "osc777",
    "vte": "osc777",
    "rxvt": "osc777",
    "kitty": "osc99",
}
"""What terminals understand, by how the name begins that they answer with (XTVERSION)."""

_BY_VARIABLE = (
    ("TERM", "xterm-kitty", "osc99"),
    ("TERM", "xterm-ghostty", "osc777"),
    ("TERM", "foot", "osc777"),
    ("TERM", "rxvt-unicode", "osc777"),
    ("LC_TERMINAL", "iTerm2", "osc9"),
    ("TERM_PROGRAM", "iTerm", "osc9"),
    ("TERM_PROGRAM", "WezTerm", "osc777"),
    ("TERM_PROGRAM", "ghostty", "osc777"),
)
"""What a terminal that does not answer is told by: of a variable, how its value begins."""

_LONGEST = 200
"""Cells of a notification; terminals show fewer."""


def protocol(name: str, environment: Mapping[str, str]) -> str | None:
    """Return what the terminal understands that calls itself so, or that the environment names; None for nothing."""
    for begin, understood in _BY_NAME.items():
        if name.lower().startswith(begin):
            return understood
    for variable, begin, understood in _BY_VARIABLE:
        if environment.get(variable, "").startswith(begin):
            return understood
    return None


def sequence(understood: str, words: str, *, in_tmux: bool = False) -> str:
    """Return what makes the terminal show these words, under the name of the program."""
    words = sanitize.truncate(sanitize.clean(words), _LONGEST)
    written = {
        "osc9": f"\x1b]9;{PROGRAM}: {words}\x07",  # it must not begin with a figure, which is ConEmu's
        "osc777": f"\x1b]777;notify;{PROGRAM};{words.replace(';', ',')}\x07",
        "osc99": f"\x1b]99;d=0:i={PROGRAM};{PROGRAM}\x1b\\\x1b]99;d=1:i={PROGRAM}:p=body;{words}\x1b\\",
    }[understood]
    return "\x1bPtmux;" + written.replace("\x1b", "\x1b\x1b") + "\x1b\\" if in_tmux else written


class Notifications:
    """Finds out once how the terminal is told, as it says itself, or as the user `wanted` it.

    `outer` asks tmux for the name of the terminal that it runs in, None where it passes nothing on; it may take its
    time.
    """

    def __init__(
        self,
        wanted: str = OFF,
        environment: Mapping[str, str] | None = None,
        outer: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._wanted, self._environment, self._outer = wanted, environment or {}, outer
        self._in_tmux = bool(self._environment.get("TMUX"))

    async def sequence(self, words: str, name: str) -> str | None:
        """Return what shows these words in the terminal that calls itself so; None where it cannot."""
        understood: str | None = self._wanted
        if self._wanted == OFF:
            return None
        if self._wanted == AUTO and self._in_tmux:
            outer = await asyncio.to_thread(self._outer)  # each time: the user may look from elsewhere now
            understood = None if outer is None else protocol(outer, {})
        elif self._wanted == AUTO:
            understood = protocol(name, self._environment)
        return None if understood is None else sequence(understood, words, in_tmux=self._in_tmux)

"""What the terminal can do, as far as it can be told; and what stands between, like tmux."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from tui.commands.doctor import Finding, State
from tui.errors import BadSettings
from tui.system import gnu_screen

TERMINAL, SIZE, COLOURS, UTF_8 = "terminal", "terminal size", "colours", "UTF-8"
WIDTHS, SYNCHRONISED, CLIPBOARD = "character widths", "synchronised output", "clipboard"
_DRAWN = "●█"
"""Characters of the drawing that East Asian settings draw in two cells."""

LEAST = (60, 15)
"""Columns and lines that the dashboard needs."""

_NO_TERMINAL = "not a terminal"
_COLOURS = {"truecolor": "16.7 million", "256": "256", "standard": "16"}


def findings(environment: Mapping[str, str], *, is_ascii: bool) -> list[Finding]:
    """Return the terminal, its size, colours, UTF-8, widths, synchronised output and the clipboard, in this order."""
    return [
        _terminal(environment),
        _size(),
        _colours(environment),
        _utf_8(is_ascii=is_ascii),
        _widths(is_ascii=is_ascii),
        _synchronised(),
        _clipboard(environment),
    ]


def _terminal(environment: Mapping[str, str]) -> Finding:
    term = environment.get("TERM", "")
    between = {"tmux": "TMUX", "screen": "STY"}
    inside = "".join(f", in {name}" for name, variable in between.items() if environment.get(variable))
    over = ", over SSH" if environment.get("SSH_CONNECTION") else ""
    words = f"TERM is {term or 'not set'}{inside}{over}"
    if not sys.stderr.isatty():
        return Finding(TERMINAL, State.SKIP, f"the output is {_NO_TERMINAL}; {words}")
    if term in {"", "dumb"}:
        advice = "The dashboard needs more: start it in another terminal, or print the data: oai-usage-tui export"
        return Finding(TERMINAL, State.FAIL, words, advice, BadSettings.exit_status)
    if not sys.stdin.isatty():
        advice = "The dashboard needs one for its input as well."
        return Finding(TERMINAL, State.WARN, f"the input is {_NO_TERMINAL}; {words}", advice)
    return Finding(TERMINAL, State.OK, words)


def _size() -> Finding:
    if not sys.stderr.isatty():  # on which the dashboard is drawn; a report may go into a file
        return Finding(SIZE, State.SKIP, _NO_TERMINAL)
    columns, lines = os.get_terminal_size(sys.stderr.fileno())
    words = f"{columns} columns, {lines} lines"
    if columns < LEAST[0] or lines < LEAST[1]:
        return Finding(SIZE, State.WARN, words, f"The dashboard needs {LEAST[0]} columns and {LEAST[1]} lines.")
    return Finding(SIZE, State.OK, words)


def _colours(environment: Mapping[str, str]) -> Finding:
    from rich.console import Console

    if environment.get("NO_COLOR"):
        return Finding(COLOURS, State.OK, "none, since NO_COLOR is set")
    told = dict(environment)
    gnu_screen.forget_true_colour(told)
    system = Console(force_terminal=True, _environ=told).color_system  # as the dashboard finds out
    words = _COLOURS.get(system or "", "none")
    if not sys.stderr.isatty():
        return Finding(COLOURS, State.SKIP, f"{_NO_TERMINAL}; TERM and COLORTERM tell of {words}")
    if system == "truecolor":
        return Finding(COLOURS, State.OK, words)
    advice = "Where the terminal can show more: export COLORTERM=truecolor"
    return Finding(COLOURS, State.OK if system == "256" else State.WARN, words, advice)


def _utf_8(*, is_ascii: bool) -> Finding:
    encoding = sys.stdout.encoding
    if encoding.lower().replace("-", "") == "utf8":
        return Finding(UTF_8, State.OK, "as the locale says")
    words = f"the locale says {encoding}"
    if is_ascii:
        return Finding(UTF_8, State.OK, f"{words}, and `ascii` is set")
    advice = "Set a UTF-8 locale (export LANG=C.UTF-8), or draw without it: --ascii, or `ascii = true`."
    if not sys.stderr.isatty():
        return Finding(UTF_8, State.SKIP, f"{_NO_TERMINAL}; {words}")
    if not sys.stdout.isatty():
        return Finding(UTF_8, State.WARN, words, advice)
    return Finding(UTF_8, State.FAIL, f"{words}, and the dashboard needs UTF-8", advice, BadSettings.exit_status)


def _widths(*, is_ascii: bool) -> Finding:
    from tui.doctor import terminal_query

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return Finding(WIDTHS, State.SKIP, _NO_TERMINAL)
    if is_ascii:
        return Finding(WIDTHS, State.OK, "`ascii` is set, so nothing rests on them")
    if sys.stderr.encoding.lower().replace("-", "") != "utf8":
        return Finding(WIDTHS, State.SKIP, "the locale is not UTF-8")
    cells = terminal_query.cells_of(_DRAWN)
    if cells is None:
        return Finding(WIDTHS, State.SKIP, "the terminal did not say", "Where figures are overwritten: --ascii.")
    if cells == len(_DRAWN):
        return Finding(WIDTHS, State.OK, f"{' and '.join(_DRAWN)} take one cell each")
    advice = "The dashboard draws in ASCII there. The terminal may have a setting for ambiguous characters: narrow."
    return Finding(WIDTHS, State.WARN, f"{' and '.join(_DRAWN)} take {cells} cells together", advice)


def _synchronised() -> Finding:
    from tui.doctor import terminal_query

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return Finding(SYNCHRONISED, State.SKIP, _NO_TERMINAL)
    answer = terminal_query.mode(terminal_query.SYNCHRONISED)
    if answer is None:
        words = "the terminal did not say (screen, mosh and older ones do not)"
        return Finding(SYNCHRONISED, State.SKIP, words, "Nothing to do: all works without, frames may flicker.")
    if answer in terminal_query.KNOWN:
        return Finding(SYNCHRONISED, State.OK, "the terminal has it")
    return Finding(SYNCHRONISED, State.OK, "the terminal does not have it: all works, frames may flicker")


def _clipboard(environment: Mapping[str, str]) -> Finding:
    if not sys.stderr.isatty():
        return Finding(CLIPBOARD, State.SKIP, _NO_TERMINAL)
    if environment.get("STY"):
        return Finding(
            CLIPBOARD, State.WARN, "screen does not pass OSC 52 on", "To copy a line, use tmux, or neither."
        )
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        advice = "To copy a line, use another terminal."
        return Finding(CLIPBOARD, State.WARN, "this terminal does not take OSC 52", advice)
    words = "no terminal tells whether it takes what is copied (OSC 52)"
    if environment.get("TMUX"):
        return Finding(
            CLIPBOARD, State.SKIP, f"{words}, and tmux must pass it on", "In tmux: set -g set-clipboard on"
        )
    advice = "Press y in the dashboard and paste elsewhere. Some have a setting for it; mosh has it from 1.4 on."
    return Finding(CLIPBOARD, State.SKIP, words, advice)

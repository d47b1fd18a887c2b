"""The terminal that the dashboard is to be seen in: whether it can be, and what has to be put right for that."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from tui.config.settings import ScreenSettings
from tui.errors import BadSettings
from tui.system import gnu_screen


def prepare(screen: ScreenSettings) -> None:
    """Refuse to draw where that cannot be seen, and let Textual see what holds.

    Raises:
        BadSettings: with what to do instead.
    """
    if screen.terminal == "dumb" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadSettings(
            "The dashboard needs a terminal for input, output and messages, and TERM must not be dumb.",
            "To print the data instead: oai-usage-tui export",
        )
    _measure()
    if not screen.ascii and sys.stdout.encoding.lower().replace("-", "") != "utf8":
        raise BadSettings(
            f"The dashboard draws with characters that {sys.stdout.encoding} does not have.",
            "Set a UTF-8 locale (LANG=C.UTF-8), draw without them (--ascii), or print the data instead: "
            "oai-usage-tui export",
        )
    if screen.colours:
        os.environ.pop("NO_COLOR", None)  # an empty one says nothing, for Textual too
    gnu_screen.forget_true_colour(os.environ)


def _measure() -> None:
    """Let the terminal's own size hold where it has one, and not what was exported once, as by `resize`."""
    with suppress(OSError, ValueError):
        columns, lines = os.get_terminal_size(sys.stderr.fileno())
        if columns and lines:
            os.environ.pop("COLUMNS", None)
            os.environ.pop("LINES", None)


def takes_mouse(screen: ScreenSettings) -> bool:
    """Return whether the mouse is asked for, if it is wanted: not in GNU screen."""
    return screen.mouse and not gnu_screen.is_around(os.environ)

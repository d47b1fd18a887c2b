"""What an action is, and how its keys are written for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.keys import format_key

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen

MOVE, LOOK, DATA, TAKE, PROGRAM = "Move", "Look", "Data", "Take away", "Program"
"""What actions are for, in the order of help."""

NAMES = {
    "escape": "Esc",
    "tab": "Tab",
    "space": "Space",
    "enter": "Enter",
    "backspace": "Backspace",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}
"""How keys are written for people whose names Textual writes otherwise."""


def key_name(key: str) -> str:
    """Return how a key is written for people: `PgUp`, `Ctrl+C`, `?`."""
    *modifiers, name = key.split("+")
    shown = NAMES.get(name) or format_key(name)
    if len(shown) > 1 or modifiers:
        shown = shown[0].upper() + shown[1:]
    return "+".join([*(each.capitalize() for each in modifiers), shown])


@dataclass(frozen=True, slots=True)
class Action:
    """What keys do: `run` is done with the main screen. Of `keys`, the first is shown.

    `name` is what the setting `[keys]` knows it by, `help` is for help and palette. `of_table`
    says that it changes what the table shows, and is of no use where that is not seen.
    """

    name: str
    keys: tuple[str, ...]
    help: str
    group: str
    run: Callable[[DashboardScreen], None]
    of_table: bool = False

    @property
    def key(self) -> str:
        """How its first key is written; nothing where the user gave its keys to others."""
        return key_name(self.keys[0]) if self.keys else ""

    @property
    def number(self) -> str:
        """How the digit among its keys is written, or else its first key."""
        return next((key for key in self.all_keys if key.isdigit()), self.key)

    @property
    def all_keys(self) -> list[str]:
        """How its keys are written."""
        return [key_name(key) for key in self.keys]

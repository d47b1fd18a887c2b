"""All keys, by what they are for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui.ui import theme
from tui.ui.actions import bindings, by_group
from tui.ui.actions.action import Action
from tui.ui.dialogs.text import TextBox, TextDialog

_SIGNS = (
    ("● ○ ·", "models of the large pool, of the small pool, of no pool"),
    ("▾ ▸", "a day whose models are shown, folded away"),
    ("▲", "the largest day of a sparkline, which begins at zero"),
)


class HelpDialog(TextDialog):
    """The keys, drawn from the same list as the footer and the palette."""

    BINDINGS: ClassVar[list[BindingType]] = bindings({"help": "dismiss"})

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = actions

    def compose(self) -> ComposeResult:
        """Lay out one scrollable box."""
        with TextBox(id="help") as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes"
            yield Static(_words(self._actions))


def _words(actions: Sequence[Action]) -> Content:
    words = Content()
    for group, serving in by_group(actions).items():
        words = words.append_text(f"{group}\n", "bold")
        for action in serving:
            words = words.append_text(f"  {'  '.join(action.all_keys):<13} ", "bold").append_text(f"{action.help}\n")
        words = words.append_text("\n")
    words = words.append_text("Signs\n", "bold")
    for signs, meaning in _SIGNS:
        words = words.append_text(f"  {signs:<14}", "bold").append_text(f"{meaning}\n")
    return words.append_text("\nA day is a UTC day, and so are the free pools: both turn at 00:00 UTC.", theme.MUTED)

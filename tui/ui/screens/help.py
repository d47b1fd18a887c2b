"""All keys, by what they are for."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.ui import actions, theme

_SIGNS = (
    ("● ○ ·", "models of the large pool, of the small pool, of no pool"),
    ("▾ ▸", "a day whose models are shown, folded away"),
    ("▲", "the largest day of a sparkline, which begins at zero"),
)


class HelpScreen(ModalScreen[None]):
    """The keys, drawn from the same list as the footer and the palette."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,f1", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """Lay out one scrollable box."""
        with VerticalScroll(id="help") as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes"
            yield Static(_words())


def _words() -> Text:
    words = Text()
    for task, commands in actions.by_task().items():
        words.append(f"{task}\n", f"bold {theme.INPUT}")
        for command in commands:
            keys = "  ".join(actions.key_name(key) for key in command.keys)
            words.append(f"  {keys:<14}", "bold").append(f"{command.words}\n")
        words.append("\n")
    words.append("Signs\n", f"bold {theme.INPUT}")
    for signs, meaning in _SIGNS:
        words.append(f"  {signs:<14}", "bold").append(f"{meaning}\n")
    words.append("\nA day is a UTC day, and so are the free pools: both turn at 00:00 UTC.", theme.QUIET)
    return words

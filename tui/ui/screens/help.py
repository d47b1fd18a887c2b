"""All keys, by what they are for."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.ui import actions, theme
from tui.ui.actions import Command
from tui.ui.screens.answer import AnswerBox, AnswerScreen

_SIGNS = (
    ("● ○ ·", "models of the large pool, of the small pool, of no pool"),
    ("▾ ▸", "a day whose models are shown, folded away"),
    ("▲", "the largest day of a sparkline, which begins at zero"),
)


class HelpScreen(AnswerScreen):
    """The keys, drawn from the same list as the footer and the palette."""

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__(next(command.keys for command in commands if command.name == "help"))
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Lay out one scrollable box."""
        with AnswerBox(id="help") as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes"
            yield Static(_words(self._commands))


def _words(commands: Sequence[Command]) -> Content:
    words = Content()
    for task, serving in actions.by_task(commands).items():
        words = words.append_text(f"{task}\n", f"bold {theme.INPUT}")
        for command in serving:
            words = words.append_text(f"  {'  '.join(command.all_keys):<13} ", "bold").append_text(
                f"{command.words}\n"
            )
        words = words.append_text("\n")
    words = words.append_text("Signs\n", f"bold {theme.INPUT}")
    for signs, meaning in _SIGNS:
        words = words.append_text(f"  {signs:<14}", "bold").append_text(f"{meaning}\n")
    return words.append_text("\nA day is a UTC day, and so are the free pools: both turn at 00:00 UTC.", theme.MUTED)

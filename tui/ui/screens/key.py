"""What stands in the place of data while there is no key."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from tui.domain import text
from tui.ui import theme
from tui.ui.widgets.keys_line import KeysLine

_STEPS = """\
1  Open platform.openai.com/settings/organization/admin-keys
   as an owner of the organization, and make an admin key.
   The scope api.usage.read is enough for this program.

2  Give it to this program, in one of two ways:

     export OPENAI_ADMIN_KEY=sk-admin-…

   or a command that prints it, in {config}:

     admin_key_command = ["pass", "show", "openai/admin"]

3  Start oai-usage-tui again.

The key is only sent to the API. It is never stored, shown or logged.
"""


class KeyScreen(Screen[None]):
    """Says what is wrong with the key, how to make one, and how to look around without."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,escape", "leave", "Quit", key_display="q")]

    def __init__(self, problem: str, config: str) -> None:
        super().__init__()
        self._problem, self._config = problem, config

    def compose(self) -> ComposeResult:
        """Lay out one box."""
        words = Text(text.inert(self._problem) + "\n\n", f"bold {theme.WARNING}")
        words.append(_STEPS.format(config=text.inert(self._config)), theme.DARK.foreground or "")
        words.append("\nTo look around without a key: ", theme.QUIET).append("oai-usage-tui --demo", "bold")
        with VerticalScroll(id="key") as box:
            box.border_title = "An admin key is needed"
            yield Static(words)
        yield KeysLine()

    def action_leave(self) -> None:
        """End the program."""
        self.app.exit()

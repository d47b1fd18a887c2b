"""What stands in the place of data while there is no key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.domain import text
from tui.ui import actions, theme
from tui.ui.actions import Command
from tui.ui.screens.dialog import picture_binding, save_picture
from tui.ui.widgets.keys_line import KeysLine

_STEPS = """\
An admin key reads the usage of a whole organization. Project keys
(sk-proj-…) cannot. Only an owner of the organization can make one.

1  Make one at platform.openai.com/settings/organization/admin-keys
   api.usage.read       is enough for all that is counted
   api.management.read  adds the names of projects, users and keys

2  Hand it over, in one of two ways:
   export OPENAI_ADMIN_KEY=sk-admin-…
   admin_key_command = ["pass", "show", "openai/admin"]
   in {config}

3  Start again. What does not work is found by: oai-usage-tui doctor

The key is only sent to the API; it is never stored, shown or logged.
"""


class KeyScreen(Screen[None]):
    """Says what is wrong with the key, how to make one, and how to look around without."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "demo", "Look at the demo"),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, problem: str, config: str, commands: Sequence[Command]) -> None:
        super().__init__()
        leave = actions.bindings(command for command in commands if command.name == "leave")
        own = [each for each in (*leave, *picture_binding(commands)) if each.key != "d"]
        self._bindings = BindingsMap([*own, *self.BINDINGS])
        self._problem, self._config = problem, config

    def compose(self) -> ComposeResult:
        """Lay out one box."""
        words = Content.styled(text.inert(self._problem) + "\n\n", f"bold {theme.WARNING}")
        words = words.append_text(_STEPS.format(config=text.inert(self._config)), f"not bold {theme.MUTED}")
        words = words.append_text("d", f"bold {theme.INPUT}").append_text(
            " shows the demo, without a key.", theme.MUTED
        )
        with VerticalScroll(id="key") as box:
            box.border_title = "An admin key is needed"
            yield Static(words)
        yield KeysLine()

    def action_demo(self) -> None:
        """Show the demo in the place of this."""
        self.app.exit("demo")

    def action_picture(self) -> None:
        """Save the screen as it is as a picture."""
        save_picture(self)

    def action_leave(self) -> None:
        """End the program."""
        self.app.exit()

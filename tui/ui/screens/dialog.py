"""What stands over the main screen: its keys do here what they do there, as far as that makes sense."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, TypeVar

from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widget import Widget

from tui.ui import exporting
from tui.ui.actions import COMMANDS, Command

Result = TypeVar("Result")


class Dialog(ModalScreen[Result | None]):
    """Takes the user's own keys for the commands that it has; keys that it declares itself come before these."""

    COMMANDS_HERE: ClassVar[Mapping[str, str]] = {"picture": "picture"}
    """By the name of a command, the action that its keys run here."""

    def on_mount(self) -> None:
        """Take the keys."""
        for command in commands_of(self):
            action = self.COMMANDS_HERE.get(command.name)
            free = [key for key in command.keys if key not in self._bindings.key_to_bindings]
            if action is not None and free:
                self._bindings.bind(",".join(free), action, show=False)

    def action_picture(self) -> None:
        """Save the screen as it is as a picture."""
        save_picture(self)


def save_picture(screen: Widget) -> None:
    """Save the screen as it is as a picture, and say where."""
    exporting.save(screen, getattr(screen.app, "save", None), ".svg", screen.app.export_screenshot)


def commands_of(screen: Widget) -> Iterable[Command]:
    """Return the commands with the user's keys."""
    return getattr(screen.app, "commands", COMMANDS)


def picture_binding(commands: Iterable[Command]) -> list[Binding]:
    """Return the key that saves a picture."""
    return [
        Binding(",".join(command.keys), "picture", show=False) for command in commands if command.name == "picture"
    ]

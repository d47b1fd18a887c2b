"""The application: which screen stands, and how the program ends."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.session.run import Run
from tui.ui import actions, theme
from tui.ui.screens.key import KeyScreen
from tui.ui.screens.main import MainScreen

_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")


class UsageApp(App[None]):
    """The dashboard of one run, or, without one, what is missing for it."""

    TITLE = "oai-usage-tui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", show=False, system=True)]
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(self, run: Run | None, problem: str = "", config: str = "config.toml") -> None:
        super().__init__()
        self._first = KeyScreen(problem, config) if run is None else MainScreen(run)
        self.register_theme(theme.DARK)
        self.theme = theme.DARK.name

    def get_default_screen(self) -> Screen[None]:
        """Return the screen to begin with."""
        return self._first

    def on_mount(self) -> None:
        """Give the terminal back when told to end from outside."""
        loop = asyncio.get_running_loop()
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            with suppress(NotImplementedError, RuntimeError, ValueError):
                # Windows has no such handlers, and only the main thread may set them.
                if number is not None:
                    loop.add_signal_handler(number, partial(self._told_to_end, number))

    def _told_to_end(self, number: int) -> None:
        self.exit(return_code=128 + number)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the palette's commands: those that the screen can do."""
        for command in actions.COMMANDS:
            action = getattr(screen, f"action_{command.name}", None)
            if action is not None:
                keys = ", ".join(actions.key_name(key) for key in command.keys)
                yield SystemCommand(command.words, f"Key: {keys}", action)

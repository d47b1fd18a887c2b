"""Textual's own list of commands, which can be closed once."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.widgets import Input


class Palette(CommandPalette):
    """Finds a command by its name, and does it once."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it, once: a second Enter or Esc that was on its way already would close the screen under it."""
        self.disable_messages(Input.Submitted)
        return super().dismiss(result) if self.is_active else AwaitComplete()

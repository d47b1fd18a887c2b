"""Textual's own list of commands, which can be closed once."""

from __future__ import annotations

from textual import on
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.message import Message
from textual.widgets import Input, OptionList


class Palette(CommandPalette):
    """Finds a command by its name, and does it once."""

    @on(Input.Changed)
    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _leave(self, event: Message) -> None:
        """Let nothing follow from what was typed before it was closed, and arrives now."""
        if not self.is_active:
            event.prevent_default()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it, once: a second Enter or Esc that was on its way already would close the screen under it."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

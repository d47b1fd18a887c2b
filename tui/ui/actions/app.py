"""The keys of the program itself: help, the palette, the way out."""

from __future__ import annotations

from collections.abc import Mapping

from textual.screen import Screen

from tui.ui.actions import Command


class ProgramScreen(Screen[None]):
    """A screen with the program's own commands."""

    commands: Mapping[str, Command]
    """What keys do here, by the names of actions."""

    def action_help(self) -> None:
        """Show all keys."""
        from tui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(tuple(self.commands.values())))

    def action_repaint(self) -> None:
        """Draw everything again."""
        repaint = getattr(self.app, "action_repaint", None)
        if repaint is not None:
            repaint()

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.app.action_command_palette()

    def action_suspend(self) -> None:
        """Stop the program for a while."""
        self.app.action_suspend_process()

    def action_leave(self) -> None:
        """End the program."""
        self.app.exit()
